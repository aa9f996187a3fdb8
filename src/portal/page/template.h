/*
 * template.h - pages that are read at start and filled in for each request.
 *
 *	{{name}}		the value, escaped for the place where it stands
 *	{{t Some text}}		the text in the page's language; {name} in it is filled in
 *	{{#name}} ... {{/name}}	once if the value is true, or for each member of a list
 *	{{^name}} ... {{/name}}	if it is not
 *	{{>file}}		another page, in this place
 *	{{! remark }}
 *
 * A value may stand in text and in an attribute between double quotes.  Anywhere
 * else it could become markup or script, and the page is refused.
 */
#ifndef PORTAL_TEMPLATE_H
#define PORTAL_TEMPLATE_H

#include <event2/buffer.h>
#include <jansson.h>
#include <stdbool.h>

#include "portal/page/lang.h"

struct template;

struct template_source {
	const char	*folders[2];	/* looked into in this order; "" is none */
	bool		(*knows)(const char *name);	/* a value that pages may use */
	void		(*fault)(const char *file, int line, const char *text);
};

/**
 * template_load(source, name):
 * Read the page "name.html".  Return it, or NULL with each mistake told.
 */
struct template *template_load(const struct template_source *, const char *name);

/** template_draw(template, out, values, lang): append the page to ${out}. */
void template_draw(const struct template *, struct evbuffer *out, const json_t *values,
    const struct lang *);

/** template_each_text(template, each, ctx): tell each English text that the page uses. */
void template_each_text(const struct template *, void (*each)(const char *, void *), void *ctx);

/** template_free(template): NULL is allowed. */
void template_free(struct template *);

#endif
