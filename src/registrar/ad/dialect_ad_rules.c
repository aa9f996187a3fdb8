/*
 * dialect_ad_rules.c - what a domain asks of a new password.
 *
 * A policy of somebody's own (msDS-ResultantPSO) stands for all of the domain's.  Its
 * name is there for everybody to read, and what it says for admins alone: a service
 * account without that right gets an entry without attributes, and no error.
 */
#include "registrar/ad/dialect_ad.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "registrar/settings.h"
#include "registrar/when.h"

/* Longer ones are refused by Windows; [MS-SAMR] 3.1.1.7.2. */
enum { LONGEST_UNITS = 256, KINDS_OF_COMPLEX = 3 };

/* Of pwdProperties, [MS-SAMR] 2.2.3.1. */
enum { DOMAIN_COMPLEX = 0x1, DOMAIN_NO_CLEAR_CHANGE = 0x4 };

struct policy {
	uint32_t	length, history, least_age;
	bool		complex;
};

/* ---- Reading -------------------------------------------------------------------- */

/* False if one of them is missing: then nothing is known. */
static bool
has_all(const struct dir_entry *e, const char *const *attributes)
{
	for (; *attributes != NULL; attributes++)
		if (dir_value(e, *attributes, 0) == NULL)
			return false;
	return true;
}

static enum verdict
read_entry(struct dir *d, const char *dn, const char *const *attributes,
    enum remedy_right needed, struct dir_entry **e)
{
	enum dir_end end = dir_read(d, dn, attributes, e);

	if (end == DIR_OK && has_all(*e, attributes))
		return VERDICT_OK;
	if (end != DIR_OK && end != DIR_NONE)
		return dir_verdict(end);
	log_warnx("the service account may not read what the password policy %s says, so nobody "
	    "under it is helped to a new password; give it that right", dn);
	ad_log_remedies(d, needed);
	return VERDICT_FORBIDDEN;
}

static enum verdict
read_domain(struct dir *d, struct policy *p)
{
	static const char *const wanted[] = {
		"minPwdLength", "pwdHistoryLength", "minPwdAge", "pwdProperties", NULL
	};
	struct dir_entry *e = NULL;
	const char *domain;
	enum dir_end end = ad_domain(d, &domain);
	enum verdict v;

	if (end != DIR_OK)
		return dir_verdict(end);
	if ((v = read_entry(d, domain, wanted, REMEDY_DOMAIN, &e)) == VERDICT_OK) {
		uint32_t properties = dir_flags(e, "pwdProperties");

		p->length = dir_number(e, "minPwdLength");
		p->history = dir_number(e, "pwdHistoryLength");
		p->least_age = when_span(dir_value(e, "minPwdAge", 0));
		p->complex = (properties & DOMAIN_COMPLEX) != 0;
		if ((properties & DOMAIN_NO_CLEAR_CHANGE) != 0) {
			log_warnx("pwdProperties of %s has DOMAIN_PASSWORD_NO_CLEAR_CHANGE (4): the "
			    "domain takes no new password from anybody but clients that send its "
			    "hash; take 4 off pwdProperties", domain);
			v = VERDICT_FORBIDDEN;
		}
	}
	dir_entry_free(e);
	return v;
}

static enum verdict
read_own(struct dir *d, const char *dn, struct policy *p)
{
	static const char *const wanted[] = {
		"msDS-MinimumPasswordLength", "msDS-PasswordHistoryLength",
		"msDS-MinimumPasswordAge", "msDS-PasswordComplexityEnabled", NULL
	};
	struct dir_entry *e = NULL;
	enum verdict v = read_entry(d, dn, wanted, REMEDY_POLICIES, &e);

	if (v == VERDICT_OK) {
		p->length = dir_number(e, wanted[0]);
		p->history = dir_number(e, wanted[1]);
		p->least_age = when_span(dir_value(e, wanted[2], 0));
		p->complex = dir_has(e, wanted[3], "TRUE");
	}
	dir_entry_free(e);
	return v;
}

