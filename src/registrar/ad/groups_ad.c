/*
 * groups_ad.c - who is in which group, by tokenGroups: the groups that the server
 * itself would give to this person at sign-in, through however many others.
 */
#include "registrar/groups.h"

#include "base/log.h"
#include "registrar/ad/sid.h"
#include "registrar/settings.h"

static struct sid protected[GROUPS_MOST], allowed[GROUPS_MOST];

/* ---- Which groups the settings mean ----------------------------------------------- */

/* Of groupType, [MS-ADTS] 2.2.12: others are lists of addresses, which nobody signs in with. */
#define SECURITY_ENABLED 0x80000000

int
groups_ad_find(struct dir *d, const char *name, bool is_allowed, size_t i)
{
	static const char *const wanted[] = { "objectSid", "groupType", NULL };
	struct dir_query q = { name, DIR_ENTRY, "(objectClass=group)", wanted };
	struct sid *sid = is_allowed ? &allowed[i] : &protected[i];
	struct dir_entry *e;
	size_t len = 0;
	const void *octets;
	int r = -1;

	if (dir_one(d, &q, &e) != DIR_OK) {
		log_warnx("the group %s cannot be read, so nobody is helped", name);
		return -1;
	}
	octets = dir_octets(e, "objectSid", 0, &len);
	if (sid_read(octets, len, sid) == -1 || dir_value(e, "groupType", 0) == NULL)
		log_warnx("objectSid and groupType of the group %s cannot be read, so nobody is "
		    "helped", name);
	else if ((dir_flags(e, "groupType") & SECURITY_ENABLED) == 0)
		log_warnx("%s is a distribution group, whose members cannot be told, so nobody is "
		    "helped; name a security group", name);
	else
		r = 0;
	dir_entry_free(e);
	return r;
}

/* ---- Which groups a person is in ---------------------------------------------------- */

static bool
is_one_of(const struct sid *sid, const struct sid *groups, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (sid_equal(sid, &groups[i]))
			return true;
	return false;
}

struct seen {
	bool	protected, allowed;
};

static void
see(struct seen *s, const struct sid *group)
{
	const struct directory *set = &registrar.directory;

	s->protected = s->protected || sid_powerful(group) ||
	    is_one_of(group, protected, set->n_protected_groups);
	s->allowed = s->allowed || set->n_allowed_groups == 0 ||
	    is_one_of(group, allowed, set->n_allowed_groups);
}

/* Return -1 if something there cannot be read. */
static int
see_all(const struct dir_entry *e, struct seen *s)
{
	size_t len = 0;
	const void *octets = dir_octets(e, "objectSid", 0, &len);
	struct sid sid, group;

	if (dir_value(e, "primaryGroupID", 0) == NULL || sid_read(octets, len, &sid) == -1 ||
	    dir_octets(e, "tokenGroups", 0, &len) == NULL)
		return -1;
	group = sid_sibling(&sid, dir_flags(e, "primaryGroupID"));
	see(s, &group);
	for (size_t i = 0; (octets = dir_octets(e, "tokenGroups", i, &len)) != NULL; i++) {
		if (sid_read(octets, len, &group) == -1)
			return -1;
		see(s, &group);
	}
	return 0;
}

enum verdict
groups_ad_check(struct dir *d, const struct account *a)
{
	static const char *const wanted[] = { "tokenGroups", "primaryGroupID", "objectSid", NULL };
	struct seen seen = { false, false };
	struct dir_entry *e;
	enum dir_end end = dir_read(d, a->dn, wanted, &e);
	int r;

	if (end != DIR_OK)
		return dir_verdict(end);
	if ((r = see_all(e, &seen)) == -1)
		log_warnx("tokenGroups, primaryGroupID and objectSid of %s cannot all be read, so they "
		    "are treated as protected; run: latchkey check", a->id);
	dir_entry_free(e);
	return r == 0 && seen.allowed && !seen.protected ? VERDICT_OK : VERDICT_PROTECTED;
}
