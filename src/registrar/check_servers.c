#include "registrar/check_servers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/program.h"
#include "base/seal.h"
#include "registrar/certificate.h"
#include "registrar/dialect.h"
#include "registrar/settings.h"
#include "registrar/sign_in.h"

#define HERE "registrar.directory."

/* ---- Without the network ---------------------------------------------------------- */

static bool
begins(const char *uri, const char *scheme)
{
	return strncasecmp(uri, scheme, strlen(scheme)) == 0;
}

/* Return whether it is no good. */
static int
check_uri(const char *setting, size_t i, const char *uri)
{
	const struct directory *s = &registrar.directory;
	bool plain = begins(uri, "ldap://");
	char name[64];

	snprintf(name, sizeof name, HERE "%s[%zu]", setting, i);
	if (!plain && !begins(uri, "ldaps://") && !begins(uri, "ldapi://")) {
		program_fault(0, name, "%s does not begin with ldaps:// or ldap://", uri);
		return 1;
	}
	if (plain && !s->starttls && !sign_in(s)->seals) {
		program_fault(0, name, "%s would send passwords in clear; write ldaps:// instead, "
		    "or set starttls = true, or mechanism = \"GSSAPI\", which encrypts by itself", uri);
		return 1;
	}
	return 0;
}

static int
check_uris(void)
{
	const struct directory *s = &registrar.directory;
	int bad = 0;

	for (size_t i = 0; i < s->n_uris; i++)
		bad += check_uri("uris", i, s->uris[i]);
	for (size_t i = 0; i < s->n_unlock_uris; i++)
		bad += check_uri("unlock_uris", i, s->unlock_uris[i]);
	if ((s->n_uris == 0) == (s->domain[0] == '\0')) {
		program_fault(0, HERE "uris", s->n_uris == 0 ? "is empty, and so is domain: name the "
		    "servers, such as ldaps://dc1.example.nl, or the domain whose servers the DNS knows" :
		    "and domain are both set: leave one of them out");
		bad++;
	}
	return bad;
}

static int
check_mechanism(void)
{
	const struct directory *s = &registrar.directory;
	int bad = 0;

	if (sign_in(s)->kerberos && s->keytab[0] == '\0') {
		program_fault(0, HERE "keytab", "is empty, and mechanism = \"%s\" signs in with a key: "
		    "have one exported, such as with samba-tool domain exportkeytab, and name its file",
		    s->mechanism);
		bad++;
	} else if (sign_in(s)->kerberos && access(s->keytab, R_OK) == -1) {
		program_fault(0, HERE "keytab", "%s cannot be read by this user; chown it to the user of "
		    "latchkey-registrar", s->keytab);
		bad++;
	}
	if (sign_in(s)->password && s->bind_dn[0] == '\0') {
		program_fault(0, HERE "bind_dn", "is empty, and mechanism = \"%s\" signs in by name and "
		    "password: write the service account's %s", s->mechanism,
		    sign_in(s)->simple ? "DN" : "user name");
		bad++;
	}
	if (s->channel_binding != BINDING_NONE && !sign_in(s)->kerberos &&
	    strcasestr(s->mechanism, "-PLUS") == NULL) {
		program_fault(0, HERE "channel_binding", "is set, and mechanism = \"%s\" cannot be tied to "
		    "a connection; leave it out, or write mechanism = \"GSSAPI\"", s->mechanism);
		bad++;
	}
	return bad;
}

int
check_sign_in(struct secret *password)
{
	const struct directory *s = &registrar.directory;
	int bad = check_uris() + check_mechanism();
	char why[512];

	if (sign_in(s)->password &&
	    secret_load(password, s->bind_password_file, why, sizeof why) == -1) {
		program_fault(0, HERE "bind_password_file", "%s", why);
		bad++;
	}
	if (s->ca_file[0] != '\0' && access(s->ca_file, R_OK) == -1) {
		program_fault(0, HERE "ca_file", "%s cannot be read by this user", s->ca_file);
		bad++;
	}
	return bad;
}

/* ---- With the directory -------------------------------------------------------------- */

/* What libldap, libsasl2, libkrb5 or the server say of a failure, and what mends it. */
static const struct {
	const char	*said, *mend;
} mends[] = {
	{ "data 35b", "this server wants sign-ins tied to the TLS connection: write "
	    "channel_binding = \"tls-endpoint\", or name it as ldap://, where Kerberos itself "
	    "encrypts" },
	{ "Sign or Seal are required", "inside TLS this server takes no such sign-in: name it as "
	    "ldap:// without starttls, where Kerberos itself encrypts, or have it accept channel "
	    "binding (Samba 4.21 or later) and write channel_binding = \"tls-endpoint\"" },
	{ "Strong(er) authentication", "this server takes no such sign-in; write ldaps://" },
	{ "Invalid credentials", "mend bind_dn, or the first line of bind_password_file" },
	{ "no mechanism available", "this machine or the server lacks it: install libsasl2's module "
	    "for it (for GSSAPI libsasl2-modules-gssapi-mit or cyrus-sasl-gssapi), or mend mechanism" },
	{ "contact any KDC", "no Kerberos server answers: see /etc/krb5.conf and the firewall (88)" },
	{ "not found in Kerberos", "Kerberos knows the server by another name: write in uris the name "
	    "that its ldap/ principal has, no address and no alias" },
	{ "Kerberos credentials", "the key in keytab does not fit: have it exported again; a change of "
	    "the account's password makes it useless" },
	{ "Preauthentication failed", "the key in keytab does not fit: have it exported again; a "
	    "change of the account's password makes it useless" },
	{ "Clock skew", "let this machine and the server follow the same clock" },
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
		program_fault(0, setting, "%s: %s", uri, why);
		return;
	}
	while (strstr(said, mends[m].said) == NULL)
		m++;
	program_fault(0, setting, "%s; %s", said, mends[m].mend);
}

/* All of them; then the first that could be reached is the one that everything is asked of. */
const char *
check_servers(struct dir *d)
{
	const char *first = NULL;
	char why[512], name[64];

	for (size_t i = 0; i < registrar.directory.n_uris; i++) {
		const char *uri = registrar.directory.uris[i];

		snprintf(name, sizeof name, HERE "uris[%zu]", i);
		if (dir_connect(d, uri, why, sizeof why) != DIR_OK) {
			explain_server(d, name, uri, why);
			continue;
		}
		first = first == NULL ? uri : first;
		if (dialect()->check_server != NULL)
			dialect()->check_server(d, name, uri);
	}
	return first != NULL && dir_connect(d, first, why, sizeof why) == DIR_OK ? first : NULL;
}
