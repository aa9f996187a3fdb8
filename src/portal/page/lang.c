#include "portal/page/lang.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/finding.h"
#include "base/log.h"
#include "portal/settings.h"

struct langs {
	unsigned int	holders;	/* ${now} is one */
	size_t		n;
	struct lang	lang[LANGUAGES_MOST];
};

static struct langs *now;

static int
load(struct lang *l, size_t place)
{
	char path[512], why[768], name[64];

	snprintf(name, sizeof name, "portal.languages[%zu]", place);
	/* The tag becomes part of a path. */
	for (const char *p = l->tag; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '_') {
			finding_fault(name, "\"%s\" is not the tag of a language, such as nl", l->tag);
			return -1;
		}
	snprintf(path, sizeof path, "%s/locale/%s.mo", settings.share, l->tag);
	if ((l->catalog = catalog_load(path, why, sizeof why)) == NULL) {
		finding_fault(name, "%s", why);
		return -1;
	}
	return 0;
}

int
lang_start(void)
{
	struct langs *l = calloc(1, sizeof *l);
	int r = 0;

	if (l == NULL)
		fatalx("no memory for the languages");
	l->holders = 1;
	for (; l->n < settings.n_languages; l->n++) {
		memcpy(l->lang[l->n].tag, settings.languages[l->n], sizeof l->lang[0].tag);
		if (load(&l->lang[l->n], l->n) == -1)
			r = -1;
	}
	if (r == -1) {
		lang_release(l);
		return -1;
	}
	lang_release(now);
	now = l;
	return 0;
}

struct langs *
lang_hold(void)
{
	now->holders++;
	return now;
}

void
lang_release(struct langs *l)
{
	if (l == NULL || --l->holders > 0)
		return;
	for (size_t i = 0; i < l->n; i++)
		catalog_free(l->lang[i].catalog);
	free(l);
}

const struct lang *
lang_at(size_t i)
{
	return i < now->n ? &now->lang[i] : NULL;
}

const struct lang *
lang_find(const char *tag)
{
	for (size_t i = 0; i < now->n; i++)
		if (strcasecmp(now->lang[i].tag, tag) == 0)
			return &now->lang[i];
	return NULL;
}

/* "q=0.8" in thousandths; what can't be read is not wanted. */
static int
read_weight(const char *text)
{
	int v = 0;

	text += strspn(text, " \t");
	if (strncasecmp(text, "q=", 2) != 0)
		return 0;
	text += 2;
	if (*text == '1')
		return 1000;
	if (text[0] != '0' || text[1] != '.')
		return 0;
	for (int i = 2, unit = 100; i < 5 && isdigit((unsigned char)text[i]); i++, unit /= 10)
		v += (text[i] - '0') * unit;
	return v;
}

/* "nl-BE;q=0.8": the language of a range, and how much it is liked. */
static const struct lang *
read_range(char *range, int *liked)
{
	char *weight = strchr(range, ';');
	const struct lang *l;

	*liked = 1000;
	if (weight != NULL) {
		*weight++ = '\0';
		*liked = read_weight(weight);
	}
	range += strspn(range, " \t");
	range[strcspn(range, " \t")] = '\0';
	if ((l = lang_find(range)) == NULL) {
		range[strcspn(range, "-")] = '\0';
		l = lang_find(range);
	}
	return l;
}

const struct lang *
lang_accepted(const char *header)
{
	const struct lang *best = NULL;
	char list[256], *rest = list, *range;
	int most = 0;

	snprintf(list, sizeof list, "%s", header != NULL ? header : "");
	while ((range = strsep(&rest, ",")) != NULL) {
		int liked;
		const struct lang *l = read_range(range, &liked);

		if (l != NULL && liked > most) {
			most = liked;
			best = l;
		}
	}
	return best != NULL ? best : &now->lang[0];
}

const char *
lang_text(const struct lang *l, const char *english)
{
	return catalog_text(l->catalog, english);
}
