/*
 * dialect_openldap.c - OpenLDAP with its password policy overlay, ppolicy.
 *
 * The service account has "write" on userPassword: with "manage" the server would
 * not hold it to the policy.  ppolicy holds such an account to the minimum age as
 * well, unless pwdReset is on the entry already; hence two operations to set a
 * password that is too young, and a third that takes the first back when the second
 * is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/clock.h"
#include "base/finding.h"
#include "base/log.h"
#include "registrar/dialect.h"
#include "registrar/groups.h"
#include "registrar/settings.h"
#include "registrar/when.h"
#include "wire/house.h"

/* ---- State ------------------------------------------------------------------- */

static const char *const state_attributes[] = {
	"pwdAccountLockedTime", "pwdStartTime", "pwdEndTime", "pwdReset", "pwdChangedTime",
	"pwdPolicySubentry", "createTimestamp", "pwdLastSuccess", "authTimestamp", NULL
};

static int64_t
read_time(const struct dir_entry *e, const char *attribute)
{
	return when_generalized(dir_value(e, attribute, 0));
}

/*
 * Whoever made the account gave it its password within a day, and wants another
 * one; and nobody has signed in with it, as far as slapd keeps that (lastbind).  A
 * password that the service desk resets years later does not make an account new.
 */
static bool
is_fresh(const struct dir_entry *e, const struct account *a)
{
	return a->must_change && a->created != 0 &&
	    read_time(e, "pwdChangedTime") <= a->created + DAY &&
	    dir_value(e, "pwdLastSuccess", 0) == NULL && dir_value(e, "authTimestamp", 0) == NULL;
}

static void
read_state(const struct dir_entry *e, struct account *a)
{
	const char *locked = dir_value(e, "pwdAccountLockedTime", 0);
	const char *changed = dir_value(e, "pwdChangedTime", 0);
	const char *policy = dir_value(e, "pwdPolicySubentry", 0);
	int64_t now = clock_now(), end = read_time(e, "pwdEndTime");

	/* Year nought is an admin's lock, not one that people get themselves into. */
	a->disabled = (locked != NULL && when_generalized(locked) <= 0) || (end != 0 && end <= now) ||
	    read_time(e, "pwdStartTime") > now;
	a->must_change = dir_has(e, "pwdReset", "TRUE");
	a->created = read_time(e, "createTimestamp");
	a->fresh = is_fresh(e, a);
	snprintf(a->policy, sizeof a->policy, "%s", policy != NULL ? policy : "");
	snprintf(a->mark, sizeof a->mark, "%s", changed != NULL ? changed : "never");
}

/*
 * slapd says when the entry was last changed, not what of it.  Signing in and being
 * locked out leave that time as it is.
 */
static int64_t
changed(struct dir *d, const struct account *a, const char *attribute)
{
	static const char *const attributes[] = { "modifyTimestamp", NULL };
	struct dir_entry *e = NULL;
	int64_t at = 0;

	(void)attribute;
	if (account_entry(d, a->id, attributes, &e) == VERDICT_OK)
		at = read_time(e, "modifyTimestamp");
	dir_entry_free(e);
	return at != 0 && at + (int64_t)house.young_number_days * DAY <= clock_now() ? 0 : -1;
}

/* ---- The policy ---------------------------------------------------------------- */

static const char *const policy_attributes[] = {
	"pwdMinLength", "pwdMaxLength", "pwdInHistory", "pwdMinAge", "pwdSafeModify",
	"pwdCheckQuality", "pwdCheckModule", "pwdUseCheckModule", NULL
};

static enum verdict
read_policy(struct dir *d, const char *dn, struct dir_entry **e)
{
	enum dir_end end = dir_read(d, dn, policy_attributes, e);

	if (end == DIR_NONE)
		log_warnx("the password policy %s is not there, or the service account may not "
		    "read it", dn);
	return end == DIR_NONE ? VERDICT_FORBIDDEN : dir_verdict(end);
}

/*
 * Without a policy there are no rules; with one that cannot be read they are
 * unknown.  The minimum age is not told to people: pwdReset lifts it.
 */
static enum verdict
read_rules(struct dir *d, const struct account *a, struct rules *r)
{
	static const struct {
		enum rule	 rule;
		const char	*attribute;
	} numbers[] = {
		{ RULE_LENGTH, "pwdMinLength" }, { RULE_LONGEST, "pwdMaxLength" },
		{ RULE_HISTORY, "pwdInHistory" },
	};
	const char *dn = a->policy[0] != '\0' ? a->policy : registrar.directory.policy;
	struct dir_entry *e = NULL;
	enum verdict v;

	memset(r, 0, sizeof *r);
	r->unit = UNIT_BYTES;
	if (dn[0] == '\0')
		return VERDICT_OK;
	if ((v = read_policy(d, dn, &e)) == VERDICT_OK) {
		r->policy = true;
		r->least_age = dir_number(e, "pwdMinAge");
		for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
			r->number[numbers[i].rule] = dir_number(e, numbers[i].attribute);
			r->holds[numbers[i].rule] = r->number[numbers[i].rule] > 0;
		}
		r->holds[RULE_QUALITY] = dir_number(e, "pwdCheckQuality") > 0 &&
		    (dir_has(e, "pwdUseCheckModule", "TRUE") || dir_value(e, "pwdCheckModule", 0) != NULL);
	}
	dir_entry_free(e);
	return v;
}

