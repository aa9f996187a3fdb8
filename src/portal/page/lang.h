/*
 * lang.h - the languages that the portal speaks.
 */
#ifndef PORTAL_LANG_H
#define PORTAL_LANG_H

#include <stddef.h>

#include "base/catalog.h"
#include "wire/msg.h"

struct lang {
	char		 tag[LANG_LONGEST + 1];
	struct catalog	*catalog;
};

/**
 * lang_start():
 * Load the catalogues that the settings name.  Return 0, or -1 with faults told and the
 * languages of before.
 */
int lang_start(void);

/*
 * The languages as they are now, to be kept while somebody is served in one of them: when
 * the settings are read again the others are replaced at once.
 */
struct langs;
struct langs *lang_hold(void);
void lang_release(struct langs *);

/** lang_at(i): the language at place ${i} of the settings, or NULL behind the last. */
const struct lang *lang_at(size_t);

/** lang_find(tag): the language of that name, or NULL. */
const struct lang *lang_find(const char *tag);

/** lang_accepted(header): what an Accept-Language (may be NULL) likes best, else the first. */
const struct lang *lang_accepted(const char *header);

/** lang_text(lang, english): the text in that language. */
const char *lang_text(const struct lang *, const char *english);

#endif
