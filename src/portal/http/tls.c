#include "portal/http/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/finding.h"
#include "base/seal.h"
#include "base/x509.h"
#include "portal/settings.h"
#include "wire/house.h"

enum { SOON_DAYS = 30, KEY_ROOM = 65536, KEY_ROOM_LEAST = 32 };

static const char CERTIFICATE[] = "portal.tls_certificate", KEY[] = "portal.tls_key";

static SSL_CTX *current;

/* ---- What we speak --------------------------------------------------------------- */

/* A client that offers nothing at all speaks HTTP/1.1; one that offers others is refused. */
static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
    const unsigned char *offered, unsigned int len, void *ctx)
{
	static const unsigned char ours[] = "\x08http/1.1";

	(void)ssl;
	(void)ctx;
	return SSL_select_next_proto((unsigned char **)out, out_len, ours, sizeof ours - 1, offered,
	    len) == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static SSL_CTX *
new_context(void)
{
	/* Passwords pass through its buffers, so it wipes them; idle people need not have any. */
	static const uint64_t options = SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
	    SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
	    SSL_OP_CLEANSE_PLAINTEXT;
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_security_level(ctx, 2);
	SSL_CTX_set_options(ctx, options);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
	    SSL_CTX_set_num_tickets(ctx, 0) != 1) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

/* ---- A certificate and its key ------------------------------------------------------ */

/* What OpenSSL says failed first; what it says after that is only that something did. */
static int
reason(void)
{
	return ERR_GET_REASON(ERR_peek_error());
}

static const char *
reason_text(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_error());

	return text != NULL ? text : "it is of no use";
}

static int
use_certificate(SSL_CTX *ctx)
{
	char path[4096];
	int fd;

	seal_path(settings.tls_certificate, path, sizeof path);
	/* Where a link leads may be out of sight when it is read again. */
	if ((fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1) {
		finding_fault(CERTIFICATE, "%s cannot be read: %s", path,
		    errno == ELOOP ? "it is a link; put the file itself there" : strerror(errno));
		return -1;
	}
	close(fd);
	ERR_clear_error();
	if (SSL_CTX_use_certificate_chain_file(ctx, path) == 1)
		return 0;
	if (reason() == PEM_R_NO_START_LINE)
		finding_fault(CERTIFICATE, "%s holds no certificate in PEM; it has to begin with the "
		    "server's own, and the ones between that and the authority's follow", path);
	else
		finding_fault(CERTIFICATE, "%s cannot be used: %s", path, reason_text());
	return -1;
}

static int
no_password(char *out, int size, int writing, void *ctx)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)ctx;
	return -1;
}

static int
take_key(SSL_CTX *ctx, EVP_PKEY *key)
{
	if (key == NULL)
		finding_fault(KEY, "%s holds no private key in PEM that can be read without a "
		    "password; take the password off with: openssl pkey -in OLD -out NEW",
		    settings.tls_key);
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1 && reason() != X509_R_KEY_VALUES_MISMATCH)
		finding_fault(KEY, "%s cannot be used: %s", settings.tls_key, reason_text());
	else if (SSL_CTX_check_private_key(ctx) != 1)
		finding_fault(KEY, "%s is not the key of the certificate in %s; put both in place "
		    "that were made together", settings.tls_key, settings.tls_certificate);
	else
		return 0;
	return -1;
}

static int
use_key(SSL_CTX *ctx)
{
	char why[512];
	int fd = seal_file(settings.tls_key, why, sizeof why), r;
	/* Without a buffer of its own that would keep a copy. */
	BIO *in = fd != -1 ? BIO_new_fd(fd, BIO_CLOSE) : NULL;
	EVP_PKEY *key;

	if (in == NULL) {
		finding_fault(KEY, "%s", fd == -1 ? why : "no memory to read it");
		return -1;
	}
	ERR_clear_error();
	key = PEM_read_bio_PrivateKey(in, NULL, no_password, NULL);
	r = take_key(ctx, key);
	EVP_PKEY_free(key);
	BIO_free(in);
	return r;
}

