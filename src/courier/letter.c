#include "courier/letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/catalog.h"
#include "base/finding.h"
#include "base/text.h"
#include "courier/settings.h"
#include "courier/template.h"
#include "courier/wording.h"
#include "wire/house.h"

static const char *const text_names[] = { "code", "organisation", "minutes", "host", NULL };

static struct catalog *catalogs[LANGUAGES_MOST];	/* NULL: English as it is written */

/* ---- The texts ------------------------------------------------------------------ */

static void
load_language(struct catalog **catalog, size_t i)
{
	char path[512], why[512], setting[64];

	snprintf(setting, sizeof setting, "courier.languages[%zu]", i);
	snprintf(path, sizeof path, "%s/locale/%s.mo", settings.share, settings.languages[i]);
	/* What is written here is English already. */
	if (strcmp(settings.languages[i], "en") == 0 && access(path, F_OK) == -1)
		return;
	if ((*catalog = catalog_load(path, why, sizeof why)) == NULL)
		finding_fault(setting, "%s", why);
}

static void
check_text(size_t i, const char *text)
{
	char stranger[SLOT_NAME_LONGEST + 1], setting[64];

	snprintf(setting, sizeof setting, "courier.languages[%zu]", i);
	if (template_stranger(text, text_names, stranger))
		finding_fault(setting, "the text of the message in \"%s\" holds {%s}, which is "
		    "none of {code} {organisation} {minutes} {host}", settings.languages[i],
		    stranger);
	if (!template_holds(text, "code"))
		finding_fault(setting, "the text of the message in \"%s\" does not hold {code}",
		    settings.languages[i]);
}

static const char *
text_in(const struct catalog *catalog, enum text_template which)
{
	return catalog == NULL ? wording[which] : catalog_text(catalog, wording[which]);
}

void
letter_prepare(void)
{
	struct catalog *new[LANGUAGES_MOST] = { NULL };
	int before = finding_faults();

	if (!text_plain(house.organisation))
		finding_fault("organisation", "holds control characters or is not UTF-8; "
		    "it stands in text messages");
	for (size_t i = 0; i < settings.n_languages; i++) {
		load_language(&new[i], i);
		for (int which = 0; which < TEXT__COUNT; which++)
			check_text(i, text_in(new[i], (enum text_template)which));
	}
	if (finding_faults() == before) {
		letter_forget();
		memcpy(catalogs, new, sizeof catalogs);
		return;
	}
	for (size_t i = 0; i < LANGUAGES_MOST; i++)
		catalog_free(new[i]);
}

void
letter_forget(void)
{
	for (size_t i = 0; i < LANGUAGES_MOST; i++) {
		catalog_free(catalogs[i]);
		catalogs[i] = NULL;
	}
}

/* ---- Writing --------------------------------------------------------------------- */

/* The first language is for people whose own we do not have. */
static size_t
find_language(const char *lang)
{
	for (size_t i = 0; i < settings.n_languages; i++)
		if (strcmp(settings.languages[i], lang) == 0)
			return i;
	return 0;
}

/* The host of the address that people open: that is what browsers compare. */
static void
public_host(char *host, size_t size)
{
	const char *start = strstr(house.public_url, "://");

	start = start == NULL ? house.public_url : start + 3;
	snprintf(host, size, "%.*s", (int)strcspn(start, ":/"), start);
}

int
letter_write(struct letter *l, const struct msg_send *m)
{
	char minutes[12], host[sizeof house.public_url];
	const struct slot slots[] = {
		{ "code", m->code.text }, { "organisation", house.organisation },
		{ "minutes", minutes }, { "host", host }, { NULL, NULL },
	};
	struct draft d = { .len = 0 };
	int r = -1;

	snprintf(minutes, sizeof minutes, "%u", (unsigned int)m->minutes);
	public_host(host, sizeof host);
	if (template_fill(&d, text_in(catalogs[find_language(m->lang)], m->template), slots,
	    ESCAPE_NONE) == 0 && secret_set(&l->text, d.text, d.len) == 0)
		r = secret_set(&l->to, m->address, strlen(m->address));
	draft_wipe(&d);
	return r;
}

void
letter_wipe(struct letter *l)
{
	secret_wipe(&l->to);
	secret_wipe(&l->text);
}

bool
letter_is_gsm(const char *text)
{
	/* GSM 03.38, basic table and extension, beyond ASCII; of ASCII only ` is missing. */
	static const char beyond[] = "£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€";
	char one[5];
	size_t len;

	for (const char *p = text; *p != '\0'; p += len) {
		unsigned char c = (unsigned char)*p;

		len = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
		len = strnlen(p, len);
		memcpy(one, p, len);
		one[len] = '\0';
		if (c == '`' || (c < 0x20 && c != '\n' && c != '\r') || c == 0x7f ||
		    (c >= 0x80 && strstr(beyond, one) == NULL))
			return false;
	}
	return true;
}
