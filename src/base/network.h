/*
 * network.h - internet addresses, and whose they are.
 */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

/** network_is_range(text): true for an address, or an address with a length such as /16. */
bool network_is_range(const char *text);

/** network_has(addr, range): ${addr} lies in ${range}; an IPv4 address is one however it is written. */
bool network_has(const char *addr, const char *range);

/**
 * network_spell(addr, out, size):
 * Write an address in the one spelling that it has here, an IPv4 one as such wherever it
 * came in.  Return 0, or -1 and "" if it is none.
 */
int network_spell(const char *addr, char *out, size_t size);

enum { NETWORK_SIZE = 16 };

/**
 * network_of(addr, out):
 * Write to ${out} whose address it is: an IPv4 address is one household's, of an IPv6
 * address the first 56 bits are.  Return 0, or -1 if it is no address.
 */
int network_of(const char *addr, unsigned char out[NETWORK_SIZE]);

#endif
