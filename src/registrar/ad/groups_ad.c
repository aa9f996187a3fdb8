/*
 * groups_ad.c - who is in which group, by tokenGroups: the groups that the server
 * itself would give to this person at sign-in, through however many others.
 */
#include "registrar/groups.h"

#include <string.h>

#include "base/log.h"
#include "registrar/ad/sid.h"
#include "registrar/settings.h"

static struct sid known[GROUPS__COUNT][GROUPS_MOST];

/* ---- Which groups the settings mean ----------------------------------------------- */

/* Of groupType, [MS-ADTS] 2.2.12: others are lists of addresses, which nobody signs in with. */
#define SECURITY_ENABLED 0x80000000

int
groups_ad_find(struct dir *d, const char *name, enum group_list list, size_t i)
{
	static const char *const wanted[] = { "objectSid", "groupType", NULL };
	struct dir_query q = { name, DIR_ENTRY, "(objectClass=group)", wanted };
	struct sid *sid = &known[list][i];
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

static void
see(struct account *a, const struct sid *group)
{
	const char *name;

	a->powerful = a->powerful || sid_powerful(group);
	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; (name = groups_name((enum group_list)list, i)) != NULL; i++)
			if (name[0] != '\0' && sid_equal(group, &known[list][i]))
				a->groups[list] |= 1U << i;
}

/* Return -1 if something there cannot be read. */
static int
see_all(const struct dir_entry *e, struct account *a)
{
	size_t len = 0;
	const void *octets = dir_octets(e, "objectSid", 0, &len);
	struct sid sid, group;

	if (dir_value(e, "primaryGroupID", 0) == NULL || sid_read(octets, len, &sid) == -1 ||
	    dir_octets(e, "tokenGroups", 0, &len) == NULL)
		return -1;
	group = sid_sibling(&sid, dir_flags(e, "primaryGroupID"));
	see(a, &group);
	for (size_t i = 0; (octets = dir_octets(e, "tokenGroups", i, &len)) != NULL; i++) {
		if (sid_read(octets, len, &group) == -1)
			return -1;
		see(a, &group);
	}
	return 0;
}

enum verdict
groups_ad_read(struct dir *d, struct account *a)
{
	static const char *const wanted[] = { "tokenGroups", "primaryGroupID", "objectSid", NULL };
	struct dir_entry *e;
	enum dir_end end = dir_read(d, a->dn, wanted, &e);
	int r;

	memset(a->groups, 0, sizeof a->groups);
	a->powerful = false;
	if (end != DIR_OK)
		return dir_verdict(end);
	if ((r = see_all(e, a)) == -1)
		log_warnx("tokenGroups, primaryGroupID and objectSid of %s cannot all be read, so they "
		    "are treated as protected; run: latchkey check", a->id);
	dir_entry_free(e);
	return r == 0 ? VERDICT_OK : VERDICT_PROTECTED;
}
