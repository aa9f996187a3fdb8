/*
 * proxy.h - who asks, where a proxy stands between.
 */
#ifndef PORTAL_PROXY_H
#define PORTAL_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "portal/http/head.h"

/** proxy_is_range(text): true for an address, or an address with a length such as /16. */
bool proxy_is_range(const char *text);

/**
 * proxy_spell(addr, out, size):
 * Write an address in the one spelling that it has here, an IPv4 one as such wherever it
 * came in.  Return 0, or -1 and "" if it is none.
 */
int proxy_spell(const char *addr, char *out, size_t size);

/** proxy_in_range(addr, range): ${addr} lies in ${range}; an IPv4 address is one however it is written. */
bool proxy_in_range(const char *addr, const char *range);

/** proxy_is_trusted(addr): it is one of portal.trusted_proxies. */
bool proxy_is_trusted(const char *addr);

enum { PROXY_NETWORK_SIZE = 16 };

/**
 * proxy_network(addr, out):
 * Write to ${out} whose address it is: an IPv4 address is one household's, of an IPv6
 * address the first half.  Return 0, or -1 if it is no address.
 */
int proxy_network(const char *addr, unsigned char out[PROXY_NETWORK_SIZE]);

/**
 * proxy_client(peer, forwarded, out, size):
 * Write to ${out} who asks: ${peer}, or, if that is a trusted proxy, the last
 * address of the X-Forwarded-For lines that is no trusted proxy.  An address may have a
 * port, as some proxies write it.  What stands before anything else is not believed.
 */
void proxy_client(const char *peer, const struct forwarded *, char *out, size_t size);

#endif
