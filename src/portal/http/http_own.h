/*
 * http_own.h - what only the files of a connection know of each other, in the order of
 * its life.
 *
 *	http_listen.c	 the doors, and who comes in
 *	crowd.c		 all who are in, and who leaves first when it is full
 *	http.c		 a connection from begin to end: its state, its deadline
 *	http_introduce.c a proxy says for whom it comes
 *	http_read.c	 bytes in, until a whole request is there
 *	http_write.c	 a reply out
 */
#ifndef PORTAL_HTTP_OWN_H
#define PORTAL_HTTP_OWN_H

#include <stdbool.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>

#include "portal/http/http.h"

enum state {
	INTRODUCING,	/* a proxy says for whom it comes */
	SHAKING,	/* TLS is being agreed on */
	IDLE,		/* nothing of a request has come yet */
	HEAD, BODY,
	SERVING,	/* the handler has it; nothing is read */
	WRITING,	/* the reply leaves; then idle again, */
	ENDING,		/* or the end, */
	LINGERING	/* which waits for who is still sending: else a reset overtakes the reply */
};

struct guest;		/* all connections from one network */
enum crowd_place { CROWD_NEW, CROWD_HEARD, CROWD_SERVED };

struct http {
	TAILQ_ENTRY(http)	 next, of_guest;
	struct guest		*guest;		/* NULL: it comes by a proxy of ours */
	enum crowd_place	 place;
	enum state		 state;
	const struct http_kind	*kind;
	struct event_base	*base;
	int			 fd;
	struct introduction	*introduction;	/* what has come of it, or NULL */
	struct bufferevent	*io;		/* owns ${fd}; NULL until it has begun */
	struct event		*deadline;
	bool			 refused;
	char			 peer[ADDR_LONGEST + 1];
	struct head_scan	 scan;
	char			*raw;		/* the head, cut up by head_parse */
	size_t			 raw_len;
	struct request		 request;
};

/* ---- http_listen.c ---------------------------------------------------------------- */

/** http_room(): a connection has ended, or may be spared: let others in again. */
void http_room(void);

/* ---- crowd.c ---------------------------------------------------------------------- */

TAILQ_HEAD(https, http);

/** crowd_join(http): it has come in, and is waited for. */
void crowd_join(struct http *);

/** crowd_belongs(http): its peer is known from now on; once in its life. */
void crowd_belongs(struct http *);

/** crowd_serve(http): a handler has it, and nothing can end it. */
void crowd_serve(struct http *);

/** crowd_wait(http): the handler has done with it, and it is waited for again. */
void crowd_wait(struct http *);

/** crowd_leave(http): it ends. */
void crowd_leave(struct http *);

/** crowd_size(): how many there are. */
int crowd_size(void);

/** crowd_any(): one of them, or NULL. */
struct http *crowd_any(void);

/** crowd_spare(): whom the others can best spare; NULL if all who might be are being served. */
struct http *crowd_spare(void);

/* ---- http.c ----------------------------------------------------------------------- */

/** http_new(base, kind, fd, sa): a connection that has just come in; takes ${fd}. */
void http_new(struct event_base *, const struct http_kind *, int fd, const struct sockaddr *);

/** http_begin(http): its peer is known: it may speak, TLS first or its request at once. */
void http_begin(struct http *);

/** http_enter(http, state): from now on it is in that state, with that state's deadline. */
void http_enter(struct http *, enum state);

/** http_free(http): end it at once.  Not while a handler has it. */
void http_free(struct http *);

/* ---- http_introduce.c ------------------------------------------------------------- */

/** http_introduce(http): hear from its proxy who it is, then begin; or end it. */
void http_introduce(struct http *);

/** http_forget_introduction(http): it has been heard, or never will be. */
void http_forget_introduction(struct http *);

/* ---- http_read.c ------------------------------------------------------------------ */

/** http_proceed(http): go as far as what has been read allows. */
void http_proceed(struct http *);

/** http_wipe_request(http): forget what was asked. */
void http_wipe_request(struct http *);

/** http_wipe_input(http, len): drop the first ${len} bytes of what came, or all, without a trace. */
void http_wipe_input(struct http *, size_t len);

#endif
