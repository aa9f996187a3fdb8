#include "registrar/check/check.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/seal.h"
#include "registrar/account.h"
#include "registrar/check/canary.h"
#include "registrar/check/census.h"
#include "registrar/check/certificate.h"
#include "registrar/dialect.h"
#include "registrar/groups.h"
#include "registrar/ldap/servers.h"
#include "registrar/settings.h"
#include "wire/house.h"

#define HERE "registrar.directory."

/* ---- Without the network ---------------------------------------------------------- */

static void
check_uri(const char *setting, const char *uri)
{
	const struct directory *s = &registrar.directory;

	/* libldap takes a list, and would try the second as if it were the first. */
	if (uri[strcspn(uri, ", \t")] != '\0') {
		finding_fault(setting, "\"%s\" is more than one: put each in quotes of its own", uri);
		return;
	}
	if (strncasecmp(uri, "ldaps://", 8) == 0 || strncasecmp(uri, "ldapi://", 8) == 0)
		return;
	if (strncasecmp(uri, "ldap://", 7) != 0)
		finding_fault(setting, "%s does not begin with ldaps:// or ldap://", uri);
	else if (!s->starttls && settings_credential(s) != CREDENTIAL_KEY)
		finding_fault(setting, "%s would send passwords in clear; write ldaps:// instead, "
		    "or set starttls = true", uri);
}

static void
check_uris(void)
{
	const struct directory *s = &registrar.directory;
	char name[64];

	for (size_t i = 0; i < s->n_uris; i++) {
		snprintf(name, sizeof name, HERE "uris[%zu]", i);
		check_uri(name, s->uris[i]);
	}
	for (size_t i = 0; i < s->n_unlock_uris; i++) {
		snprintf(name, sizeof name, HERE "unlock_uris[%zu]", i);
		check_uri(name, s->unlock_uris[i]);
	}
	if (s->n_uris == 0 && s->domain[0] == '\0')
		finding_fault(HERE "uris", "names no server: write one, such as "
		    "\"ldaps://dc1.example.nl\", or the domain whose servers the DNS names");
	if (s->n_uris > 0 && s->domain[0] != '\0')
		finding_advice(HERE "domain", "is not used, because uris names the servers");
	if (s->site[0] != '\0' && s->domain[0] == '\0')
		finding_advice(HERE "site", "is of use only with domain");
}

/* Who we are to the servers, and what proves it. */
static void
check_sign_in(struct secret *password)
{
	const struct directory *s = &registrar.directory;
	enum credential by = settings_credential(s);
	char why[512], keytab[4096];

	seal_path(s->keytab, keytab, sizeof keytab);
	if (by == CREDENTIAL_PASSWORD && s->bind_dn[0] == '\0')
		finding_fault(HERE "bind_dn", "is empty: name the service account, which "
		    "mechanism = \"%s\" signs in as (the DN for simple, else the user name)",
		    s->mechanism);
	if (by == CREDENTIAL_KEY && (s->keytab[0] == '\0' || access(keytab, R_OK) == -1))
		finding_fault(HERE "keytab", "%s: mechanism = \"%s\" needs a keytab that this user "
		    "may read; make one with: samba-tool domain exportkeytab FILE "
		    "--principal=ACCOUNT, or on Windows: ktpass -princ ACCOUNT@REALM -mapuser ACCOUNT "
		    "-crypto AES256-SHA1 -ptype KRB5_NT_PRINCIPAL -pass * -out FILE",
		    s->keytab[0] == '\0' ? "none is named" : keytab, s->mechanism);
	if (s->channel_binding != BINDING_NONE && strcmp(s->mechanism, "simple") == 0)
		finding_fault(HERE "channel_binding", "is set, and mechanism = \"simple\" cannot be "
		    "tied to a connection: leave it out, or write mechanism = \"GSSAPI\"");
	if (settings_password(s, password, why, sizeof why) == -1)
		finding_fault(HERE "bind_password_file", "%s", why);
}

/* A filter from the settings becomes part of ours, so it has to be whole. */
static void
check_filter(const char *setting, const char *filter)
{
	int open = 0;

	for (const char *p = filter; *p != '\0' && open >= 0; p++) {
		open += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		if (open == 0 && p[1] != '\0')
			open = -1;
	}
	if (filter[0] != '\0' && (filter[0] != '(' || open != 0))
		finding_fault(setting, "%s is not one filter between parentheses", filter);
}

/* Attribute names become parts of filters: letters, digits, hyphens, options; or an OID. */
static void
check_attribute(const char *setting, const char *name)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-;.";

	if (name[0] == '\0' || name[strspn(name, ok)] != '\0')
		finding_fault(setting, "\"%s\" is no name of an attribute", name);
}

