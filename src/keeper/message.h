/*
 * message.h - a message to a person, in the organisation's words and their language.  Whoever
 * asks for one has looked whether it may leave (halt.h, budget.h).
 */
#ifndef KEEPER_MESSAGE_H
#define KEEPER_MESSAGE_H

#include "keeper/courier.h"
#include "keeper/flow.h"

/**
 * message_send(keeper, flow, msg, reply, ctx):
 * A SEND on that flow's way, or for what it did; ${reply} is called once, later.
 */
void message_send(struct keeper *, const struct flow *, struct msg *, courier_reply_fn *, void *ctx);

/** message_way(ways, channel): where codes go by that channel, a place in ${ways}; -1: nowhere. */
int message_way(const struct msg_ways *, enum channel);

#endif