/* The domain's also where another stands for it: what it forbids, it forbids to all. */
static enum verdict
read_policy(struct dir *d, const struct account *a, struct policy *p)
{
	static const char *const wanted[] = { "msDS-ResultantPSO", NULL };
	struct dir_entry *e = NULL;
	enum verdict v = read_domain(d, p);
	const char *own;

	if (v == VERDICT_OK && (v = dir_verdict(dir_read(d, a->dn, wanted, &e))) == VERDICT_OK &&
	    (own = dir_value(e, wanted[0], 0)) != NULL)
		v = read_own(d, own, p);
	dir_entry_free(e);
	return v;
}

/* ---- The history ------------------------------------------------------------------- */

/*
 * A reset is not held to the history unless the server is asked to ([MS-ADTS]
 * 3.1.1.3.4.1.27), and not every server can be asked.
 */
enum dir_end
ad_find_way(struct dir *d, uint32_t history, enum ad_way *way)
{
	static const enum ad_way otherwise[] = {
		[HISTORY_REQUIRE] = AD_WAY_NONE, [HISTORY_EMULATE] = AD_WAY_EMULATE,
		[HISTORY_BEST_EFFORT] = AD_WAY_PLAIN,
	};
	bool hints = false;
	enum dir_end end = dir_hints(d, &hints);

	*way = hints ? AD_WAY_HINTS : history == 0 ? AD_WAY_PLAIN :
	    otherwise[registrar.directory.history];
	return end;
}

static void
tell_once(const char *what)
{
	static bool told;

	if (!told)
		log_warnx("%s", what);
	told = true;
}

/* What the way says of it to the admin. */
static enum verdict
accept_way(enum ad_way way, uint32_t history)
{
	if (way == AD_WAY_NONE) {
		log_warnx("registrar.directory.history = \"require\", and this server does not know "
		    "policy hints, so it would not hold a reset to the last %" PRIu32 " passwords: "
		    "use servers that do (Windows Server 2008 R2, Samba 4.24, or later), or write "
		    "\"emulate\" or \"best-effort\"", history);
		return VERDICT_FORBIDDEN;
	}
	if (way == AD_WAY_PLAIN && history > 0)
		tell_once("registrar.directory.history = \"best-effort\": this server does not know "
		    "policy hints, so people may choose a password that they had before");
	return VERDICT_OK;
}

/* ---- The rules ------------------------------------------------------------------------ */

static void
hold(struct rules *r, enum rule rule, uint32_t n)
{
	r->holds[rule] = n > 0;
	r->number[rule] = n;
}

/* A policy hint holds a reset to the minimum age as well, unless another must be chosen. */
static uint32_t
still_too_young(const struct account *a, const struct policy *p)
{
	int64_t left = a->set_at + p->least_age - clock_now();

	return a->set_at == 0 || left <= 0 ? 0 : (uint32_t)left;
}

enum verdict
ad_read_rules(struct dir *d, const struct account *a, struct rules *r)
{
	struct policy p = { 0 };
	enum verdict v;
	enum dir_end end;
	enum ad_way way;

	memset(r, 0, sizeof *r);
	if ((v = read_policy(d, a, &p)) != VERDICT_OK)
		return v;
	if ((end = ad_find_way(d, p.history, &way)) != DIR_OK)
		return dir_verdict(end);
	r->unit = UNIT_UTF16;
	hold(r, RULE_LENGTH, p.length);
	hold(r, RULE_LONGEST, LONGEST_UNITS);
	hold(r, RULE_CLASSES, p.complex ? KINDS_OF_COMPLEX : 0);
	hold(r, RULE_HISTORY, way != AD_WAY_PLAIN ? p.history : 0);
	hold(r, RULE_AGE, way == AD_WAY_HINTS ? still_too_young(a, &p) : 0);
	return accept_way(way, p.history);
}
