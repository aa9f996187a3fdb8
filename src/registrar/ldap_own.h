/*
 * ldap_own.h - what only the files that call libldap (ldap*.c) know of each other.
 */
#ifndef REGISTRAR_LDAP_OWN_H
#define REGISTRAR_LDAP_OWN_H

#include <sys/time.h>

#include <ldap.h>

#include "registrar/ldap.h"

enum { ATTRIBUTES_MOST = 32 };

struct dir {
	const struct directory	*settings;
	struct secret		 password;
	LDAP			*ld;		/* bound, or NULL */
	size_t			 server;	/* which of settings->uris */
	bool			 staying;	/* with that one */
	enum { HINTS_UNKNOWN, HINTS_NONE, HINTS_OLD, HINTS_NEW } hints;	/* of this connection */
};

struct dir_entry {
	char	*dn;
	size_t	 n;
	struct {
		const char	 *name;
		struct berval	**values;
	} attribute[ATTRIBUTES_MOST];
};

/** dir_connected(dir): be connected; 0, or -1. */
int dir_connected(struct dir *);

/** dir_sign_in_prepare(settings): once in each process, before the first sign-in. */
void dir_sign_in_prepare(const struct directory *);

/** dir_sign_in(ld, dir, inside_tls): sign in on ${ld}; return libldap's result. */
int dir_sign_in(LDAP *, struct dir *, bool inside_tls);

/** dir_hang_up(dir): what is asked next is asked on a fresh connection. */
void dir_hang_up(struct dir *);

/** dir_is_lost(rc): libldap's result says that the server does not serve now. */
bool dir_is_lost(int rc);

/** dir_entry_new(ld, message, attributes): an entry of an answer. */
struct dir_entry *dir_entry_new(LDAP *, LDAPMessage *, const char *const *attributes);

#endif
