#include "portal/http_own.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* A deadline is of the state, however much or little comes while it lasts. */
static const int seconds[] = {
	[IDLE] = 30, [HEAD] = 10, [BODY] = 10,
	/* keeper's own patience ends first; this is for our own mistakes */
	[SERVING] = 60,
	[WRITING] = 30, [ENDING] = 30,
	[LINGERING] = 2,
};

/* ---- Its state ---------------------------------------------------------------- */

static void
on_deadline(evutil_socket_t none, short what, void *arg)
{
	struct http *h = arg;

	(void)none;
	(void)what;
	/* A handler that holds it would answer into freed memory. */
	if (h->state == SERVING)
		fatalx("a request was never answered");
	http_free(h);
}

void
http_enter(struct http *h, enum state state)
{
	struct timeval tv = { .tv_sec = seconds[state] };

	/* Who has said a part of what they want, or heard a part, is waited for no less long. */
	if (state == SERVING)
		crowd_serve(h);
	else if (h->state == SERVING)
		crowd_wait(h);
	h->state = state;
	evtimer_add(h->deadline, &tv);
	if (state != SERVING)
		http_room();
}

/* ---- Its events --------------------------------------------------------------- */

static void
on_read(struct bufferevent *io, void *arg)
{
	(void)io;
	http_proceed(arg);
}

/* A reply has left: wait for the next request, which may be here already. */
static void
on_written(struct bufferevent *io, void *arg)
{
	struct http *h = arg;

	if (h->state == ENDING && h->refused) {
		shutdown(bufferevent_getfd(io), SHUT_WR);
		http_enter(h, LINGERING);
	} else if (h->state == ENDING) {
		http_free(h);
		return;
	} else if (h->state == WRITING) {
		http_enter(h, IDLE);
	} else {
		return;
	}
	bufferevent_enable(io, EV_READ);
	http_proceed(h);
}

static void
on_event(struct bufferevent *io, short what, void *arg)
{
	(void)io;
	(void)what;
	/* Nothing is read while a handler works, so none can be cut off here. */
	if (((struct http *)arg)->state != SERVING)
		http_free(arg);
}

/* ---- Its begin and end --------------------------------------------------------- */

static void
name_peer(char *out, size_t size, const struct sockaddr *sa)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)sa)->sin_addr, text, sizeof text);
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)sa)->sin6_addr, text, sizeof text);
	/* One person, one spelling, whichever socket it came in by. */
	snprintf(out, size, "%s", strncmp(text, "::ffff:", 7) == 0 && strchr(text, '.') != NULL ?
	    text + 7 : text);
}

void
http_new(struct event_base *base, const struct http_kind *kind, int fd, const struct sockaddr *sa)
{
	struct http *h;
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if ((h = calloc(1, sizeof *h)) == NULL ||
	    (h->io = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE)) == NULL ||
	    (h->deadline = evtimer_new(base, on_deadline, h)) == NULL)
		fatalx("no memory for a connection");
	h->kind = kind;
	name_peer(h->peer, sizeof h->peer, sa);
	crowd_join(h);
	crowd_belongs(h);
	bufferevent_setcb(h->io, on_read, on_written, on_event, h);
	bufferevent_setwatermark(h->io, EV_READ, 0, HEAD_LONGEST + BODY_LONGEST);
	http_enter(h, IDLE);
	bufferevent_enable(h->io, EV_READ | EV_WRITE);
}

void
http_free(struct http *h)
{
	crowd_leave(h);
	http_wipe_request(h);
	/* Who went away or was refused half-way may have sent a password. */
	http_wipe_input(h, SIZE_MAX);
	bufferevent_free(h->io);
	event_free(h->deadline);
	free(h);
	http_room();
}
