#include "registrar/ldap/ldap_own.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sasl/sasl.h>

#include "base/log.h"
#include "base/seal.h"

enum { SEALED_LEAST = 128 };	/* as in properties() */

static int
bind_simple(LDAP *ld, const struct dir *d)
{
	struct berval password = {
		.bv_len = d->password->len, .bv_val = (char *)(uintptr_t)d->password->text
	};

	return ldap_sasl_bind_s(ld, d->settings->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL,
	    NULL);
}

/* ---- SASL --------------------------------------------------------------------------- */

/*
 * No kinit, no cron: the library fetches a ticket with the key when it needs one, and
 * keeps it in the memory of the process.
 */
void
dir_keytab(const struct directory *s)
{
	char name[4096] = "FILE:";

	if (s->keytab[0] == '\0')
		return;
	seal_path(s->keytab, name + strlen(name), sizeof name - strlen(name));
	if (setenv("KRB5_CLIENT_KTNAME", name, 1) == -1 ||
	    setenv("KRB5CCNAME", "MEMORY:latchkey", 1) == -1)
		fatal("no memory for the name of the keytab");
}

/* What libsasl2 asks for while it speaks to the server. */
static int
interact(LDAP *ld, unsigned int flags, void *ctx, void *questions)
{
	const struct dir *d = ctx;

	(void)ld;
	(void)flags;
	for (sasl_interact_t *q = questions; q->id != SASL_CB_LIST_END; q++) {
		const char *answer = q->defresult != NULL ? q->defresult : "";

		if (q->id == SASL_CB_AUTHNAME)
			answer = d->settings->bind_dn;
		else if (q->id == SASL_CB_PASS)
			answer = d->password->text;
		q->result = answer;
		q->len = (unsigned int)strlen(answer);
	}
	return LDAP_SUCCESS;
}

/*
 * Inside TLS a layer of SASL's own is forbidden; without TLS there has to be one, and
 * a password may be set only where it is as good as that of TLS ([MS-ADTS] 3.1.1.3.1.5).
 */
static const char *
properties(bool tls)
{
	return tls ? "noanonymous,maxssf=0" : "noanonymous,noplain,minssf=128";
}

static int
bind_channel(LDAP *ld, int binding)
{
#ifdef LDAP_OPT_X_SASL_CBINDING
	static const int kinds[] = {
		[BINDING_NONE] = LDAP_OPT_X_SASL_CBINDING_NONE,
		[BINDING_TLS_UNIQUE] = LDAP_OPT_X_SASL_CBINDING_TLS_UNIQUE,
		[BINDING_TLS_ENDPOINT] = LDAP_OPT_X_SASL_CBINDING_TLS_ENDPOINT,
	};

	return ldap_set_option(ld, LDAP_OPT_X_SASL_CBINDING, &kinds[binding]);
#else
	(void)ld;
	return binding == BINDING_NONE ? LDAP_OPT_SUCCESS : LDAP_OPT_ERROR;
#endif
}

/* What was asked for is one thing, what was agreed on another. */
static bool
is_sealed(LDAP *ld)
{
	ber_len_t bits = 0;

	return ldap_get_option(ld, LDAP_OPT_X_SASL_SSF, &bits) == LDAP_OPT_SUCCESS &&
	    bits >= SEALED_LEAST;
}

static int
bind_sasl(struct dir *d, LDAP *ld, bool tls)
{
	int rc;

	if (ldap_set_option(ld, LDAP_OPT_X_SASL_SECPROPS, properties(tls)) != LDAP_OPT_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_X_SASL_NOCANON, LDAP_OPT_ON) != LDAP_OPT_SUCCESS ||
	    (tls && bind_channel(ld, d->settings->channel_binding) != LDAP_OPT_SUCCESS))
		return LDAP_LOCAL_ERROR;
	rc = ldap_sasl_interactive_bind_s(ld, NULL, d->settings->mechanism, NULL, NULL,
	    LDAP_SASL_QUIET, interact, d);
	return rc == LDAP_SUCCESS && !tls && !is_sealed(ld) ? LDAP_CONFIDENTIALITY_REQUIRED : rc;
}

int
dir_sign_in(struct dir *d, LDAP *ld, bool tls)
{
	return strcmp(d->settings->mechanism, "simple") == 0 ? bind_simple(ld, d) :
	    bind_sasl(d, ld, tls);
}
