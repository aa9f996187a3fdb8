/*
 * x509.h - whom a certificate is for.
 */
#ifndef BASE_X509_H
#define BASE_X509_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

/** x509_is_for(cert, host): it is for that name or address. */
bool x509_is_for(X509 *, const char *host);

/** x509_names(cert, out, size): write the names that it is for, with blanks between. */
void x509_names(X509 *, char *out, size_t size);

#endif
