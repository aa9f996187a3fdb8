/*
 * dialect_ad.c - Active Directory, and Samba as one: who an account is, and how it
 * stands.
 */
#include "registrar/ad/dialect_ad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "registrar/check/check_ad.h"
#include "registrar/groups.h"
#include "registrar/settings.h"
#include "registrar/when.h"

/* ---- Rights that are missing ------------------------------------------------------- */

void
ad_log_remedies(struct dir *d, enum remedy_right right)
{
	static bool told[REMEDY__COUNT];
	struct finding_remedy remedies[REMEDIES];
	size_t n = told[right] ? 0 : check_ad_remedies(d, right, remedies);

	for (size_t i = 0; i < n; i++)
		log_warnx("%s: %s", remedies[i].tool, remedies[i].command);
	told[right] = told[right] || n > 0;
}

/* ---- State ----------------------------------------------------------------------- */

/* Of userAccountControl, [MS-ADTS] 2.2.16. */
enum {
	ACCOUNT_DISABLE = 0x2, NORMAL_ACCOUNT = 0x200, DONT_EXPIRE_PASSWD = 0x10000,
	PASSWORD_EXPIRED = 0x800000	/* of the computed one */
};

/*
 * Machines and domains; people with other means of signing in; accounts that act for
 * others, and those that somebody marked as too sensitive for that.  With
 * PASSWD_NOTREQD the server would hold to no rule.
 */
static const struct {
	uint32_t	 flag;
	const char	*name;
} bars[] = {
	{ 0x20, "PASSWD_NOTREQD" }, { 0x800, "INTERDOMAIN_TRUST_ACCOUNT" },
	{ 0x1000, "WORKSTATION_TRUST_ACCOUNT" }, { 0x2000, "SERVER_TRUST_ACCOUNT" },
	{ 0x40000, "SMARTCARD_REQUIRED" }, { 0x80000, "TRUSTED_FOR_DELEGATION" },
	{ 0x100000, "NOT_DELEGATED" }, { 0x1000000, "TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION" },
	{ 0x4000000, "PARTIAL_SECRETS_ACCOUNT" },
};

const char *
ad_barred(uint32_t flags)
{
	for (size_t i = 0; i < sizeof bars / sizeof bars[0]; i++)
		if ((flags & bars[i].flag) != 0)
			return bars[i].name;
	if ((flags & NORMAL_ACCOUNT) == 0)
		return "no NORMAL_ACCOUNT";
	if ((flags & DONT_EXPIRE_PASSWD) != 0 &&
	    registrar.directory.never_expires == NEVER_EXPIRES_REFUSE)
		return "DONT_EXPIRE_PASSWORD, see never_expires";
	return NULL;
}

/* Administrator, Guest, and the account whose key makes all tickets. */
static bool
is_well_known(const struct dir_entry *e)
{
	size_t len = 0;
	const void *octets = dir_octets(e, "objectSid", 0, &len);
	struct sid sid;

	return sid_read(octets, len, &sid) == -1 ||
	    (sid_rid(&sid) >= 500 && sid_rid(&sid) <= 502);
}

/* Why this account is never helped, or NULL. */
static const char *
bar(const struct dir_entry *e)
{
	const char *admin = dir_value(e, "adminCount", 0);

	if (dir_value(e, "userAccountControl", 0) == NULL)
		return "userAccountControl cannot be read; run: latchkey check";
	if (is_well_known(e))
		return "objectSid is that of an account which every domain has, or cannot be read";
	if (admin != NULL && strcmp(admin, "0") != 0)
		return "adminCount is not 0";
	if (dir_has(e, "isCriticalSystemObject", "TRUE"))
		return "isCriticalSystemObject is TRUE";
	return ad_barred(dir_flags(e, "userAccountControl"));
}

/*
 * The server counts the passwords that an account has had.  Where a reset to a
 * random password precedes the change, that count would call the random one done;
 * so there it is the time, which is 0 in between and then says nothing.
 */
static void
take_mark(const struct dir_entry *e, struct account *a)
{
	const char *count = dir_value(e, "msDS-KeyVersionNumber", 0);
	const char *set = dir_value(e, "pwdLastSet", 0);
	bool timed = set != NULL && strcmp(set, "0") != 0;

	if (registrar.directory.history == HISTORY_EMULATE || count == NULL)
		snprintf(a->mark, sizeof a->mark, "%s", timed ? set : "");
	else
		snprintf(a->mark, sizeof a->mark, "%s", count);
}

/* Both only ever grow. */
static bool
set_since(const char *before, const char *now)
{
	return strtoll(now, NULL, 10) > strtoll(before, NULL, 10);
}

/* Every account has a count, so one that has none is one that we may not read. */
static bool
has_signed_in(const struct dir_entry *e)
{
	const char *count = dir_value(e, "logonCount", 0);

	return count == NULL || strcmp(count, "0") != 0 ||
	    when_filetime(dir_value(e, "lastLogonTimestamp", 0)) != 0;
}

static const char *const state_attributes[] = {
	"userAccountControl", "msDS-User-Account-Control-Computed", "accountExpires", "pwdLastSet",
	"msDS-KeyVersionNumber", "whenCreated", "lastLogonTimestamp", "logonCount", "adminCount",
	"isCriticalSystemObject", "objectSid", NULL
};

static void
read_state(const struct dir_entry *e, struct account *a)
{
	const char *set = dir_value(e, "pwdLastSet", 0), *why = bar(e);
	int64_t end = when_filetime(dir_value(e, "accountExpires", 0));

	a->barred = why != NULL;
	if (a->barred)
		log_info("%s is treated as protected: %s", a->id, why);
	a->disabled = (dir_flags(e, "userAccountControl") & ACCOUNT_DISABLE) != 0 ||
	    (end != 0 && end <= clock_now());
	a->must_change = (dir_flags(e, "msDS-User-Account-Control-Computed") &
	    PASSWORD_EXPIRED) != 0;
	a->fresh = set != NULL && strcmp(set, "0") == 0 && !has_signed_in(e);
	a->created = when_generalized(dir_value(e, "whenCreated", 0));
	a->set_at = when_filetime(set);
	take_mark(e, a);
}

/* ---- The table --------------------------------------------------------------------- */

static const char *const display[] = { "displayName", NULL };
static const char *const login_attributes[] = {
	"sAMAccountName", "userPrincipalName", "mail", "proxyAddresses", NULL
};

const struct dialect dialect_ad = {
	.guards_admins = true,
	.id = "objectGUID",
	.id_octets = true,
	.login_name = "sAMAccountName",
	.display = display,
	.state = state_attributes,
	.person_filter = "(&(objectCategory=person)(objectClass=user)(!(objectClass=computer)))",
	.login_attributes = login_attributes,
	.read_state = read_state,
	.find_group = groups_ad_find,
	.read_groups = groups_ad_read,
	.read_rules = ad_read_rules,
	.set_since = set_since,
	.set = ad_set,
	.unlock = ad_unlock,
	.changed = ad_changed,
	.check = check_ad,
	.check_server = check_ad_server,
	.lockout = check_ad_lockout,
	.remedies = check_ad_remedies,
};
