/*
 * settings.h - the section "registrar" of the settings file.
 */
#ifndef REGISTRAR_SETTINGS_H
#define REGISTRAR_SETTINGS_H

#include "base/conf.h"
#include "base/secret.h"

enum { URIS_MOST = 8, LOGINS_MOST = 6, DOMAINS_MOST = 16, GROUPS_MOST = 16, NUMBERS_MOST = 4, TICKET_KEYS_MOST = 2 };

/* What a reset may cost where the server itself would not look at the history. */
enum history { HISTORY_REQUIRE, HISTORY_EMULATE, HISTORY_BEST_EFFORT };

enum never_expires { NEVER_EXPIRES_HELP, NEVER_EXPIRES_REFUSE };

/* What of the TLS connection a SASL bind is tied to. */
enum channel_binding { BINDING_NONE, BINDING_TLS_UNIQUE, BINDING_TLS_ENDPOINT };

struct directory {
	int	dialect;		/* an index into dialects */
	char	uris[URIS_MOST][256];
	size_t	n_uris;
	char	domain[256], site[64];	/* where uris is empty: ask the DNS */
	char	unlock_uris[URIS_MOST][256];
	size_t	n_unlock_uris;
	bool	starttls;
	char	ca_file[256];
	char	mechanism[32];	/* "simple", or one of SASL's */
	int	channel_binding;
	char	keytab[256];
	char	bind_dn[512];
	char	bind_password_file[256];
	char	base[512];
	char	person_filter[512];
	char	login_attributes[LOGINS_MOST][64];
	size_t	n_login_attributes;
	char	domains[DOMAINS_MOST][128];
	size_t	n_domains;
	char	policy[512];
	char	disabled_filter[512];
	int	history;
	int	never_expires;
	char	protected_groups[GROUPS_MOST][512];
	size_t	n_protected_groups;
	char	allowed_groups[GROUPS_MOST][512];
	size_t	n_allowed_groups;
	char	mail_attribute[64];
	char	other_numbers[NUMBERS_MOST][64];
	size_t	n_other_numbers;
};

struct registrar {
	int		 workers;
	int		 deadline;
	char		 ticket_keys[TICKET_KEYS_MOST][256];
	size_t		 n_ticket_keys;
	char		 account_key[256];
	char		 proof_key[256];
	int		 writes_per_hour;
	bool		 names_extra;
	struct directory directory;
};

extern struct registrar registrar;

/* What shows a server who we are: a password, a Kerberos key, or the connection itself. */
enum credential { CREDENTIAL_PASSWORD, CREDENTIAL_KEY, CREDENTIAL_CONNECTION };

/** settings_credential(directory): that of its mechanism.  With a key the mechanism also seals. */
enum credential settings_credential(const struct directory *);

/** settings_password(directory, password, why, size): empty where the mechanism needs none. */
int settings_password(const struct directory *, struct secret *, char *why, size_t size);

/* Of the section "keeper", what has to go with ours. */
struct registrar_keeper {
	int	request_life;
	bool	must_change;
};

extern struct registrar_keeper registrar_keeper;

/* For program_main: the house's settings and ours; the other rooms' are not looked into. */
extern const struct conf_section registrar_sections[];

/* What counts from the start only; the ring that counts writes is as long as their limit. */
extern const char *const registrar_fixed[];

#endif
