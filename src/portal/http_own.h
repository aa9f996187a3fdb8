/*
 * http_own.h - what only the files of a connection know of each other, in the order of
 * its life.
 *
 *	http_listen.c	 the doors, and who comes in
 *	http.c		 a connection from begin to end: its state, its deadline
 *	http_read.c	 bytes in, until a whole request is there
 *	http_write.c	 a reply out
 */
#ifndef PORTAL_HTTP_OWN_H
#define PORTAL_HTTP_OWN_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>

#include "portal/http.h"

enum state {
	IDLE,		/* nothing of a request has come yet */
	HEAD, BODY,
	SERVING,	/* the handler has it; nothing is read */
	WRITING,	/* the reply leaves; then idle again, */
	ENDING,		/* or the end, */
	LINGERING	/* which waits for who is still sending: else a reset overtakes the reply */
};

struct http {
	TAILQ_ENTRY(http)	 next;
	enum state		 state;
	bool			 in_idle;	/* on the list of the idle, else of the busy */
	const struct http_kind	*kind;
	struct bufferevent	*io;
	struct event		*deadline;
	bool			 refused;
	char			 peer[ADDR_LONGEST + 1];
	struct head_scan	 scan;
	char			*raw;		/* the head, cut up by head_parse */
	size_t			 raw_len;
	struct request		 request;
};

/* ---- http_listen.c ---------------------------------------------------------------- */

/** http_room(): a connection has ended, or may be spared: let people in again. */
void http_room(void);

/* ---- http.c ----------------------------------------------------------------------- */

/** http_new(base, kind, fd, sa): a connection that has just come in; takes ${fd}. */
void http_new(struct event_base *, const struct http_kind *, int fd, const struct sockaddr *);

/** http_enter(http, state): from now on it is in that state, with that state's deadline. */
void http_enter(struct http *, enum state);

/** http_free(http): end it at once.  Not while a handler has it. */
void http_free(struct http *);

/** http_free_all(): end all, also those that a handler has. */
void http_free_all(void);

/** http_count(): how many there are. */
int http_count(void);

/** http_spare(): end the one that can best be spared.  Return false if there is none. */
bool http_spare(void);

/** http_wipe_request(http): forget what was asked. */
void http_wipe_request(struct http *);

/* ---- http_read.c ------------------------------------------------------------------ */

/** http_proceed(http): go as far as what has been read allows. */
void http_proceed(struct http *);

/** http_wipe_input(http, len): drop the first ${len} bytes of what came, or all, without a trace. */
void http_wipe_input(struct http *, size_t len);

#endif
