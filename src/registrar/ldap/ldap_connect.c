#include "registrar/ldap/ldap_own.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	CONNECT_MS	= 3000,	/* for each step towards a server */
	HANDSHAKE_MENDED = 20609
};

/* ---- Connecting ---------------------------------------------------------------- */

/*
 * Before 2.6.9 a server that stalls in the TLS handshake hangs libldap for ever
 * unless it connects asynchronously; from there on it is the other way round
 * (ITS#8047).  Only the library that is loaded knows which it is.
 */
static bool
handshake_needs_async(void)
{
	LDAPAPIInfo info = { .ldapai_info_version = LDAP_API_INFO_VERSION };
	int version;

	if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) != LDAP_OPT_SUCCESS)
		return false;
	version = info.ldapai_vendor_version;
	ldap_memfree(info.ldapai_vendor_name);
	ber_memvfree((void **)info.ldapai_extensions);
	return version < HANDSHAKE_MENDED;
}

/*
 * Reaching it, TLS and signing in are waited for one by one: each gets what those
 * before it have left, or a server that is slow at all of them would take more than
 * there is.
 */
static int
limit(LDAP *ld, const struct dir *d, int most)
{
	struct timeval patience = dir_answer_time(d);

	if (patience.tv_sec * 1000 >= most)
		patience = (struct timeval){ .tv_sec = most / 1000 };
	ldap_set_option(ld, LDAP_OPT_NETWORK_TIMEOUT, &patience);
	ldap_set_option(ld, LDAP_OPT_TIMEOUT, &patience);
	return (int)(patience.tv_sec * 1000 + patience.tv_usec / 1000);
}

/*
 * Some libraries between these versions hang in a handshake whatever they are told: the
 * socket has to know as well how long to wait.  They call this when there is one.
 */
static int
limit_socket(LDAP *ld, Sockbuf *sb, LDAPURLDesc *server, struct sockaddr *address,
    struct ldap_conncb *self)
{
	struct timeval *patience = NULL;
	ber_socket_t fd = -1;

	(void)server;
	(void)address;
	(void)self;
	if (ldap_get_option(ld, LDAP_OPT_NETWORK_TIMEOUT, &patience) == LDAP_OPT_SUCCESS &&
	    patience != NULL && ber_sockbuf_ctrl(sb, LBER_SB_OPT_GET_FD, &fd) == 1) {
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, patience, sizeof *patience);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, patience, sizeof *patience);
	}
	ldap_memfree(patience);
	return 0;
}

static void
forget_socket(LDAP *ld, Sockbuf *sb, struct ldap_conncb *self)
{
	(void)ld;
	(void)sb;
	(void)self;
}

static int
set_options(LDAP *ld, const struct dir *d)
{
	int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, never = LDAP_DEREF_NEVER;
	int server = 0, tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
	static struct ldap_conncb connected = { limit_socket, forget_socket, NULL };
	const struct directory *s = d->settings;
	const struct {
		int		 option;
		const void	*value;
	} options[] = {
		{ LDAP_OPT_PROTOCOL_VERSION, &version },
		{ LDAP_OPT_REFERRALS, LDAP_OPT_OFF },
		{ LDAP_OPT_RESTART, LDAP_OPT_ON },
		{ LDAP_OPT_DEREF, &never },
		{ LDAP_OPT_CONNECT_CB, &connected },
		{ LDAP_OPT_CONNECT_ASYNC, handshake_needs_async() ? LDAP_OPT_ON : LDAP_OPT_OFF },
		{ LDAP_OPT_X_TLS_REQUIRE_CERT, &demand },
		{ LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12 },
		{ LDAP_OPT_X_TLS_CACERTFILE, s->ca_file[0] != '\0' ? s->ca_file : NULL },
		{ LDAP_OPT_X_TLS_NEWCTX, &server },	/* last: it takes what was set above */
	};

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (ldap_set_option(ld, options[i].option, options[i].value) != LDAP_OPT_SUCCESS) {
			log_warnx("libldap refuses option 0x%x", (unsigned int)options[i].option);
			return -1;
		}
	return 0;
}

static void
explain(LDAP *ld, const char *uri, const char *doing, int rc, char *why, size_t size)
{
	char *more = NULL;

	ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more);
	snprintf(why, size, "%s: %s: %s%s%s", uri, doing, ldap_err2string(rc),
	    more != NULL && more[0] != '\0' ? ": " : "", more != NULL ? more : "");
	ldap_memfree(more);
}

static bool
is_plain(const char *uri)
{
	return strncasecmp(uri, "ldap://", 7) == 0;
}

/*
 * From 2.5.15 and 2.6.5 on, a library that connects asynchronously (see above) says at
 * once that it does, and leaves the waiting to us (ITS#10023).  On loopback nobody
 * notices: there one is connected at once.
 */