static int
check_dates(X509 *cert)
{
	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0)
		finding_fault(CERTIFICATE, "the certificate in %s has expired; put a new one in place",
		    settings.tls_certificate);
	else if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0)
		finding_fault(CERTIFICATE, "the certificate in %s is not valid yet; look at the clock "
		    "of this machine", settings.tls_certificate);
	else
		return 0;
	return -1;
}

static SSL_CTX *
read_pair(void)
{
	SSL_CTX *ctx = new_context();

	if (ctx == NULL) {
		finding_fault(CERTIFICATE, "TLS cannot be set up: %s", reason_text());
		return NULL;
	}
	if (use_certificate(ctx) == -1 || use_key(ctx) == -1 ||
	    check_dates(SSL_CTX_get0_certificate(ctx)) == -1) {
		/* A connection that fails would be told this for its own error. */
		ERR_clear_error();
		SSL_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

/* ---- What there is to say of it ---------------------------------------------------------- */

static void
advise_dates(X509 *cert)
{
	int days, rest;

	if (ASN1_TIME_diff(&days, &rest, NULL, X509_get0_notAfter(cert)) == 1 && days < SOON_DAYS)
		finding_advice(CERTIFICATE, "the certificate in %s expires in %d days; renew it, and "
		    "then: latchkey reload", settings.tls_certificate, days);
}

/* Is it for the host of public_url, which may be an IPv6 address in brackets? */
static void
advise_name(X509 *cert)
{
	const char *host = strstr(house.public_url, "://");
	char names[256], name[256];

	if (host == NULL)
		return;
	host += strspn(host, ":/[");
	snprintf(name, sizeof name, "%.*s", (int)strcspn(host, host[-1] == '[' ? "]" : ":/"), host);
	if (x509_is_for(cert, name))
		return;
	x509_names(cert, names, sizeof names);
	finding_advice(CERTIFICATE, "the certificate in %s is for %s, not for %s, which public_url "
	    "names: browsers will warn people; have one made for that name",
	    settings.tls_certificate, names, name);
}

void
tls_check(void)
{
	X509 *cert = current != NULL ? SSL_CTX_get0_certificate(current) : NULL;

	if (cert == NULL)
		return;
	advise_dates(cert);
	advise_name(cert);
}

/* ---- In use -------------------------------------------------------------------------------- */

int
tls_start(void)
{
	bool certificate = settings.tls_certificate[0] != '\0', key = settings.tls_key[0] != '\0';
	SSL_CTX *ctx = NULL;

	if (certificate != key) {
		finding_fault(certificate ? KEY : CERTIFICATE, "it has to be set, as %s is",
		    certificate ? CERTIFICATE : KEY);
		return -1;
	}
	/* The numbers of keys lie there: locked, in no core dump, between pages of nobody. */
	if (certificate && !CRYPTO_secure_malloc_initialized())
		CRYPTO_secure_malloc_init(KEY_ROOM, KEY_ROOM_LEAST);
	if (certificate && (ctx = read_pair()) == NULL)
		return -1;
	SSL_CTX_free(current);		/* connections hold it for as long as they need it */
	current = ctx;
	return 0;
}

int64_t
tls_until(void)
{
	const X509 *cert = current != NULL ? SSL_CTX_get0_certificate(current) : NULL;
	struct tm tm;

	return cert != NULL && ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) == 1 ? timegm(&tm) : 0;
}

bool
tls_is_on(void)
{
	return current != NULL;
}

struct bufferevent *
tls_accept(struct event_base *base, int fd)
{
	SSL *ssl = SSL_new(current);

	return ssl == NULL ? NULL : bufferevent_openssl_socket_new(base, fd, ssl,
	    BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
}

void
tls_say_goodbye(struct bufferevent *io)
{
	SSL *ssl = bufferevent_openssl_get_ssl(io);

	if (ssl != NULL && SSL_is_init_finished(ssl))
		SSL_shutdown(ssl);
}

void
tls_stop(void)
{
	SSL_CTX_free(current);
	current = NULL;
}
