/*
 * conf_again.c - the file once more, while its settings are in use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf_own.h"
#include "base/log.h"

enum { SECTIONS_MOST = 8 };

/* Bring what is in use into ${new}, in place of what the file says.  Return whether it differed. */
static bool
keep(const struct setting *t, const char *used, char *new)
{
	bool differs = false;

	used += t->at;
	new += t->at;
	for (const struct setting *in = t->table; t->kind == CONF_GROUP && in->name != NULL; in++)
		differs = keep(in, used, new) || differs;
	if (t->kind == CONF_GROUP)
		return differs;
	differs = memcmp(used, new, conf_width(t)) != 0;
	memcpy(new, used, conf_width(t));
	if (conf_is_counted(t))
		memcpy(new - t->at + t->count, used - t->at + t->count, sizeof(size_t));
	return differs;
}

static void
keep_fixed(const struct conf_section *c, char *new, const char *const *fixed, conf_later_fn *later)
{
	char name[256];

	for (const struct setting *t = c->table; t->name != NULL; t++) {
		snprintf(name, sizeof name, "%s%s%s", c->name != NULL ? c->name : "",
		    c->name != NULL ? "." : "", t->name);
		for (const char *const *f = fixed; *f != NULL; f++)
			if (strcmp(*f, name) == 0 && keep(t, c->out, new) && later != NULL)
				later(name);
	}
}

int
conf_read_again(const char *path, const struct conf_section *sections, const char *const *fixed,
    conf_later_fn *later, conf_fault_fn *fn, void *ctx)
{
	struct conf_section copies[SECTIONS_MOST + 1];
	size_t n = 0;
	int faults;

	/* A copy of what is in use: what no setting fills stays as well. */
	for (; n < SECTIONS_MOST && !CONF_IS_END(&sections[n]); n++) {
		copies[n] = sections[n];
		if (copies[n].table != NULL && (copies[n].out = malloc(copies[n].size)) == NULL)
			fatalx("no memory for the settings");
		if (copies[n].table != NULL)
			memcpy(copies[n].out, sections[n].out, copies[n].size);
	}
	copies[n] = (struct conf_section)CONF_END;
	faults = conf_read(path, copies, fn, ctx);
	for (size_t i = 0; i < n; i++) {
		if (copies[i].table == NULL)
			continue;
		if (faults == 0) {
			keep_fixed(&sections[i], copies[i].out, fixed, later);
			memcpy(sections[i].out, copies[i].out, copies[i].size);
		}
		explicit_bzero(copies[i].out, copies[i].size);
		free(copies[i].out);
	}
	return faults;
}
