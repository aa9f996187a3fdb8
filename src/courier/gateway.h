/*
 * gateway.h - the HTTP(S) gateways that deliver; the only place that knows libcurl.
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

/** gateway_prepare(): make each gateway of the settings ready, and report each mistake. */
void gateway_prepare(void);

/** gateway_open(base): start working in this event loop. */
void gateway_open(struct event_base *);

/** gateway_next(channel, from): the first gateway for ${channel}, counted from ${from}, or -1. */
int gateway_next(enum channel, int from);

/** gateway_name(which): as the settings call it. */
const char *gateway_name(int which);

/**
 * gateway_send(which, letter, done, ctx):
 * Give ${letter} to a gateway; ${done} is called once, from the loop.  Return 0,
 * or -1 if it cannot be written the way this gateway wants it.
 */
int gateway_send(int which, const struct letter *, gateway_done_fn *, void *ctx);

/** gateway_close(): stop, without calling anybody. */
void gateway_close(void);

#endif
