/*
 * settings.h - the section "registrar" of the settings file.
 */
#ifndef REGISTRAR_SETTINGS_H
#define REGISTRAR_SETTINGS_H

#include "base/conf.h"

enum { URIS_MOST = 8, LOGINS_MOST = 6, DOMAINS_MOST = 16, GROUPS_MOST = 16, TICKET_KEYS_MOST = 2 };

struct directory {
	int	dialect;		/* an index into dialects */
	char	uris[URIS_MOST][256];
	size_t	n_uris;
	bool	starttls;
	char	ca_file[256];
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
	char	protected_groups[GROUPS_MOST][512];
	size_t	n_protected_groups;
	char	allowed_groups[GROUPS_MOST][512];
	size_t	n_allowed_groups;
};

struct registrar {
	int		 workers;
	int		 deadline;
	char		 ticket_keys[TICKET_KEYS_MOST][256];
	size_t		 n_ticket_keys;
	int		 writes_per_hour;
	bool		 names_extra;
	struct directory directory;
};

extern struct registrar registrar;

/* For program_main: the house's settings and ours; the other rooms' are not looked into. */
extern const struct conf_section registrar_sections[];

#endif