static void
check_attributes(void)
{
	const struct directory *s = &registrar.directory;
	char setting[64];

	for (size_t i = 0; i < s->n_login_attributes; i++)
		check_attribute(HERE "login_attributes", s->login_attributes[i]);
	for (size_t i = 0; i < house.n_proofs; i++) {
		snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
		check_attribute(setting, house.proofs[i].attribute);
	}
}

static void
check_files(void)
{
	const struct directory *s = &registrar.directory;
	char why[512];
	struct key key, before;

	for (size_t i = 0; i < registrar.n_ticket_keys; i++)
		if (key_load_two(&key, &before, registrar.ticket_keys[i], why, sizeof why) == -1)
			finding_fault("registrar.ticket_keys", "%s", why);
	key_wipe(&before);
	if (key_load(&key, registrar.account_key, why, sizeof why) == -1)
		finding_fault("registrar.account_key", "%s; where an earlier version worked without "
		    "it, it is a copy of the ticket key", why);
	if (registrar.proof_key[0] != '\0' &&
	    key_load(&key, registrar.proof_key, why, sizeof why) == -1)
		finding_fault("registrar.proof_key", "%s", why);
	key_wipe(&key);
	if (s->ca_file[0] != '\0' && access(s->ca_file, R_OK) == -1)
		finding_fault(HERE "ca_file", "%s cannot be read by this user", s->ca_file);
}

/*
 * Keeper must not give a worker up that still works.  It may wait a second before a
 * write is begun, and a second is for the way.
 */
static void
check_patience(void)
{
	if (registrar_keeper.request_life < registrar.deadline + 2)
		finding_fault("keeper.request_life", "is %d, and registrar.deadline is %d: keeper "
		    "would give up what registrar still does; write keeper.request_life = %d, or more",
		    registrar_keeper.request_life, registrar.deadline, registrar.deadline + 2);
}

/* ---- With the directory -------------------------------------------------------------- */

/* What libldap says of a failure, and what mends it. */
static const struct {
	const char	*said, *mend;
} mends[] = {
	/* What AD says of an account whose password was right, or that is locked: [MS-ERREF]. */
	{ "data 775", "the service account is locked: unlock it, and find out who tries its password" },
	{ "data 533", "the service account is disabled: enable it" },
	{ "data 532", "the password of the service account has expired: set one that does not" },
	{ "data 773", "the password of the service account has to be changed: set one that has not" },
	{ "data 701", "the service account has ended: see accountExpires" },
	{ "80090346", "the server wants the sign-in tied to the TLS connection: write "
	    "channel_binding = \"tls-endpoint\"" },
	{ "Strong(er) authentication", "the server takes no sign-in that is not signed: with a password "
	    "write ldaps://, or starttls = true; with Kerberos ldap://, and starttls = false" },
	{ "No worthy mechs", "this machine or the server lacks it: install libsasl2's module for it "
	    "(for GSSAPI libsasl2-modules-gssapi-mit or cyrus-sasl-gssapi), or mend mechanism" },
	{ "No Kerberos credentials", "the key in keytab fits no account: make a new one" },
	{ "not found in Kerberos database", "no account of the domain has the name ldap/ and what uris "
	    "says: write the server's own full name there, no address" },
	{ "Clock skew too great", "let this machine and the domain follow the same clock" },
	{ "Cannot contact any KDC", "krb5.conf or the DNS has to lead to a domain controller, on port 88" },
	{ "Preauthentication failed", "the keytab is older than the account's password: make a new one" },
	{ "Invalid credentials", "mend bind_dn, or the first line of bind_password_file" },
	{ "StartTLS", "this server does not offer StartTLS, or not here: write ldaps://" },
	{ "Can't contact", "is it running, is the port right and one for TLS, does a firewall stand "
	    "between?" },
	{ "", "look in the server's log" },
};

static void
explain_server(struct dir *d, const char *setting, const char *uri, const char *said)
{
	unsigned char der[8192];
	size_t len = dir_certificate(d, uri, der, sizeof der), m = 0;
	char why[512];

	if (len > 0 && certificate_fault(der, len, uri, registrar.directory.ca_file, why, sizeof why)) {
		finding_fault(setting, "%s: %s", uri, why);
		return;
	}
	while (strstr(said, mends[m].said) == NULL)
		m++;
	finding_fault(setting, "%s; %s", said, mends[m].mend);
}

/* Each server is one machine: what one has done another does not know at once. */
static void
check_name(const char *setting, const char *uri)
{
	size_t n = servers_behind(uri);

	if (n > 1)
		finding_advice(setting, "%s stands for %zu machines, and which of them is asked is left "
		    "to chance: name each by its own name, or leave uris empty and set domain, so "
		    "that people are told rightly what was done", uri, n);
}

