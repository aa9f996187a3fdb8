/*
 * ldap_sign_in.c - proving to one server who we are.
 *
 * Inside TLS no mechanism encrypts once more: Active Directory refuses that.  Without
 * TLS only those that encrypt are used, and no password is sent before they do.
 */
#include "registrar/ldap_own.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sasl/sasl.h>

#include "base/log.h"
#include "registrar/sign_in.h"

enum { SEALED_LEAST = 128 };	/* bits: what [MS-ADTS] 3.1.1.3.1.5 wants for a password */

void
dir_sign_in_prepare(const struct directory *s)
{
	char keytab[sizeof "FILE:" + sizeof s->keytab];

	if (!sign_in(s)->kerberos)
		return;
	snprintf(keytab, sizeof keytab, "FILE:%s", s->keytab);
	/* So libkrb5 fetches tickets itself, again before they end, and writes them nowhere. */
	if (setenv("KRB5_CLIENT_KTNAME", keytab, 1) == -1 ||
	    setenv("KRB5CCNAME", "MEMORY:latchkey", 1) == -1)
		fatal("no memory for the name of the keytab");
}

static int
simple(LDAP *ld, const struct dir *d)
{
	struct berval password = {
		.bv_len = d->password.len, .bv_val = (char *)(uintptr_t)d->password.text
	};

	return ldap_sasl_bind_s(ld, d->settings->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL,
	    NULL);
}

/* libsasl2 asks for what the mechanism needs; Kerberos knows its own name. */
static int
tell_sasl(LDAP *ld, unsigned int flags, void *ctx, void *asked)
{
	const struct dir *d = ctx;
	const struct sign_in *way = sign_in(d->settings);

	(void)ld;
	(void)flags;
	for (sasl_interact_t *i = asked; i->id != SASL_CB_LIST_END; i++) {
		i->result = "";
		i->len = 0;
		if (way->password && i->id == SASL_CB_AUTHNAME) {
			i->result = d->settings->bind_dn;
			i->len = (unsigned int)strlen(d->settings->bind_dn);
		} else if (way->password && i->id == SASL_CB_PASS) {
			i->result = d->password.text;
			i->len = (unsigned int)d->password.len;
		}
	}
	return LDAP_SUCCESS;
}

static int
set_sasl_options(LDAP *ld, const struct directory *s, bool inside_tls)
{
	static const int bindings[] = {
		[BINDING_NONE] = LDAP_OPT_X_SASL_CBINDING_NONE,
		[BINDING_TLS_UNIQUE] = LDAP_OPT_X_SASL_CBINDING_TLS_UNIQUE,
		[BINDING_TLS_ENDPOINT] = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT,
	};
	char wanted[64];

	snprintf(wanted, sizeof wanted, inside_tls ? "noanonymous,maxssf=0" :
	    "noanonymous,noplain,minssf=%d", SEALED_LEAST);
	/* Kerberos names of servers come from the settings, not from who says what an address is. */
	return ldap_set_option(ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) == LDAP_OPT_SUCCESS &&
	    ldap_set_option(ld, LDAP_OPT_X_SASL_SECPROPS, wanted) == LDAP_OPT_SUCCESS &&
	    ldap_set_option(ld, LDAP_OPT_X_SASL_CBINDING, &bindings[s->channel_binding]) ==
	    LDAP_OPT_SUCCESS ? LDAP_SUCCESS : LDAP_PARAM_ERROR;
}

int
dir_sign_in(LDAP *ld, struct dir *d, bool inside_tls)
{
	ber_len_t sealed = 0;
	int rc;

	if (sign_in(d->settings)->simple)
		return inside_tls ? simple(ld, d) : LDAP_CONFIDENTIALITY_REQUIRED;
	if ((rc = set_sasl_options(ld, d->settings, inside_tls)) == LDAP_SUCCESS)
		rc = ldap_sasl_interactive_bind_s(ld, NULL, d->settings->mechanism, NULL, NULL,
		    LDAP_SASL_QUIET, tell_sasl, d);
	if (rc != LDAP_SUCCESS || inside_tls)
		return rc;
	/* What was asked for is one thing, what was agreed on another. */
	if (ldap_get_option(ld, LDAP_OPT_X_SASL_SSF, &sealed) != LDAP_OPT_SUCCESS ||
	    sealed < SEALED_LEAST)
		return LDAP_CONFIDENTIALITY_REQUIRED;
	return LDAP_SUCCESS;
}
