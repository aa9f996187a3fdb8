/*
 * template.h - text with {placeholders}, each value escaped by where it stands.
 *
 * A placeholder is a name of small letters and underscores between braces.  Any
 * other brace is just a brace, so that JSON can be written as it is.
 */
#ifndef COURIER_TEMPLATE_H
#define COURIER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

enum { DRAFT_LONGEST = 16384, SLOT_NAME_LONGEST = 31 };

/* What goes in for one name.  A table of these ends with a NULL name. */
struct slot {
	const char	*name;
	const char	*value;
};

/* A text that is being filled in.  It may hold a secret: wipe it. */
struct draft {
	size_t	len;
	char	text[DRAFT_LONGEST + 1];
};

enum escape {
	ESCAPE_NONE,
	ESCAPE_PERCENT,		/* in a URL, or in a form */
	ESCAPE_JSON,		/* inside the quotation marks of a string */
	ESCAPE_XML,		/* in an element or an attribute */
	ESCAPE_HEADER		/* nothing can be escaped there: control characters are refused */
};

/**
 * template_fill(draft, template, slots, escape):
 * Append ${template} to ${draft}, with the values of ${slots} in place of their
 * names.  Return 0, or -1 if it does not fit, or a value may not stand there.
 */
int template_fill(struct draft *, const char *template, const struct slot *slots, enum escape);

/**
 * template_next(at, name):
 * Find the next placeholder at or after ${*at}.  Return where its brace stands,
 * with its name in ${name} and ${*at} moved past it, or NULL if there is none.
 */
const char *template_next(const char **at, char name[SLOT_NAME_LONGEST + 1]);

/** template_holds(template, name): true if the placeholder ${name} is in it. */
bool template_holds(const char *template, const char *name);

/**
 * template_stranger(template, names, stranger):
 * True if a placeholder in it is none of ${names}, which end with NULL; then it
 * is in ${stranger}.
 */
bool template_stranger(const char *template, const char *const *names,
    char stranger[SLOT_NAME_LONGEST + 1]);

/** draft_wipe(draft): empty it, leaving nothing behind. */
void draft_wipe(struct draft *);

#endif
