/*
 * address.h - is this a mail address that a letter can be sent to?
 */
#ifndef BASE_ADDRESS_H
#define BASE_ADDRESS_H

#include <stdbool.h>

enum { ADDRESS_LONGEST = 254 };		/* RFC 5321, 4.5.3.1.3, without its < and > */

/**
 * address_is_mail(text):
 * True for name@host as everybody writes it: ASCII, no blank, no quotation mark, no
 * comment, nothing that means something to a mail server or in a header.
 */
bool address_is_mail(const char *text);

/** address_host(address): what stands behind the @ of a mail address. */
const char *address_host(const char *address);

#endif
