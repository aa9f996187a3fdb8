#include "registrar/settings.h"

#include <string.h>
#include <strings.h>

#include "base/seal.h"
#include "registrar/dialect.h"
#include "wire/house.h"

struct registrar registrar;
struct registrar_keeper registrar_keeper;

static const char *const histories[] = { "require", "emulate", "best-effort", NULL };
static const char *const never_expires[] = { "help", "refuse", NULL };
static const char *const bindings[] = { "none", "tls-unique", "tls-endpoint", NULL };

static const struct setting directory_settings[] = {
	CONF_IS_WORD("dialect", struct directory, dialect, dialect_names, "openldap",
	    "what kind of directory it is"),
	CONF_IS_TEXTS("uris", struct directory, uris, n_uris, 0, "",
	    "its servers, tried in this order, such as ldaps://ldap1.example.nl"),
	CONF_IS_TEXT("domain", struct directory, domain, 0, "",
	    "instead of uris: the domain whose servers the DNS names, the PDC emulator first"),
	CONF_IS_TEXT("site", struct directory, site, 0, "",
	    "with domain: the site whose servers go before all others"),
	CONF_IS_TEXTS("unlock_uris", struct directory, unlock_uris, n_unlock_uris, 0, "",
	    "servers on which a lock is lifted as well, so that people need not wait for it"),
	CONF_IS_BOOL("starttls", struct directory, starttls, "false",
	    "ask for TLS on ldap:// connections; without TLS none is used"),
	CONF_IS_TEXT("ca_file", struct directory, ca_file, 0, "",
	    "the certificates that vouch for the servers; empty: those that the system trusts"),
	CONF_IS_TEXT("mechanism", struct directory, mechanism, 1, "simple",
	    "how to sign in: simple, or a SASL mechanism such as GSSAPI"),
	CONF_IS_WORD("channel_binding", struct directory, channel_binding, bindings, "none",
	    "what of the TLS connection a SASL sign-in is tied to"),
	CONF_IS_TEXT("keytab", struct directory, keytab, 0, "",
	    "for GSSAPI: the file with the service account's Kerberos key"),
	CONF_IS_TEXT("bind_dn", struct directory, bind_dn, 0, "",
	    "the service account; in OpenLDAP it has write, not manage, on userPassword"),
	CONF_IS_TEXT("bind_password_file", struct directory, bind_password_file, 1, "bind.secret",
	    "a file whose first line is the service account's password; not read for GSSAPI"),
	CONF_IS_TEXT("base", struct directory, base, 1, NULL, "people stand below this entry"),
	CONF_IS_TEXT("person_filter", struct directory, person_filter, 0, "",
	    "who is a person; empty: what fits the dialect"),
	CONF_IS_TEXTS("login_attributes", struct directory, login_attributes, n_login_attributes, 0,
	    "", "what people may type as their user name, the user name proper first; "
	    "none: what fits the dialect"),
	CONF_IS_TEXTS("domains", struct directory, domains, n_domains, 0, "",
	    "what may stand behind @ or before \\ in a user name; none: anything"),
	CONF_IS_TEXT("policy", struct directory, policy, 0, "",
	    "the password policy of people who have none of their own (slapd's ppolicy_default)"),
	CONF_IS_TEXT("disabled_filter", struct directory, disabled_filter, 0, "",
	    "who is disabled, besides those whom the password policy bars"),
	CONF_IS_WORD("history", struct directory, history, histories, "require",
	    "where an AD server cannot hold a reset to the history: refuse resets, reset and change, "
	    "or do without"),
	CONF_IS_WORD("never_expires", struct directory, never_expires, never_expires, "help",
	    "whether accounts whose password never expires are helped"),
	CONF_IS_TEXTS("protected_groups", struct directory, protected_groups, n_protected_groups, 0,
	    "", "members of these, also through other groups, are never helped"),
	CONF_IS_TEXTS("allowed_groups", struct directory, allowed_groups, n_allowed_groups, 0, "",
	    "if any: only members of these are helped"),
	CONF_IS_TEXT("mail_attribute", struct directory, mail_attribute, 0, "mail",
	    "the attribute with a person's mail address; empty: nobody gets mail"),
	CONF_IS_TEXTS("other_numbers", struct directory, other_numbers, n_other_numbers, 0, "",
	    "attributes with numbers, besides the proof, that may be told of what was done"),
	{ .name = NULL },
};

static const struct setting registrar_settings[] = {
	CONF_IS_NUMBER("workers", struct registrar, workers, 1, 64, "4",
	    "how many requests are dealt with at a time"),
	CONF_IS_NUMBER("deadline", struct registrar, deadline, 2, 60, "10",
	    "a request that takes more seconds is given up"),
	CONF_IS_TEXTS("ticket_keys", struct registrar, ticket_keys, n_ticket_keys, 1, "ticket.key",
	    "files with the ticket keys; the first line of the first seals, others still open"),
	CONF_IS_TEXT("account_key", struct registrar, account_key, 1, "account.key",
	    "the key file of the hashes that keeper knows people and their numbers by"),
	CONF_IS_TEXT("proof_key", struct registrar, proof_key, 0, "",
	    "the key file of proofs that the directory holds as {HMAC}..."),
	CONF_IS_NUMBER("writes_per_hour", struct registrar, writes_per_hour, 1, 1000000, "1000",
	    "at most so many passwords set and accounts unlocked in an hour"),
	CONF_IS_BOOL("names_extra", struct registrar, names_extra, "false",
	    "given name and surname may not be part of a password either"),
	CONF_IS_GROUP("directory", struct registrar, directory, directory_settings,
	    "where people are"),
	{ .name = NULL },
};

/* What keeper will ask decides what has to be checked; keeper/settings.c says more of these. */
static const struct setting keeper_settings[] = {
	CONF_IS_NUMBER("request_life", struct registrar_keeper, request_life, 3, 120, "12", ""),
	CONF_IS_BOOL("must_change", struct registrar_keeper, must_change, "false", ""),
	{ .name = NULL },
};

const struct conf_section registrar_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house, .size = sizeof house },
	{ .name = "registrar", .table = registrar_settings, .out = &registrar,
	    .size = sizeof registrar },
	{ .name = "portal", .table = NULL },
	{ .name = "keeper", .table = keeper_settings, .out = &registrar_keeper,
	    .size = sizeof registrar_keeper, .part = true },
	{ .name = "courier", .table = NULL },
	CONF_END,
};

const char *const registrar_fixed[] = {
	"runtime", "users", "log", "registrar.writes_per_hour", NULL,
};

enum credential
settings_credential(const struct directory *s)
{
	static const struct {
		const char	*mechanism;
		enum credential	 credential;
	} others[] = {
		{ "GSSAPI", CREDENTIAL_KEY }, { "GSS-SPNEGO", CREDENTIAL_KEY },
		{ "EXTERNAL", CREDENTIAL_CONNECTION },
	};

	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (strcasecmp(s->mechanism, others[i].mechanism) == 0)
			return others[i].credential;
	return CREDENTIAL_PASSWORD;
}

int
settings_password(const struct directory *s, struct secret *password, char *why, size_t size)
{
	password->len = 0;
	password->text[0] = '\0';
	return settings_credential(s) == CREDENTIAL_PASSWORD ?
	    secret_load(password, s->bind_password_file, why, size) : 0;
}
