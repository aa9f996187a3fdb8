/*
 * dial.h - a program's standing connection to keeper, for those with an event loop.
 *
 * It comes back by itself when keeper restarts, and has the program read its settings
 * again when keeper says so.
 */
#ifndef WIRE_DIAL_H
#define WIRE_DIAL_H

#include "wire/link.h"

struct dial;

/* up: connected (again).  down: not connected any more; what was unanswered is lost. */
struct dial_events {
	void	(*up)(void *ctx);
	void	(*heard)(struct msg *, void *ctx);
	void	(*down)(void *ctx);
};

/** dial_new(base, self, events, ctx): connect as ${self}, and keep doing so. */
struct dial *dial_new(struct event_base *, enum role self, const struct dial_events *, void *ctx);

/** dial_send(dial, msg): send at once; -1 while there is no connection. */
int dial_send(struct dial *, const struct msg *);

/** dial_free(dial): hang up. */
void dial_free(struct dial *);

#endif
