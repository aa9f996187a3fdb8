/*
 * proxy.h - who asks, where a proxy stands between.
 */
#ifndef PORTAL_PROXY_H
#define PORTAL_PROXY_H

#include <stdbool.h>
#include <stddef.h>

#include "portal/http/head.h"

/** proxy_is_trusted(addr): it is one of portal.trusted_proxies. */
bool proxy_is_trusted(const char *addr);

/**
 * proxy_client(peer, forwarded, out, size):
 * Write to ${out} who asks: ${peer}, or, if that is a trusted proxy, the last
 * address of the X-Forwarded-For lines that is no trusted proxy.  An address may have a
 * port, as some proxies write it.  What stands before anything else is not believed.
 */
void proxy_client(const char *peer, const struct forwarded *, char *out, size_t size);

#endif
