#include "registrar/check/check_ad.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/finding.h"
#include "registrar/ad/dialect_ad.h"
#include "registrar/ldap/ldap_all.h"
#include "registrar/settings.h"
#include "registrar/when.h"

#define HERE "registrar.directory."

/* ---- Each server ---------------------------------------------------------------- */

/* Of supportedCapabilities, [MS-ADTS] 3.1.1.3.4.3. */
#define IS_AD		"1.2.840.113556.1.4.800"
#define IS_READ_ONLY	"1.2.840.113556.1.4.1920"

/* Kerberos refuses beyond the first; below the second nothing here depends on it. */
enum { SKEW_FAULT = 300, SKEW_ADVICE = 60 };

static void
check_clock(const struct dir_entry *root, const char *setting, const char *uri)
{
	int64_t theirs = when_generalized(dir_value(root, "currentTime", 0));
	long long apart = theirs == 0 ? 0 : (long long)(clock_now() - theirs);

	if (llabs(apart) <= SKEW_ADVICE)
		return;
	finding_tell(llabs(apart) > SKEW_FAULT ? FINDING_FAULT : FINDING_ADVICE, setting, NULL, 0,
	    "%s: its clock is %lld seconds %s ours, so ages of passwords and locks are wrong%s; let "
	    "both follow the same clock, by chrony or the like", uri, llabs(apart),
	    apart > 0 ? "behind" : "ahead of",
	    llabs(apart) > SKEW_FAULT ? ", and Kerberos refuses to sign anybody in" : "");
}

static void
check_history(struct dir *d, const char *uri)
{
	static const char lacks[] = "this server does not know policy hints (Samba before 4.24, "
	    "Windows before Server 2008 R2)";
	bool hints;

	if (dir_hints(d, &hints) != DIR_OK || hints)
		return;
	if (registrar.directory.history == HISTORY_REQUIRE)
		finding_fault(HERE "history", "%s: %s, so it cannot hold resets to "
		    "the password history and nobody is given a new password there; upgrade it, or "
		    "write history = \"emulate\" or \"best-effort\", see latchkey.conf(5)", uri, lacks);
	else if (registrar.directory.history == HISTORY_EMULATE)
		finding_advice(HERE "history", "%s: %s, so each reset is two: to a "
		    "random password and from there to the person's; one that is refused or stops "
		    "half-way leaves the random one, and each takes two places in the history", uri,
		    lacks);
	else
		finding_advice(HERE "history", "%s: %s, so people may choose a "
		    "password that they had before", uri, lacks);
}

/* Windows says it of itself; Samba of the settings that it has in the directory. */
static bool
is_read_only(struct dir *d, const struct dir_entry *root)
{
	static const char *const wanted[] = { "msDS-isRODC", NULL };
	const char *own = dir_value(root, "dsServiceName", 0);
	struct dir_entry *e = NULL;
	bool is;

	if (dir_has(root, "supportedCapabilities", IS_READ_ONLY))
		return true;
	is = own != NULL && dir_read(d, own, wanted, &e) == DIR_OK && dir_has(e, wanted[0], "TRUE");
	dir_entry_free(e);
	return is;
}

void
check_ad_server(struct dir *d, const char *setting, const char *uri)
{
	static const char *const wanted[] = {
		"supportedCapabilities", "currentTime", "defaultNamingContext", "dsServiceName", NULL
	};
	struct dir_entry *root = NULL;
	const char *domain;

	if (dir_read(d, "", wanted, &root) != DIR_OK)
		finding_fault(setting, "%s does not say what it is (rootDSE)", uri);
	else if (!dir_has(root, "supportedCapabilities", IS_AD))
		finding_fault(HERE "dialect", "%s is no Active Directory; if it is "
		    "slapd, write dialect = \"openldap\"", uri);
	else if ((domain = dir_value(root, "defaultNamingContext", 0)) == NULL ||
	    !dir_dn_below(registrar.directory.base, domain))
		finding_fault(HERE "base", "%s is a server of the domain %s, and %s "
		    "is not in it: mend base, or name servers of its own domain", uri,
		    domain != NULL ? domain : "?", registrar.directory.base);
	else if (is_read_only(d, root))
		finding_fault(setting, "%s is a read-only domain controller, which "
		    "sets no password and lifts no lock: name one that can be written to", uri);
	else
		check_history(d, uri);
	if (root != NULL)
		check_clock(root, setting, uri);
	dir_entry_free(root);
}

/* ---- The domain's policy ------------------------------------------------------------ */

/* pwdProperties: only clients that send the hash of a password may set one. */
enum { NO_CLEAR_CHANGE = 0x4, LEVEL_2008 = 3 };

