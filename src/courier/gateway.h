/*
 * gateway.h - the HTTP(S) gateways and mail servers that deliver; the only place that
 * knows libcurl.
 */
#ifndef COURIER_GATEWAY_H
#define COURIER_GATEWAY_H

#include <event2/event.h>

#include "courier/letter.h"

/*
 * OK: accepted.  REJECTED, UNAVAILABLE: surely not sent, another gateway may try.
 * UNKNOWN: asked, and no answer; it may be on its way.
 */
typedef void gateway_done_fn(enum verdict, void *ctx);

/*
 * All gateways of the settings, as they were when they were read.  Who has a message on
 * its way keeps those it began with.
 */
struct gateways;

/** gateway_prepare(): make each gateway of the settings ready, and report each mistake. */
void gateway_prepare(void);

/** gateway_hold(): those that are ready now, until gateway_release. */
struct gateways *gateway_hold(void);

/** gateway_release(gateways): NULL is allowed. */
void gateway_release(struct gateways *);

/** gateway_open(base): start working in this event loop. */
void gateway_open(struct event_base *);

/**
 * gateway_next(gateways, channel, from):
 * The first gateway for ${channel}, counted from ${from}, or -1.
 */
int gateway_next(const struct gateways *, enum channel, int from);

/** gateway_name(gateways, which): as the settings call it. */
const char *gateway_name(const struct gateways *, int which);

/**
 * gateway_send(gateways, which, letter, done, ctx):
 * Give ${letter} to a gateway of those, which are held meanwhile; ${done} is called once, from the loop.  Return 0,
 * or -1 if it cannot be written the way this gateway wants it.
 */
int gateway_send(const struct gateways *, int which, const struct letter *, gateway_done_fn *, void *ctx);

/** gateway_confine(): allow the sandbox what the gateways need. */
void gateway_confine(void);

/** gateway_close(): stop, without calling anybody. */
void gateway_close(void);

#endif
