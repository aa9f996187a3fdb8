#include "registrar/check/certificate.h"

#include <stdio.h>
#include <string.h>

#include <openssl/x509.h>

#include "base/x509.h"
#include "registrar/ldap/servers.h"

/* Only the server's own certificate is at hand: its issuer should be in the file. */
static bool
is_vouched_for(X509 *cert, const char *ca_file)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = store != NULL && ctx != NULL &&
	    (ca_file[0] != '\0' ? X509_STORE_load_file(store, ca_file) :
	    X509_STORE_set_default_paths(store)) == 1 &&
	    X509_STORE_CTX_init(ctx, store, cert, NULL) == 1;

	if (good) {
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
		good = X509_verify_cert(ctx) == 1;
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return good;
}

static bool
explain(X509 *cert, const char *host, const char *ca_file, char *why, size_t size)
{
	char text[256];

	if (X509_cmp_current_time(X509_get0_notAfter(cert)) < 0) {
		snprintf(why, size, "its certificate has expired; have a new one made");
	} else if (X509_cmp_current_time(X509_get0_notBefore(cert)) > 0) {
		snprintf(why, size, "its certificate is not valid yet; look at the clocks of both");
	} else if (!x509_is_for(cert, host)) {
		x509_names(cert, text, sizeof text);
		snprintf(why, size, "its certificate is for %s, not for %s; write a name that it is "
		    "for, or have one made for this name", text, host);
	} else if (!is_vouched_for(cert, ca_file)) {
		X509_NAME_oneline(X509_get_issuer_name(cert), text, sizeof text);
		snprintf(why, size, "its certificate was signed by %s, which %s does not hold; put "
		    "that CA's certificate in a file and name it in ca_file", text,
		    ca_file[0] != '\0' ? ca_file : "the system's own list");
	} else {
		return false;
	}
	return true;
}

bool
certificate_fault(const unsigned char *der, size_t len, const char *uri, const char *ca_file,
    char *why, size_t size)
{
	X509 *cert = d2i_X509(NULL, &der, (long)len);
	char host[256];
	bool told;

	if (cert == NULL)
		return false;
	servers_host(uri, host, sizeof host);
	told = explain(cert, host, ca_file, why, size);
	X509_free(cert);
	return told;
}
