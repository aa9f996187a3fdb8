/*
 * sign_in.h - what each way to sign in at the directory needs, and gives.
 */
#ifndef REGISTRAR_SIGN_IN_H
#define REGISTRAR_SIGN_IN_H

#include "registrar/settings.h"

struct sign_in {
	const char	*mechanism;	/* NULL: any other of SASL's */
	bool		 simple;	/* LDAP's own, without SASL */
	bool		 kerberos;	/* by a key in keytab */
	bool		 password;	/* by bind_dn and the password */
	bool		 seals;		/* encrypts a connection that has no TLS */
};

/** sign_in(settings): the way that ${settings} name. */
const struct sign_in *sign_in(const struct directory *);

/** sign_in_who(settings): the service account, for the admin. */
const char *sign_in_who(const struct directory *);

#endif
