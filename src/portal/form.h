/*
 * form.h - what a page sends back: application/x-www-form-urlencoded.
 *
 * One value a field, UTF-8, no NUL; a field that comes twice is refused, and so is
 * anything that a reader would have to guess at.
 */
#ifndef PORTAL_FORM_H
#define PORTAL_FORM_H

#include "base/secret.h"

enum { FORM_FIELDS_MOST = 10 };

struct form {
	size_t	n;
	struct {
		char		name[32];
		struct secret	value;
	} fields[FORM_FIELDS_MOST];
};

/**
 * form_parse(form, data, len):
 * Return 0; -1 if ${data} is malformed; -2 if a value or a name is too long.  In
 * each case ${form} must be wiped.
 */
int form_parse(struct form *, const char *data, size_t len);

/** form_find(form, name): its value, or NULL. */
const struct secret *form_find(const struct form *, const char *name);

/** form_text(form, name): its value as text, or "". */
const char *form_text(const struct form *, const char *name);

/** form_wipe(form): overwrite every value. */
void form_wipe(struct form *);

#endif
