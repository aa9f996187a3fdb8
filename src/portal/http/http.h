/*
 * http.h - connections: bytes in, a whole request to the handler, a reply out.
 *
 * Deadlines are absolute: a head and a body each have ten seconds from their first
 * byte, however slowly they trickle, and so have TLS and the header of a proxy from the
 * start.  One request is served at a time; what a browser sends behind it waits.
 */
#ifndef PORTAL_HTTP_H
#define PORTAL_HTTP_H

#include <event2/buffer.h>
#include <event2/event.h>

#include "portal/http/head.h"
#include "wire/msg.h"

struct http;		/* one connection, and the request that it is being asked */

struct request {
	struct head	 head;
	char		 addr[ADDR_LONGEST + 1];	/* who asks, proxies seen through */
	char		*body;				/* wiped when the handler returns */
	size_t		 len;
};

struct reply {
	int		 status;
	const char	*type;		/* Content-Type; NULL: no body */
	const char	*lines;		/* more header lines, each with its CRLF, or NULL */
	const char	*cache;		/* Cache-Control; NULL: no-store */
	const void	*data;		/* the body: ${len} bytes here, */
	size_t		 len;
	struct evbuffer	*body;		/* or all of this, which is emptied; or NULL */
	bool		 holds_media;	/* a picture or a sound stands in the body itself */
};

/* Called once for each good request; http_reply may come later, but must come. */
typedef void http_handler_fn(struct http *, const struct request *);

/*
 * Called for a request that is refused unheard; must reply, and the connection ends.
 * The head's path is NULL where it was not understood so far.
 */
typedef void http_refuse_fn(struct http *, const struct request *, int status);

struct http_handlers {
	http_handler_fn	*serve;
	http_refuse_fn	*refuse;
};

/* A kind of visitor: where they come in, and who answers them. */
struct http_kind {
	const char			*name;		/* of a socket that the supervisor passes */
	const char			*setting;	/* that holds the addresses, for faults */
	bool				 outside;	/* they come by TLS, where that is on */
	const struct http_handlers	*handlers;
};

/**
 * http_listen(base, kind, addresses, n):
 * Listen on all sockets that the supervisor passed under the kind's name, or, if there
 * is none, on each of the ${n} addresses.  ${kind} is used until http_close.  Return 0,
 * or -1 with the fault told.
 */
int http_listen(struct event_base *, const struct http_kind *, const char (*addresses)[64],
    size_t n);

/** http_reply(http, reply): answer the request; ${http} may be gone on return. */
void http_reply(struct http *, const struct reply *);

/** http_close(): stop listening and end every connection. */
void http_close(void);

#endif
