/*
 * groups_openldap.c - who is in which group, where no attribute tells: by walking from
 * the person to the groups that name them, and on to the groups that name those.
 */
#include "registrar/groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "registrar/ldap/filter.h"
#include "registrar/settings.h"

/* ---- Which groups the settings mean ----------------------------------------------- */

/* As the server spells it, and the part of the directory where it and its like stand. */
struct group {
	char	dn[DN_LONGEST + 1];
	char	context[DN_LONGEST + 1];	/* empty: not known yet */
};

static struct group known[GROUPS__COUNT][GROUPS_MOST];

static int
find_context(struct dir *d, struct group *g)
{
	static const char *const contexts[] = { "namingContexts", NULL };
	struct dir_entry *e;
	const char *v;

	if (g->context[0] != '\0' && dir_dn_below(g->dn, g->context))
		return 0;
	g->context[0] = '\0';
	if (dir_read(d, "", contexts, &e) != DIR_OK)
		return -1;
	for (size_t i = 0; (v = dir_value(e, "namingContexts", i)) != NULL; i++)
		if (v[0] != '\0' && dir_dn_below(g->dn, v))
			snprintf(g->context, sizeof g->context, "%s", v);
	dir_entry_free(e);
	return g->context[0] != '\0' ? 0 : -1;
}

int
groups_openldap_find(struct dir *d, const char *name, enum group_list list, size_t i)
{
	struct group *g = &known[list][i];
	struct dir_entry *e;
	int r;

	if (dir_read(d, name, dir_no_attributes, &e) != DIR_OK) {
		log_warnx("the group %s cannot be read, so nobody is helped", name);
		return -1;
	}
	snprintf(g->dn, sizeof g->dn, "%s", dir_dn(e));
	dir_entry_free(e);
	if ((r = find_context(d, g)) == -1)
		log_warnx("the server names no namingContexts that hold %s", name);
	return r;
}

/* ---- Which groups a person is in ---------------------------------------------------- */

enum {
	SEEN_MOST = 500, LEVELS_MOST = 10,
	SHARE = 4	/* of the deadline: a slow walk is given up before the worker is */
};

struct seen {
	char	*dn[SEEN_MOST];		/* the person first */
	size_t	 n;
	bool	 full;
	int64_t	 until;			/* on clock_ms */
};

static void
see(const char *dn, void *ctx)
{
	struct seen *s = ctx;

	for (size_t i = 0; i < s->n; i++)
		if (strcasecmp(s->dn[i], dn) == 0)
			return;
	if (s->n == SEEN_MOST)
		s->full = true;
	else if ((s->dn[s->n++] = strdup(dn)) == NULL)
		fatal("no memory for a group");
}

static void
forget(struct seen *s)
{
	while (s->n > 0)
		free(s->dn[--s->n]);
}

/* Some servers keep the way back in the person's own entry. */
static enum dir_end
see_member_of(struct dir *d, const char *dn, struct seen *s)
{
	static const char *const member_of[] = { "memberOf", NULL };
	struct dir_entry *e;
	enum dir_end end = dir_read(d, dn, member_of, &e);
	const char *v;

	for (size_t i = 0; end == DIR_OK && (v = dir_value(e, "memberOf", i)) != NULL; i++)
		see(v, s);
	dir_entry_free(e);
	return end;
}

static enum dir_end
see_groups_of(struct dir *d, const char *context, const char *dn, struct seen *s)
{
	struct filter f;

	if (clock_ms() >= s->until) {
		log_warnx("finding somebody's groups takes too long: does the server index member?");
		return DIR_UNAVAILABLE;
	}
	filter_begin(&f);
	filter_raw(&f, "(|");
	filter_equal(&f, "member", dn);
	filter_equal(&f, "uniqueMember", dn);
	filter_raw(&f, ")");
	return filter_done(&f) == NULL ? DIR_REFUSED :
	    dir_each(d, context, filter_done(&f), see, s);
}

/* In each part of the directory where a group of the settings stands. */
static enum dir_end
see_groups(struct dir *d, const char *dn, struct seen *s)
{
	const char *name, *context = "";
	enum dir_end end = DIR_OK;

	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; end == DIR_OK &&
		    (name = groups_name((enum group_list)list, i)) != NULL; i++) {
			if (name[0] == '\0' || strcasecmp(known[list][i].context, context) == 0)
				continue;
			context = known[list][i].context;
			end = see_groups_of(d, context, dn, s);
		}
	return end;
}

/* Each group's groups in turn, as far as they go. */
static enum verdict
see_all(struct dir *d, struct seen *s)
{
	enum dir_end end = see_member_of(d, s->dn[0], s);
	size_t from = 0, to;

	for (int level = 0; level < LEVELS_MOST && from < s->n && end == DIR_OK; level++)
		for (to = s->n; from < to && end == DIR_OK; from++)
			end = see_groups(d, s->dn[from], s);
	if (end == DIR_OK && !s->full && from == s->n)
		return VERDICT_OK;
	if (end == DIR_OK)
		log_warnx("a person is in more groups than are looked at: treated as protected");
	return end == DIR_OK || end == DIR_MANY ? VERDICT_PROTECTED : dir_verdict(end);
}

static bool
is_in(const struct seen *s, const struct group *g)
{
	for (size_t i = 1; i < s->n; i++)
		if (strcasecmp(s->dn[i], g->dn) == 0)
			return true;
	return false;
}

static void
note(const struct seen *s, struct account *a)
{
	const char *name;

	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; (name = groups_name((enum group_list)list, i)) != NULL; i++)
			if (name[0] != '\0' && is_in(s, &known[list][i]))
				a->groups[list] |= 1U << i;
}

enum verdict
groups_openldap_read(struct dir *d, struct account *a)
{
	struct seen seen = { .until = clock_ms() + registrar.deadline * 1000LL / SHARE };
	enum verdict v;

	memset(a->groups, 0, sizeof a->groups);
	if (!groups_any())
		return VERDICT_OK;
	see(a->dn, &seen);
	if ((v = see_all(d, &seen)) == VERDICT_OK)
		note(&seen, a);
	forget(&seen);
	return v;
}
