/*
 * certificate.h - why a server's certificate was not good enough, in words.
 *
 * libldap itself only says that it could not connect.
 */
#ifndef REGISTRAR_CERTIFICATE_H
#define REGISTRAR_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * certificate_fault(der, len, uri, ca_file, why, size):
 * True if the certificate of ${len} bytes explains why ${uri} was refused: its
 * dates, its name, or that ${ca_file} does not vouch for it.  Then ${why} says
 * which, and what mends it.
 */
bool certificate_fault(const unsigned char *der, size_t len, const char *uri,
    const char *ca_file, char *why, size_t size);

#endif
