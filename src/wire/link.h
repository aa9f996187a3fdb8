/*
 * link.h - one connection between two programs, for those that have an event loop.
 *
 * SOCK_SEQPACKET, one message a packet.  HELLO goes first in both directions; who
 * does not say it soon, or as it should, is cut off.  Whatever a peer does wrong
 * costs it this connection, no more.
 */
#ifndef WIRE_LINK_H
#define WIRE_LINK_H

#include <event2/event.h>

#include "wire/msg.h"

struct link;

/*
 * heard: a message that has passed every check, the peer's HELLO first.  It is
 * wiped afterwards.  gone: the connection is over; ${link} is freed on return.
 */
typedef void link_heard_fn(struct link *, struct msg *, void *ctx);
typedef void link_gone_fn(struct link *, void *ctx);

/**
 * link_new(base, fd, self, peer, heard, gone, ctx):
 * Speak on ${fd}, which is owned from here on, as ${self} with ${peer}.  It lives
 * until gone is called or link_free; there is always one (no memory ends the process).
 */
struct link *link_new(struct event_base *, int fd, enum role self, enum role peer,
    link_heard_fn *, link_gone_fn *, void *ctx);

/**
 * link_send(link, msg):
 * Queue ${msg}; nothing leaves before link_flush.  A message that the law forbids
 * is our own mistake and ends the process; a queue that is full ends the connection.
 */
void link_send(struct link *, const struct msg *);

/** link_flush(link): let what is queued leave. */
void link_flush(struct link *);

/** link_holds(link): something that was to be sent has surely not left, not even in part. */
bool link_holds(const struct link *);

/** link_free(link): end the connection without a call to gone; in a callback, when it returns. */
void link_free(struct link *);

/**
 * link_listen(role): listen, as keeper, for ${role}: on the socket that the
 * supervisor passed, else on one of our own.  Return it, or -1 with errno.
 */
int link_listen(enum role);

/** link_unlisten(role, fd): close it, and remove the socket if it was our own. */
void link_unlisten(enum role, int fd);

#endif
