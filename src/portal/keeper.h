/*
 * keeper.h - the stub to keeper: ask, and be called with the reply.
 *
 * A question survives a restart of keeper: it is sent again when keeper is back.
 * That is safe, for a question never counts twice: ANSWER carries seq, AGAIN has
 * its waiting time, and the others change nothing the second time.
 */
#ifndef PORTAL_KEEPER_H
#define PORTAL_KEEPER_H

#include <event2/event.h>

#include "wire/msg.h"

/* ${reply} is NULL if there was none in time. */
typedef void keeper_heard_fn(const struct msg *reply, void *ctx);

/** keeper_start(base): connect, and keep doing so. */
void keeper_start(struct event_base *);

/**
 * keeper_ask(question, heard, ctx):
 * Ask, and wipe ${question}.  ${heard} is called once, later, never from within.
 */
void keeper_ask(struct msg *question, keeper_heard_fn *heard, void *ctx);

/** keeper_close(): hang up; what is still asked is forgotten. */
void keeper_close(void);

#endif
