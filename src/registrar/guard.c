#include "registrar/guard.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/log.h"
#include "registrar/filter.h"
#include "registrar/settings.h"

/* ---- How often --------------------------------------------------------------- */

enum { HOUR_MS = 60 * 60 * 1000 };

/*
 * The times of the last writes, in a ring as long as their limit: another is
 * allowed when the oldest is an hour ago.  A worker may die anywhere, so the lock
 * is one that survives its owner.
 */
static struct writes {
	pthread_mutex_t	lock;
	size_t		count, next;
	int64_t		at[];
} *writes;

void
guard_share(void)
{
	size_t size = sizeof *writes + (size_t)registrar.writes_per_hour * sizeof writes->at[0];
	pthread_mutexattr_t shared;

	writes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (writes == MAP_FAILED)
		fatal("no memory to count writes in");
	if (pthread_mutexattr_init(&shared) != 0 ||
	    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED) != 0 ||
	    pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST) != 0 ||
	    pthread_mutex_init(&writes->lock, &shared) != 0)
		fatalx("no lock to count writes with");
}

enum verdict
guard_write(void)
{
	size_t most = (size_t)registrar.writes_per_hour;
	enum verdict v = VERDICT_LIMIT;
	int64_t now = clock_ms();

	if (pthread_mutex_lock(&writes->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&writes->lock);
	if (writes->count < most || now - writes->at[writes->next] >= HOUR_MS) {
		writes->at[writes->next] = now;
		writes->next = (writes->next + 1) % most;
		writes->count += writes->count < most;
		v = VERDICT_OK;
	}
	pthread_mutex_unlock(&writes->lock);
	if (v == VERDICT_LIMIT)
		log_warnx("more than writes_per_hour = %d writes in an hour: refused", (int)most);
	return v;
}

/* ---- Which groups the settings mean ----------------------------------------------- */

/* As the server spells it, and the part of the directory where it and its like stand. */
struct group {
	char	dn[DN_LONGEST + 1];
	char	context[DN_LONGEST + 1];	/* empty: not known yet */
};

static struct group protected[GROUPS_MOST], allowed[GROUPS_MOST];

static int
find_context(struct dir *d, struct group *g)
{
	static const char *const contexts[] = { "namingContexts", NULL };
	struct dir_query q = { "", DIR_ENTRY, "(objectClass=*)", contexts };
	struct dir_entry *e;
	const char *v;

	if (g->context[0] != '\0' && dir_dn_below(g->dn, g->context))
		return 0;
	g->context[0] = '\0';
	if (dir_one(d, &q, &e) != DIR_OK)
		return -1;
	for (size_t i = 0; (v = dir_value(e, "namingContexts", i)) != NULL; i++)
		if (v[0] != '\0' && dir_dn_below(g->dn, v))
			snprintf(g->context, sizeof g->context, "%s", v);
	dir_entry_free(e);
	return g->context[0] != '\0' ? 0 : -1;
}

static int
find_group(struct dir *d, const char *name, struct group *g)
{
	struct dir_query q = { name, DIR_ENTRY, "(objectClass=*)", dir_no_attributes };
	struct dir_entry *e;
	int r;

	if (dir_one(d, &q, &e) != DIR_OK) {
		log_warnx("the group %s cannot be read, so nobody is helped", name);
		return -1;
	}
	snprintf(g->dn, sizeof g->dn, "%s", dir_dn(e));
	dir_entry_free(e);
	if ((r = find_context(d, g)) == -1)
		log_warnx("the server names no namingContexts that hold %s", name);
	return r;
}

/* Each time: a group that was renamed would otherwise protect nobody, and none would know. */
enum verdict
guard_ready(struct dir *d)
{
	const struct directory *s = &registrar.directory;

	for (size_t i = 0; i < s->n_protected_groups; i++)
		if (find_group(d, s->protected_groups[i], &protected[i]) == -1)
			return VERDICT_UNAVAILABLE;
	for (size_t i = 0; i < s->n_allowed_groups; i++)
		if (find_group(d, s->allowed_groups[i], &allowed[i]) == -1)
			return VERDICT_UNAVAILABLE;
	return VERDICT_OK;
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
	struct dir_query q = { dn, DIR_ENTRY, "(objectClass=*)", member_of };
	struct dir_entry *e;
	enum dir_end end = dir_one(d, &q, &e);
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

/* Each group's groups in turn, as far as they go. */
static enum verdict
see_all(struct dir *d, const struct group *const *groups, size_t n, struct seen *s)
{
	enum dir_end end = see_member_of(d, s->dn[0], s);
	size_t from = 0, to;

	for (int level = 0; level < LEVELS_MOST && from < s->n && end == DIR_OK; level++) {
		for (to = s->n; from < to && end == DIR_OK; from++)
			for (size_t g = 0; g < n && end == DIR_OK; g++)
				if (g == 0 || strcasecmp(groups[g]->context, groups[g - 1]->context) != 0)
					end = see_groups_of(d, groups[g]->context, s->dn[from], s);
	}
	if (end == DIR_OK && !s->full && from == s->n)
		return VERDICT_OK;
	if (end == DIR_OK)
		log_warnx("a person is in more groups than are looked at: treated as protected");
	return end == DIR_OK || end == DIR_MANY ? VERDICT_PROTECTED : dir_verdict(end);
}

static bool
is_in(const struct seen *s, const struct group *groups, size_t n)
{
	for (size_t g = 0; g < n; g++)
		for (size_t i = 1; i < s->n; i++)
			if (strcasecmp(s->dn[i], groups[g].dn) == 0)
				return true;
	return false;
}

static enum verdict
check_groups(struct dir *d, const struct account *a)
{
	const struct directory *s = &registrar.directory;
	const struct group *both[2 * GROUPS_MOST];
	struct seen seen = { .until = clock_ms() + registrar.deadline * 1000LL / SHARE };
	size_t n = 0;
	enum verdict v;

	for (size_t i = 0; i < s->n_protected_groups; i++)
		both[n++] = &protected[i];
	for (size_t i = 0; i < s->n_allowed_groups; i++)
		both[n++] = &allowed[i];
	if (n == 0)
		return VERDICT_OK;
	see(a->dn, &seen);
	v = see_all(d, both, n, &seen);
	if (v == VERDICT_OK && (is_in(&seen, protected, s->n_protected_groups) ||
	    (s->n_allowed_groups > 0 && !is_in(&seen, allowed, s->n_allowed_groups))))
		v = VERDICT_PROTECTED;
	forget(&seen);
	return v;
}

/* Some directories can say in a filter of their own who is disabled. */
static enum verdict
check_disabled(struct dir *d, const struct account *a)
{
	const char *filter = registrar.directory.disabled_filter;
	enum dir_end end = DIR_NONE;

	if (!a->disabled && filter[0] != '\0')
		end = dir_exists(d, DIR_ENTRY, a->dn, filter);
	if (a->disabled || end == DIR_OK)
		return VERDICT_DISABLED;
	return end == DIR_NONE ? VERDICT_OK : dir_verdict(end);
}

enum verdict
guard_person(struct dir *d, const struct account *a)
{
	enum verdict v;

	if (!dir_dn_below(a->dn, registrar.directory.base))
		return VERDICT_NOBODY;
	v = check_disabled(d, a);
	return v == VERDICT_OK ? check_groups(d, a) : v;
}
