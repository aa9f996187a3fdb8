#include "courier/letter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/catalog.h"
#include "base/finding.h"
#include "base/moment.h"
#include "base/text.h"
#include "courier/settings.h"
#include "courier/template.h"
#include "courier/wording.h"
#include "wire/house.h"

static const char *const text_names[] = {
	"code", "organisation", "minutes", "host", "time", "desk", NULL
};

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

static const char *
text_in(const struct catalog *catalog, const char *english)
{
	return catalog == NULL ? english : catalog_text(catalog, english);
}

/* One language, and what the settings call it. */
struct checking {
	const struct catalog	*catalog;
	const char		*lang, *setting;
};

static void
check_text(const char *english, void *ctx)
{
	const struct checking *c = ctx;
	const char *text = text_in(c->catalog, english);
	char stranger[SLOT_NAME_LONGEST + 1];
	bool brings = template_holds(english, "code");

	if (template_stranger(text, text_names, stranger))
		finding_fault(c->setting, "the text of the message in \"%s\" holds {%s}, which is "
		    "none of {code} {organisation} {minutes} {host} {time} {desk}", c->lang,
		    stranger);
	if (template_holds(text, "code") != brings)
		finding_fault(c->setting, "the text of the message in \"%s\" %s {code}", c->lang,
		    brings ? "does not hold" : "may not hold");
}

void
letter_prepare(void)
{
	struct catalog *new[LANGUAGES_MOST] = { NULL };
	int before = finding_faults();
	char setting[64];

	if (!text_plain(house.organisation))
		finding_fault("organisation", "holds control characters or is not UTF-8; "
		    "it stands in text messages");
	for (size_t i = 0; i < settings.n_languages; i++) {
		load_language(&new[i], i);
		snprintf(setting, sizeof setting, "courier.languages[%zu]", i);
		wording_each(check_text, &(struct checking){ new[i], settings.languages[i], setting });
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

/* By the house's clock, to the minute. */
static void
write_time(const struct catalog *catalog, int64_t at, struct draft *d)
{
	time_t time = (time_t)at;
	struct tm tm = { 0 };
	char day[12], clock[16];

	localtime_r(&time, &tm);
	snprintf(day, sizeof day, "%d", tm.tm_mday);
	snprintf(clock, sizeof clock, "%02d:%02d", tm.tm_hour, tm.tm_min);
	template_fill(d, text_in(catalog, moment_form), (struct slot[]){
	    { "weekday", text_in(catalog, moment_weekdays[tm.tm_wday]) }, { "day", day },
	    { "month", text_in(catalog, moment_months[tm.tm_mon]) }, { "clock", clock },
	    { NULL, NULL } }, ESCAPE_NONE);
}

static const char *
desk(const struct catalog *catalog)
{
	const struct courier_desk *d = &courier_portal.desk;

	return d->phone[0] != '\0' ? d->phone : d->mail[0] != '\0' ? d->mail :
	    text_in(catalog, wording_desk);
}

static int
fill(struct draft *d, const struct catalog *catalog, const char *english, const struct slot *slots)
{
	return template_fill(d, text_in(catalog, english), slots, ESCAPE_NONE);
}

static int
write_mail(struct letter *l, struct draft *d, const struct catalog *catalog,
    const struct wording *w, const struct slot *slots)
{
	const char *below = w->brings_code ? wording_below_code : wording_below_notice;

	if (fill(d, catalog, w->subject, slots) == -1 || d->len > SUBJECT_LONGEST)
		return -1;
	memcpy(l->subject, d->text, d->len + 1);
	draft_wipe(d);
	return fill(d, catalog, w->mail, slots) == -1 ||
	    template_fill(d, "\n\n", slots, ESCAPE_NONE) == -1 ||
	    fill(d, catalog, below, slots) == -1 ? -1 : 0;
}

int
letter_write(struct letter *l, const struct msg_send *m)
{
	char minutes[12], host[sizeof house.public_url];
	struct draft time;
	size_t lang = find_language(m->lang);
	const struct catalog *catalog = catalogs[lang];
	const struct wording *w = &wording[m->template];
	const struct slot slots[] = {
		{ "code", m->code.text }, { "organisation", house.organisation },
		{ "minutes", minutes }, { "host", host }, { "time", time.text },
		{ "desk", desk(catalog) }, { NULL, NULL },
	};
	struct draft d = { .len = 0 };
	int r = -1;

	time.len = 0;
	time.text[0] = '\0';
	snprintf(minutes, sizeof minutes, "%u", (unsigned int)m->minutes);
	public_host(host, sizeof host);
	write_time(catalog, m->at, &time);
	snprintf(l->lang, sizeof l->lang, "%s", settings.languages[lang]);
	if ((m->channel == CHANNEL_MAIL ? write_mail(l, &d, catalog, w, slots) :
	    fill(&d, catalog, w->sms, slots)) == 0 && secret_set(&l->text, d.text, d.len) == 0)
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
