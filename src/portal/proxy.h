/*
 * proxy.h - who asks, where a proxy stands between.
 */
#ifndef PORTAL_PROXY_H
#define PORTAL_PROXY_H

#include <stdbool.h>
#include <stddef.h>

/** proxy_is_range(text): true for an address, or an address with a length such as /16. */
bool proxy_is_range(const char *text);

/** proxy_in_range(addr, range): ${addr} lies in ${range}; an IPv4 address is one however it is written. */
bool proxy_in_range(const char *addr, const char *range);

/**
 * proxy_client(peer, forwarded, out, size):
 * Write to ${out} who asks: ${peer}, or, if that is a trusted proxy, the last
 * address of its X-Forwarded-For (may be NULL) that is no trusted proxy.
 */
void proxy_client(const char *peer, const char *forwarded, char *out, size_t size);

#endif