static void
tell_no_clear(const char *domain, uint32_t properties)
{
	struct finding_remedy r[2] = { { .tool = "PowerShell" }, { .tool = "ldbmodify" } };

	snprintf(r[0].command, sizeof r[0].command, "Set-ADObject '%s' -Replace @{pwdProperties=%" PRIu32
	    "}", domain, properties & ~(uint32_t)NO_CLEAR_CHANGE);
	snprintf(r[1].command, sizeof r[1].command, "printf 'dn: %s\\nchangetype: modify\\nreplace: "
	    "pwdProperties\\npwdProperties: %" PRIu32 "\\n' | ldbmodify -H "
	    "/var/lib/samba/private/sam.ldb", domain, properties & ~(uint32_t)NO_CLEAR_CHANGE);
	finding_tell(FINDING_FAULT, HERE "base", r, 2, "pwdProperties of %s has 4 in it "
	    "(DOMAIN_PASSWORD_NO_CLEAR_CHANGE): the domain takes no new password from anybody but "
	    "clients that send its hash; take it off", domain);
}

/* Where hints are in use, a reset is held to it like a change. */
static void
tell_least_age(struct dir *d, const char *domain, uint32_t seconds)
{
	struct finding_remedy r[2] = { { .tool = "samba-tool" }, { .tool = "PowerShell" } };
	bool hints = false;

	if (seconds == 0 || dir_hints(d, &hints) != DIR_OK || !hints)
		return;
	snprintf(r[0].command, sizeof r[0].command,
	    "samba-tool domain passwordsettings set --min-pwd-age=0");
	snprintf(r[1].command, sizeof r[1].command,
	    "Set-ADDefaultDomainPasswordPolicy -Identity '%s' -MinPasswordAge 0", domain);
	finding_tell(FINDING_ADVICE, HERE "base", r, 2, "%s has a minimum password age of %" PRIu32
	    " hours, to which a reset is held as well: whoever changed theirs since then is told to "
	    "wait, or to call the service desk", domain, (seconds + 3599) / 3600);
}

static void
tell_domain_unread(struct dir *d, const char *domain)
{
	struct finding_remedy r[REMEDIES];
	size_t n = check_ad_remedies(d, REMEDY_DOMAIN, r);

	finding_tell(FINDING_FAULT, HERE "bind_dn", r, n, "the service account may not read the "
	    "password policy of %s, so nobody is given a new password; let it", domain);
}

static void
check_domain(struct dir *d, const char *domain)
{
	static const char *const wanted[] = {
		"minPwdLength", "pwdHistoryLength", "pwdProperties", "minPwdAge", NULL
	};
	struct dir_entry *e = NULL;

	if (dir_read(d, domain, wanted, &e) != DIR_OK || dir_value(e, "minPwdLength", 0) == NULL ||
	    dir_value(e, "pwdHistoryLength", 0) == NULL || dir_value(e, "pwdProperties", 0) == NULL)
		tell_domain_unread(d, domain);
	else if (dir_flags(e, "pwdProperties") & NO_CLEAR_CHANGE)
		tell_no_clear(domain, dir_flags(e, "pwdProperties"));
	if (e != NULL)
		tell_least_age(d, domain, when_span(dir_value(e, "minPwdAge", 0)));
	dir_entry_free(e);
}

/* ---- Password settings objects -------------------------------------------------------- */

enum { OBJECTS_MOST = 64 };

struct policies {
	size_t	n;
	char	dn[OBJECTS_MOST][DN_LONGEST + 1];
};

/* Those that apply to somebody are named by whom they apply to. */
static void
take_policies(const struct dir_entry *e, void *ctx)
{
	struct policies *p = ctx;
	const char *dn;

	for (size_t i = 0; (dn = dir_value(e, "msDS-PSOApplied", i)) != NULL; i++) {
		size_t known = 0;

		while (known < p->n && strcasecmp(p->dn[known], dn) != 0)
			known++;
		if (known == p->n && p->n < OBJECTS_MOST)
			snprintf(p->dn[p->n++], sizeof p->dn[0], "%s", dn);
	}
}

static bool
is_readable(struct dir *d, const char *dn)
{
	static const char *const wanted[] = {
		"msDS-MinimumPasswordLength", "msDS-PasswordHistoryLength", NULL
	};
	struct dir_entry *e = NULL;
	bool readable = dir_read(d, dn, wanted, &e) == DIR_OK && dir_value(e, wanted[0], 0) != NULL &&
	    dir_value(e, wanted[1], 0) != NULL;

	dir_entry_free(e);
	return readable;
}

