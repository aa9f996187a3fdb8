#include "registrar/settings.h"

#include "registrar/dialect.h"
#include "wire/house.h"

struct registrar registrar;

static const struct setting directory_settings[] = {
	CONF_IS_WORD("dialect", struct directory, dialect, dialect_names, "openldap",
	    "what kind of directory it is"),
	CONF_IS_TEXTS("uris", struct directory, uris, n_uris, 1, "",
	    "its servers, tried in this order, such as ldaps://ldap1.example.nl"),
	CONF_IS_BOOL("starttls", struct directory, starttls, "false",
	    "ask for TLS on ldap:// connections; without TLS none is used"),
	CONF_IS_TEXT("ca_file", struct directory, ca_file, 0, "",
	    "the certificates that vouch for the servers; empty: those that the system trusts"),
	CONF_IS_TEXT("bind_dn", struct directory, bind_dn, 1, NULL,
	    "the service account, which has write, not manage, on userPassword"),
	CONF_IS_TEXT("bind_password_file", struct directory, bind_password_file, 1, "bind.secret",
	    "a file whose first line is the service account's password"),
	CONF_IS_TEXT("base", struct directory, base, 1, NULL, "people stand below this entry"),
	CONF_IS_TEXT("person_filter", struct directory, person_filter, 3,
	    "(objectClass=inetOrgPerson)", "who is a person"),
	CONF_IS_TEXTS("login_attributes", struct directory, login_attributes, n_login_attributes, 1,
	    "uid mail", "what people may type as their user name; the first is the user name proper"),
	CONF_IS_TEXTS("domains", struct directory, domains, n_domains, 0, "",
	    "what may stand behind @ or before \\ in a user name; none: anything"),
	CONF_IS_TEXT("policy", struct directory, policy, 0, "",
	    "the password policy of people who have none of their own (slapd's ppolicy_default)"),
	CONF_IS_TEXT("disabled_filter", struct directory, disabled_filter, 0, "",
	    "who is disabled, besides those whom the password policy bars"),
	CONF_IS_TEXTS("protected_groups", struct directory, protected_groups, n_protected_groups, 0,
	    "", "members of these, also through other groups, are never helped"),
	CONF_IS_TEXTS("allowed_groups", struct directory, allowed_groups, n_allowed_groups, 0, "",
	    "if any: only members of these are helped"),
	{ .name = NULL },
};

static const struct setting registrar_settings[] = {
	CONF_IS_NUMBER("workers", struct registrar, workers, 1, 64, "4",
	    "how many requests are dealt with at a time"),
	CONF_IS_NUMBER("deadline", struct registrar, deadline, 2, 60, "10",
	    "a request that takes more seconds is given up"),
	CONF_IS_TEXTS("ticket_keys", struct registrar, ticket_keys, n_ticket_keys, 1, "ticket.key",
	    "files with the ticket keys; the first seals, a second still opens"),
	CONF_IS_NUMBER("writes_per_hour", struct registrar, writes_per_hour, 1, 1000000, "1000",
	    "at most so many passwords set and accounts unlocked in an hour"),
	CONF_IS_BOOL("names_extra", struct registrar, names_extra, "false",
	    "given name and surname may not be part of a password either"),
	CONF_IS_GROUP("directory", struct registrar, directory, directory_settings,
	    "where people are"),
	{ .name = NULL },
};

const struct conf_section registrar_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house },
	{ .name = "registrar", .table = registrar_settings, .out = &registrar },
	{ .name = "portal", .table = NULL },
	{ .name = "keeper", .table = NULL },
	{ .name = "courier", .table = NULL },
	CONF_END,
};