/* All of them; then the first that could be reached is the one that everything is asked of. */
static const char *
check_servers(struct dir *d)
{
	static struct servers list;
	const char *first = NULL;
	char why[512], name[64] = HERE "domain";

	servers_list(&registrar.directory, &list);
	if (list.n == 0)
		finding_fault(name, "the DNS names no servers of %s; see whether this finds any: "
		    "host -t SRV _ldap._tcp.dc._msdcs.%s", registrar.directory.domain,
		    registrar.directory.domain);
	for (size_t i = 0; i < list.n; i++) {
		const char *uri = list.uri[i];

		if (registrar.directory.n_uris > 0)
			snprintf(name, sizeof name, HERE "uris[%zu]", i);
		check_name(name, uri);
		if (dir_connect(d, uri, why, sizeof why) != DIR_OK) {
			explain_server(d, name, uri, why);
			continue;
		}
		first = first == NULL ? uri : first;
		if (dialect()->check_server != NULL)
			dialect()->check_server(d, name, uri);
	}
	for (size_t i = 0; i < registrar.directory.n_unlock_uris; i++) {
		const char *uri = registrar.directory.unlock_uris[i];

		snprintf(name, sizeof name, HERE "unlock_uris[%zu]", i);
		if (dir_connect(d, uri, why, sizeof why) != DIR_OK)
			explain_server(d, name, uri, why);
	}
	return first != NULL && dir_connect(d, first, why, sizeof why) == DIR_OK ? first : NULL;
}

static bool
is_there(struct dir *d, enum dir_scope scope, const char *base, const char *filter)
{
	return dir_exists(d, scope, base, filter) == DIR_OK;
}

/* By Kerberos it has no name in the settings. */
static const char *
service_account(void)
{
	const char *name = registrar.directory.bind_dn;

	return name[0] != '\0' ? name : "the service account";
}

static void
check_entry(struct dir *d, const char *setting, const char *what, const char *dn)
{
	if (!is_there(d, DIR_ENTRY, dn, "(objectClass=*)"))
		finding_fault(setting, "the %s %s is not there, or %s may not read it", what, dn,
		    service_account());
}

static void
check_groups(struct dir *d)
{
	static const char *const settings[GROUPS__COUNT] = {
		[GROUPS_PROTECTED] = HERE "protected_groups",
		[GROUPS_ALLOWED] = HERE "allowed_groups", [GROUPS_POLICY] = "policies",
	};
	const char *name;

	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; (name = groups_name((enum group_list)list, i)) != NULL; i++)
			if (name[0] != '\0')
				check_entry(d, settings[list], "group", name);
}

static void
check_places(struct dir *d)
{
	for (size_t i = 0; i < house.n_policies; i++) {
		const char *below = house.policies[i].below;

		if (below[0] != '\0' && !dir_dn_below(below, registrar.directory.base))
			finding_fault("policies", "\"%s\" is for nobody: %s is outside of "
			    "registrar.directory.base", house.policies[i].name, below);
		else if (below[0] != '\0')
			check_entry(d, "policies", "entry", below);
	}
}

/* False where there is nobody to look at. */
static bool
check_people(struct dir *d)
{
	struct directory *s = &registrar.directory;

	if (!is_there(d, DIR_ENTRY, s->base, "(objectClass=*)")) {
		finding_fault(HERE "base", "%s is not there, or %s may not read it", s->base,
		    service_account());
		return false;
	}
	if (!is_there(d, DIR_BELOW, s->base, s->person_filter)) {
		finding_fault(HERE "person_filter", "%s finds nobody below %s", s->person_filter,
		    s->base);
		return false;
	}
	census_take(d);
	check_groups(d);
	check_places(d);
	if (s->n_protected_groups == 0 && !dialect()->guards_admins)
		finding_advice(HERE "protected_groups", "is empty: administrators are helped like "
		    "everybody else");
	return true;
}

/* What the settings leave to the dialect. */
static void
fill_in(void)
{
	struct directory *s = &registrar.directory;

	if (s->person_filter[0] == '\0')
		snprintf(s->person_filter, sizeof s->person_filter, "%s", dialect()->person_filter);
	if (s->n_login_attributes > 0)
		return;
	for (const char *const *a = dialect()->login_attributes; *a != NULL; a++)
		snprintf(s->login_attributes[s->n_login_attributes++],
		    sizeof s->login_attributes[0], "%s", *a);
}

void
check_all(void)
{
	struct secret password = { .len = 0 };
	const char *uri;
	struct dir *d;
	int before;

	/* One of these is no reason to leave the directory alone. */
	check_patience();
	before = finding_faults();
	fill_in();
	check_uris();
	check_filter(HERE "person_filter", registrar.directory.person_filter);
	check_filter(HERE "disabled_filter", registrar.directory.disabled_filter);
	check_attributes();
	check_files();
	check_sign_in(&password);
	if (finding_faults() == before && finding_checking()) {
		d = dir_new(&registrar.directory, &password);
		uri = check_servers(d);
		if (uri != NULL && check_people(d))
			dialect()->check(d);
		if (uri != NULL && canary_name != NULL)
			canary_run(d, uri);
		dir_free(d);
	}
	secret_wipe(&password);
}
