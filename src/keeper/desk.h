/*
 * desk.h - where keeper's peers are heard, and the batch.
 *
 * All messages that have arrived are handled in one transaction of the store; it
 * is committed once; only then does anything leave, to whichever peer.  So nobody
 * is ever told, or asked to do, what a crash could take back.
 */
#ifndef KEEPER_DESK_H
#define KEEPER_DESK_H

#include <event2/event.h>

#include "wire/msg.h"

struct keeper;

/** desk_run(): serve until told to stop; return the exit status. */
int desk_run(void);

/* What desk_run is made of, for who plays all the others (tests/explore). */

/** desk_open(base): begin with what is in the store; return keeper, there is only one. */
struct keeper *desk_open(struct event_base *);

/** desk_welcome(fd, role): ${role} is at the other end; ${fd} is owned from here on. */
void desk_welcome(int fd, enum role);

/** desk_commit(): the end of a batch. */
void desk_commit(void);

/** desk_close(): end at once; what is not committed is lost, and nothing leaves. */
void desk_close(void);

/** desk_reload(): the settings have changed. */
void desk_reload(void);

#endif