/* ---- Writing ---------------------------------------------------------------------- */

/* The errors of draft-behera-ldap-password-policy that are a person's to mend. */
static const struct {
	int		error;
	enum rule	rule;
} refusals[] = {
	{ 5, RULE_QUALITY }, { 6, RULE_LENGTH }, { 7, RULE_AGE }, { 8, RULE_HISTORY },
	{ 9, RULE_LONGEST },
};

int
dialect_openldap_rule(const struct dir_refusal *why)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (why->policy == refusals[i].error)
			return (int)refusals[i].rule;
	/* Another overlay's constraint, which it does not explain in a way to rely on. */
	if (why->code == DIR_CODE_CONSTRAINT && why->policy == DIR_NO_POLICY_ERROR)
		return RULE_QUALITY;
	return -1;
}

static enum verdict
refused(const struct account *a, const struct dir_refusal *why, struct denial *no)
{
	int broken = dialect_openldap_rule(why);

	if (broken != -1) {
		no->rule = (enum rule)broken;
		return VERDICT_RULE;
	}
	log_warnx("the directory does not let the service account set the password of %s: %s", a->id,
	    why->text);
	return VERDICT_FORBIDDEN;
}

static enum dir_end
write_one(struct dir *d, const struct account *a, const struct dir_mod *mod,
    struct dir_refusal *why)
{
	return dir_write(d, a->dn, mod, 1, DIR_ASKING_POLICY, why);
}

static enum dir_end
write_reset(struct dir *d, const struct account *a, bool on)
{
	static const struct secret yes = { 4, "TRUE" };
	struct dir_refusal why;
	enum dir_end end = write_one(d, a, &(struct dir_mod){ DIR_REPLACE, "pwdReset",
	    on ? &yes : NULL }, &why);

	if (end != DIR_OK)
		log_warnx("pwdReset of %s could not be %s: %s", a->id, on ? "set" : "cleared", why.text);
	return end;
}

/*
 * The mark counts seconds.  A password that was changed in this very second could
 * not be told from the one that is to come, so let the second pass, and a little
 * more: time(2), which slapd asks, is some milliseconds late.  Not for ever: the
 * server's clock may be ahead of ours.
 */
static void
let_second_pass(const struct account *a)
{
	const struct timespec pause = { .tv_nsec = 20000000 };
	int64_t over = when_generalized(a->mark) * 1000 + 1100;

	for (int i = 0; i < 60 && clock_now_ms() < over; i++)
		nanosleep(&pause, NULL);
}

/* The server's clock may be behind ours, or ahead, by so much. */
enum { CLOCKS_APART = 300 };

/* Only then does ppolicy need to be told that the person must have a new one. */
static bool
is_too_young(const struct account *a, const struct rules *r)
{
	return r->least_age > 0 &&
	    when_generalized(a->mark) + r->least_age + CLOCKS_APART > clock_now();
}

static bool
set_since(const char *before, const char *now)
{
	return strcmp(before, now) != 0;
}

static enum verdict
set(struct dir *d, const struct account *a, const struct rules *r, const struct secret *password,
    bool must_change, struct denial *no)
{
	bool lift = is_too_young(a, r) && !a->must_change;
	struct dir_refusal why;
	enum dir_end end;
	enum verdict v;

	let_second_pass(a);
	if (lift && (end = write_reset(d, a, true)) != DIR_OK) {
		/* Nobody's password has changed yet; what may have arrived is taken back. */
		if (end == DIR_UNKNOWN)
			write_reset(d, a, false);
		return end == DIR_UNKNOWN ? VERDICT_UNAVAILABLE : dir_verdict(end);
	}
	end = write_one(d, a, &(struct dir_mod){ DIR_REPLACE, "userPassword", password }, &why);
	v = end == DIR_REFUSED ? refused(a, &why, no) : dir_verdict(end);
	if (end == DIR_UNKNOWN || end == DIR_UNAVAILABLE)
		log_warnx("setting the password of %s: %s", a->id, why.text);
	if (v == VERDICT_OK && must_change && r->policy)
		write_reset(d, a, true);
	else if (v != VERDICT_OK && v != VERDICT_UNKNOWN && lift)
		write_reset(d, a, false);
	return v;
}

/*
 * Deleting the lock also forgets the wrong passwords that led to it, which
 * replacing it by nothing does not: then the next slip would lock again.
 */
