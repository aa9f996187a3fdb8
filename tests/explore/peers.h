/*
 * peers.h - the real keeper in this process, the other ends of its sockets, its disk and
 * the kernel's clock.
 *
 * Nothing of keeper is replaced: it is opened, welcomes its peers, handles what they say
 * and commits, by the functions that latchkeyd runs (keeper/desk.h).  Its store is a
 * database in memory, which outlives it; the kernel's clock says what we say.
 */
#ifndef EXPLORE_PEERS_H
#define EXPLORE_PEERS_H

#include "wire/msg.h"

struct keeper;

enum { WORKERS_MOST = 8 };

/* Whoever sits at the other end of keeper. */
struct peers {
	struct keeper	*keeper;
	int		 portal, courier, admin, workers[WORKERS_MOST];
	unsigned int	 n_workers;
	const char	*leak;		/* something left before what it stands on was committed */
};

extern struct peers peers;

/** peers_begin(workers): a keeper with an empty store, at the beginning of time. */
void peers_begin(unsigned int workers);

/** peers_end(): as if nothing had been. */
void peers_end(void);

/** peers_restart(): keeper is killed and starts again; what it had not committed is lost. */
void peers_restart(void);

/** peers_replace(worker), peers_replace_courier(): it dies, and another one comes. */
void peers_replace(unsigned int worker);
void peers_replace_courier(void);

/** peers_say(fd, role, msg): say it to keeper, which has not heard it yet. */
void peers_say(int fd, enum role, const struct msg *);

/** peers_hear(fd, role, msg): 1: what has left keeper; 0: nothing has; -1: keeper has hung up. */
int peers_hear(int fd, enum role, struct msg *);

/** peers_handle(): keeper handles all that has arrived, and what its timers say; no commit. */
void peers_handle(void);

/** peers_wait(ms): time passes. */
void peers_wait(int64_t ms);

/** peers_now(): the clock, in milliseconds. */
int64_t peers_now(void);

#endif