static void
check_policies(struct dir *d, const char *domain)
{
	static const char *const wanted[] = { "msDS-PSOApplied", NULL };
	static struct policies policies;
	struct dir_query q = { domain, DIR_BELOW, "(msDS-PSOApplied=*)", wanted };
	char names[512] = "";
	struct finding_remedy r[REMEDIES];
	size_t closed = 0, n;

	policies.n = 0;
	dir_all(d, &q, take_policies, &policies);
	for (size_t i = 0; i < policies.n; i++)
		if (!is_readable(d, policies.dn[i])) {
			size_t len = strlen(names);

			snprintf(names + len, sizeof names - len, "%s%.*s", closed++ > 0 ? ", " : "",
			    (int)strcspn(policies.dn[i], ","), policies.dn[i]);
		}
	if (closed == 0)
		return;
	n = check_ad_remedies(d, REMEDY_POLICIES, r);
	finding_tell(FINDING_FAULT, HERE "bind_dn", r, n, "the service account sees that password policies of their own apply to some people, and not what they say (%s), so "
	    "these people are given no new password; let it read them", names);
}

/* ---- All of it ----------------------------------------------------------------------------- */

/* Accounts of machines and services are often like this. */
static void
count_never(const struct dir_entry *e, void *ctx)
{
	(void)e;
	++*(size_t *)ctx;
}

static void
tell_never(struct dir *d)
{
	const struct directory *s = &registrar.directory;
	char filter[1024];
	struct dir_query q = { s->base, DIR_BELOW, filter, dir_no_attributes };
	size_t n = 0;

	snprintf(filter, sizeof filter, "(&%s(userAccountControl:1.2.840.113556.1.4.803:=65536)"
	    "(!(userAccountControl:1.2.840.113556.1.4.803:=2)))", s->person_filter);
	dir_all(d, &q, count_never, &n);
	if (n > 0)
		finding_tell(FINDING_FACT, "", NULL, 0, "%zu of them %s a password that never expires: they "
		    "are %s, as never_expires says", n, n == 1 ? "has" : "have",
		    s->never_expires == NEVER_EXPIRES_REFUSE ? "not helped" : "helped");
}

void
check_ad(struct dir *d)
{
	static const char *const wanted[] = { "domainFunctionality", NULL };
	struct dir_entry *root = NULL;
	const char *domain;

	if (ad_domain(d, &domain) != DIR_OK)
		return;		/* check_ad_server has said so */
	if (dir_read(d, "", wanted, &root) == DIR_OK &&
	    dir_number(root, "domainFunctionality") < LEVEL_2008)
		finding_advice(HERE "base", "%s is at a functional level before "
		    "Windows Server 2008, which has no password settings objects", domain);
	dir_entry_free(root);
	tell_never(d);
	check_domain(d, domain);
	check_policies(d, domain);
	check_ad_rights(d, domain);
}

/* ---- For whoever else asks: the canary, a refusal ------------------------------------------- */

int
check_ad_lockout(struct dir *d, const struct account *a)
{
	static const char *const resultant[] = { "msDS-ResultantPSO", NULL };
	static const char *const own[] = { "msDS-LockoutThreshold", NULL };
	static const char *const common[] = { "lockoutThreshold", NULL };
	struct dir_entry *person = NULL, *policy = NULL;
	const char *const *wanted;
	const char *domain, *pso;
	int n = -1;

	if (ad_domain(d, &domain) == DIR_OK && dir_read(d, a->dn, resultant, &person) == DIR_OK) {
		pso = dir_value(person, resultant[0], 0);
		wanted = pso != NULL ? own : common;
		if (dir_read(d, pso != NULL ? pso : domain, wanted, &policy) == DIR_OK &&
		    dir_value(policy, wanted[0], 0) != NULL)
			n = (int)dir_number(policy, wanted[0]);
	}
	dir_entry_free(person);
	dir_entry_free(policy);
	return n;
}

size_t
check_ad_remedies(struct dir *d, enum remedy_right right, struct finding_remedy out[REMEDIES])
{
	char container[DN_LONGEST + 1];
	struct remedy_account who;
	const char *domain;

	if (ad_domain(d, &domain) != DIR_OK || check_ad_account(d, domain, &who) == -1)
		return 0;
	snprintf(container, sizeof container, "CN=Password Settings Container,CN=System,%s", domain);
	remedy_grant(right, right == REMEDY_POLICIES ? container : right == REMEDY_DOMAIN ? domain :
	    registrar.directory.base, &who, NULL, out);
	return REMEDIES;
}
