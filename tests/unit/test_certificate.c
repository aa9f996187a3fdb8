/* Certificates: what is wrong with one is said in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "registrar/check/certificate.h"

enum { DAY = 24 * 60 * 60 };

static EVP_PKEY *key;
static char ca_file[] = "/tmp/test_certificate.XXXXXX";

static void
add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(e);
	assert_int_equal(X509_add_ext(cert, e, -1), 1);
	X509_EXTENSION_free(e);
}

/* One key serves them all; what tells them apart is the names. */
static X509 *
make(const char *subject, const char *issuer, const char *names, long from, long until)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_NAME_new();

	assert_non_null(cert);
	assert_int_equal(X509_set_version(cert, X509_VERSION_3), 1);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), names == NULL ? 1 : 2);
	X509_gmtime_adj(X509_getm_notBefore(cert), from);
	X509_gmtime_adj(X509_getm_notAfter(cert), until);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)subject, -1, -1, 0);
	X509_set_subject_name(cert, name);
	X509_NAME_free(name);
	name = X509_NAME_new();
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)issuer, -1, -1, 0);
	X509_set_issuer_name(cert, name);
	X509_NAME_free(name);
	X509_set_pubkey(cert, key);
	add_extension(cert, NID_basic_constraints, names == NULL ? "critical,CA:TRUE" : "CA:FALSE");
	if (names != NULL)
		add_extension(cert, NID_subject_alt_name, names);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static const struct {
	const char	*issuer, *names, *uri;
	long		 from, until;
	const char	*told;		/* NULL: nothing is wrong */
} table[] = {
	{ "Our CA", "DNS:ldap.linde.nl", "ldaps://ldap.linde.nl", -DAY, DAY, NULL },
	{ "Our CA", "DNS:ldap.linde.nl", "ldaps://LDAP.linde.nl:636/", -DAY, DAY, NULL },
	{ "Our CA", "DNS:a.nl,IP:127.0.0.1", "ldap://127.0.0.1:389", -DAY, DAY, NULL },
	{ "Our CA", "DNS:a.nl,IP:::1", "ldaps://[::1]:636", -DAY, DAY, NULL },
	{ "Our CA", "DNS:*.linde.nl", "ldaps://ldap.linde.nl", -DAY, DAY, NULL },
	{ "Our CA", "DNS:a.nl,DNS:b.nl", "ldaps://c.nl", -DAY, DAY, "is for a.nl b.nl, not for c.nl" },
	{ "Our CA", "DNS:a.nl", "ldaps://127.0.0.1", -DAY, DAY, "is for a.nl, not for 127.0.0.1" },
	{ "Our CA", "DNS:a.nl", "ldaps://a.nl", -2 * DAY, -DAY, "has expired" },
	{ "Our CA", "DNS:a.nl", "ldaps://a.nl", DAY, 2 * DAY, "not valid yet" },
	{ "Other CA", "DNS:a.nl", "ldaps://a.nl", -DAY, DAY, "signed by /CN=Other CA" },
};

static void
test_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		X509 *cert = make("a server", table[i].issuer, table[i].names, table[i].from,
		    table[i].until);
		unsigned char *der = NULL;
		int len = i2d_X509(cert, &der);
		char why[512] = "";

		assert_true(len > 0);
		assert_int_equal(certificate_fault(der, (size_t)len, table[i].uri, ca_file, why,
		    sizeof why), table[i].told != NULL);
		if (table[i].told != NULL && strstr(why, table[i].told) == NULL)
			fail_msg("%s: %s", table[i].uri, why);
		OPENSSL_free(der);
		X509_free(cert);
	}
}

static void
test_what_is_no_certificate(void **state)
{
	char why[512];

	(void)state;
	assert_false(certificate_fault((const unsigned char *)"0\x82", 2, "ldaps://a.nl", ca_file, why,
	    sizeof why));
}

static int
begin(void **state)
{
	X509 *ca;
	FILE *f;
	int fd = mkstemp(ca_file);

	(void)state;
	if (fd == -1 || (f = fdopen(fd, "w")) == NULL || (key = EVP_EC_gen("P-256")) == NULL)
		return -1;
	ca = make("Our CA", "Our CA", NULL, -DAY, DAY);
	PEM_write_X509(f, ca);
	X509_free(ca);
	return fclose(f);
}

static int
end(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	return unlink(ca_file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_what_is_no_certificate),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