static int
reach(LDAP *ld, const struct dir *d)
{
	int ms = limit(ld, d, CONNECT_MS), rc = ldap_connect(ld);
	struct pollfd p = { .fd = -1, .events = POLLOUT };

	if (rc != LDAP_SUCCESS && rc != LDAP_X_CONNECTING)
		return rc;
	if (ldap_get_option(ld, LDAP_OPT_DESC, &p.fd) != LDAP_OPT_SUCCESS || p.fd == -1)
		return LDAP_SERVER_DOWN;
	return poll(&p, 1, ms) == 1 ? LDAP_SUCCESS : LDAP_TIMEOUT;
}

/* What ldap_start_tls_s does, but that it would wait twice. */
static int
start_tls(LDAP *ld, const struct dir *d)
{
	struct berval *nothing = NULL;
	char *name = NULL;
	int rc = ldap_extended_operation_s(ld, LDAP_EXOP_START_TLS, NULL, NULL, NULL, &name, &nothing);

	ldap_memfree(name);
	ber_bvfree(nothing);
	if (rc != LDAP_SUCCESS)
		return rc;
	limit(ld, d, CONNECT_MS);
	return ldap_install_tls(ld);
}

/* Nothing is sent in clear: TLS from the start, TLS on demand, or a mechanism that seals. */
static int
secure(LDAP *ld, const struct dir *d, const char *uri)
{
	if (!is_plain(uri))
		return LDAP_SUCCESS;
	if (d->settings->starttls)
		return start_tls(ld, d);
	return settings_credential(d->settings) == CREDENTIAL_KEY ? LDAP_SUCCESS :
	    LDAP_CONFIDENTIALITY_REQUIRED;
}

static void
take(struct dir *d, LDAP *ld, const char *uri)
{
	dir_hang_up(d);
	d->ld = ld;
	d->signed_in = d->since = clock_ms();
	d->hints = HINTS_UNKNOWN;
	if (d->uri != uri)
		snprintf(d->uri, sizeof d->uri, "%s", uri);
	servers_answered(uri);
}

enum dir_end
dir_connect(struct dir *d, const char *uri, char *why, size_t size)
{
	const char *doing = "connecting";
	LDAP *ld = NULL;
	int rc;

	if (ldap_initialize(&ld, uri) != LDAP_SUCCESS || set_options(ld, d) == -1) {
		snprintf(why, size, "%s: libldap cannot use this address or ca_file", uri);
		goto err;
	}
	if ((rc = reach(ld, d)) == LDAP_SUCCESS) {
		limit(ld, d, CONNECT_MS);
		rc = secure(ld, d, uri);
		doing = "StartTLS";
	}
	if (rc == LDAP_SUCCESS) {
		limit(ld, d, CONNECT_MS);
		rc = dir_sign_in(d, ld, !is_plain(uri) || d->settings->starttls);
		doing = rc == LDAP_SERVER_DOWN ? "connecting" : "binding as the service account";
	}
	if (rc == LDAP_SUCCESS) {
		limit(ld, d, INT32_MAX);
		take(d, ld, uri);
		return DIR_OK;
	}
	explain(ld, uri, doing, rc, why, size);
	/* A wrong password is wrong at every server; under --check, once each is no harm. */
	if (dir_is_lost(rc))
		dir_blame(d, uri);
	else if (rc == LDAP_INVALID_CREDENTIALS && d->until != 0)
		servers_reject();
err:
	if (ld != NULL)
		ldap_unbind_ext_s(ld, NULL, NULL);
	return DIR_UNAVAILABLE;
}

size_t
dir_certificate(struct dir *d, const char *uri, unsigned char *der, size_t size)
{
	int whatever = LDAP_OPT_X_TLS_ALLOW, server = 0;
	struct berval cert = { 0, NULL };
	LDAP *ld = NULL;
	size_t len = 0;

	if (ldap_initialize(&ld, uri) != LDAP_SUCCESS || set_options(ld, d) == -1 ||
	    ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &whatever) != LDAP_OPT_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &server) != LDAP_OPT_SUCCESS)
		goto out;
	if (reach(ld, d) != LDAP_SUCCESS || (is_plain(uri) && start_tls(ld, d) != LDAP_SUCCESS))
		goto out;
	if (ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &cert) == LDAP_OPT_SUCCESS &&
	    cert.bv_val != NULL && cert.bv_len <= size) {
		len = cert.bv_len;
		memcpy(der, cert.bv_val, len);
	}
	ldap_memfree(cert.bv_val);
out:
	if (ld != NULL)
		ldap_unbind_ext_s(ld, NULL, NULL);
	return len;
}