static enum verdict
unlock(struct dir *d, const struct account *a)
{
	struct dir_refusal why;
	enum dir_end end = write_one(d, a, &(struct dir_mod){ DIR_DELETE, "pwdAccountLockedTime",
	    NULL }, &why);

	if (end == DIR_REFUSED && why.code == DIR_CODE_NO_ATTRIBUTE)
		return VERDICT_OK;
	if (end != DIR_OK)
		log_warnx("unlocking %s: %s", a->id, why.text);
	return dir_verdict(end);
}

/* ---- Checking ----------------------------------------------------------------------- */

#define HERE "registrar.directory."

static void
check_policy(struct dir *d)
{
	const char *dn = registrar.directory.policy;
	struct dir_entry *e = NULL;

	if (dn[0] == '\0') {
		finding_advice(HERE "policy", "is empty: people without a policy of their own may "
		    "choose any password; name the entry that slapd has as ppolicy_default");
		return;
	}
	if (read_policy(d, dn, &e) != VERDICT_OK)
		finding_fault(HERE "policy", "%s cannot be read; let %s read it, or mend the name",
		    dn, registrar.directory.bind_dn);
	else if (dir_has(e, "pwdSafeModify", "TRUE"))
		finding_fault(HERE "policy", "%s has pwdSafeModify TRUE: slapd then wants the old "
		    "password, which nobody here knows; set it to FALSE", dn);
	else if (dir_number(e, "pwdCheckQuality") == 0)
		finding_advice(HERE "policy", "%s has pwdCheckQuality 0: slapd itself does not hold "
		    "people to the length; set it to 2", dn);
	dir_entry_free(e);
}

static bool
announces_ppolicy(struct dir *d)
{
	static const char *const controls[] = { "supportedControl", NULL };
	struct dir_entry *e;
	bool there = dir_read(d, "", controls, &e) == DIR_OK &&
	    dir_has(e, controls[0], "1.3.6.1.4.1.42.2.27.8.5.1");

	dir_entry_free(e);
	return there;
}

static void
check_changed_time(struct dir *d)
{
	if (dir_exists(d, DIR_BELOW, registrar.directory.base, "(pwdChangedTime=*)") == DIR_NONE)
		finding_advice(HERE "bind_dn", "%s sees pwdChangedTime of nobody: after a lost answer "
		    "it cannot be told whether a password was set; give it write on "
		    "pwdReset, pwdAccountLockedTime and read on pwdChangedTime, pwdPolicySubentry",
		    registrar.directory.bind_dn);
}

static void
check(struct dir *d)
{
	if (!announces_ppolicy(d)) {
		finding_fault(HERE "dialect", "the server does not have the password policy overlay, "
		    "so nothing is held to a policy; load ppolicy");
		return;
	}
	check_policy(d);
	check_changed_time(d);
}

static int
lockout(struct dir *d, const struct account *a)
{
	static const char *const attributes[] = { "pwdLockout", "pwdMaxFailure", NULL };
	const char *dn = a->policy[0] != '\0' ? a->policy : registrar.directory.policy;
	struct dir_entry *e = NULL;
	int n;

	if (dn[0] == '\0')
		return 0;
	if (dir_read(d, dn, attributes, &e) != DIR_OK)
		return -1;
	n = dir_has(e, "pwdLockout", "TRUE") ? (int)dir_number(e, "pwdMaxFailure") : 0;
	dir_entry_free(e);
	return n;
}

/* slapd's rights stand in its own configuration; write, as manage would bypass the policy. */
static size_t
remedies(struct dir *d, enum remedy_right right, struct finding_remedy out[REMEDIES])
{
	static const struct {
		const char	*what, *how;
	} access[REMEDY__COUNT] = {
		[REMEDY_RESET] = { "attrs=userPassword", "=w" },
		[REMEDY_UNLOCK] = { "attrs=pwdReset,pwdAccountLockedTime", "write" },
		[REMEDY_MUST_CHANGE] = { "attrs=pwdReset,pwdAccountLockedTime", "write" },
		[REMEDY_STATE] = { "attrs=pwdChangedTime,pwdPolicySubentry,pwdStartTime,pwdEndTime",
		    "read" },
		[REMEDY_POLICIES] = { "filter=(objectClass=pwdPolicy)", "read" },
	};

	(void)d;
	if (access[right].what == NULL)
		return 0;
	out[0].tool = "slapd.conf";
	snprintf(out[0].command, sizeof out[0].command, "access to %s by dn.exact=\"%s\" %s by * break",
	    access[right].what, registrar.directory.bind_dn, access[right].how);
	return 1;
}

static const char *const display[] = { "displayName", "cn", NULL };
static const char *const login_attributes[] = { "uid", "mail", NULL };

const struct dialect dialect_openldap = {
	.id = "entryUUID",
	.display = display,
	.state = state_attributes,
	.person_filter = "(objectClass=inetOrgPerson)",
	.login_attributes = login_attributes,
	.read_state = read_state,
	.find_group = groups_openldap_find,
	.read_groups = groups_openldap_read,
	.read_rules = read_rules,
	.set_since = set_since,
	.set = set,
	.unlock = unlock,
	.changed = changed,
	.check = check,
	.lockout = lockout,
	.remedies = remedies,
};
