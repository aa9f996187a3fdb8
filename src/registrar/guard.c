#include "registrar/guard.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/shared.h"
#include "registrar/dialect.h"
#include "registrar/groups.h"
#include "registrar/settings.h"

/* ---- How often --------------------------------------------------------------- */

enum { HOUR_MS = 60 * 60 * 1000 };

/*
 * The times of the last writes, in a ring as long as their limit: another is
 * allowed when the oldest is an hour ago.
 */
static struct writes {
	pthread_mutex_t	lock;
	size_t		count, next;
	int64_t		at[];
} *writes;

void
guard_share(void)
{
	writes = shared_new(sizeof *writes +
	    (size_t)registrar.writes_per_hour * sizeof writes->at[0]);
	if (writes == NULL)
		fatal("no memory to count writes in");
}

enum verdict
guard_write(void)
{
	size_t most = (size_t)registrar.writes_per_hour;
	enum verdict v = VERDICT_LIMIT;
	int64_t now = clock_ms();

	shared_lock(&writes->lock);
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

/* ---- Whom ------------------------------------------------------------------------ */

/* Each time: a group that was renamed would otherwise protect nobody, and none would know. */
enum verdict
guard_ready(struct dir *d)
{
	const char *name;

	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; (name = groups_name((enum group_list)list, i)) != NULL; i++)
			if (name[0] != '\0' &&
			    dialect()->find_group(d, name, (enum group_list)list, i) == -1)
				return VERDICT_UNAVAILABLE;
	return VERDICT_OK;
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
guard_person(struct dir *d, struct account *a)
{
	bool chosen = registrar.directory.n_allowed_groups > 0;
	enum verdict v;

	if (!dir_dn_below(a->dn, registrar.directory.base))
		return VERDICT_NOBODY;
	if ((v = check_disabled(d, a)) != VERDICT_OK)
		return v;
	if (a->barred)
		return VERDICT_PROTECTED;
	if ((v = dialect()->read_groups(d, a)) != VERDICT_OK)
		return v;
	return a->powerful || a->groups[GROUPS_PROTECTED] != 0 ||
	    (chosen && a->groups[GROUPS_ALLOWED] == 0) ? VERDICT_PROTECTED : VERDICT_OK;
}
