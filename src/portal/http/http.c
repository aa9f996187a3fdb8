#include "portal/http/http_own.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/network.h"
#include "portal/counts.h"
#include "portal/http/proxy.h"
#include "portal/http/tls.h"
#include "portal/settings.h"

/* A deadline is of the state, however much or little comes while it lasts. */
static const int seconds[] = {
	[INTRODUCING] = 10, [SHAKING] = 10, [IDLE] = 30, [HEAD] = 10, [BODY] = 10,
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

	if (h->state == ENDING)
		tls_say_goodbye(io);
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
	struct http *h = arg;

	(void)io;
	if (what == BEV_EVENT_CONNECTED && h->state == SHAKING) {
		http_enter(h, IDLE);
		http_proceed(h);
	} else if (h->state != SERVING) {
		/* Nothing is read while a handler works, so none can be cut off here. */
		http_free(h);
	}
}

/* ---- Its begin and end --------------------------------------------------------- */

static void
name_peer(struct http *h, const struct sockaddr *sa)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)sa)->sin_addr, text, sizeof text);
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)sa)->sin6_addr, text, sizeof text);
	network_spell(text, h->peer, sizeof h->peer);
}

void
http_new(struct event_base *base, const struct http_kind *kind, int fd, const struct sockaddr *sa)
{
	struct http *h;
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if ((h = calloc(1, sizeof *h)) == NULL ||
	    (h->deadline = evtimer_new(base, on_deadline, h)) == NULL)
		fatalx("no memory for a connection");
	h->kind = kind;
	h->base = base;
	h->fd = fd;
	counts_connection(true);
	name_peer(h, sa);
	crowd_join(h);
	/* Whether there is an introduction is never guessed: whoever is listed has to make one. */
	if (kind->outside && settings.proxy_protocol && proxy_is_trusted(h->peer))
		http_introduce(h);
	else
		http_begin(h);
}

void
http_begin(struct http *h)
{
	bool tls = h->kind->outside && tls_is_on();

	crowd_belongs(h);
	h->io = tls ? tls_accept(h->base, h->fd) :
	    bufferevent_socket_new(h->base, h->fd, BEV_OPT_CLOSE_ON_FREE);
	if (h->io == NULL)
		fatalx("no memory for a connection");
	bufferevent_setcb(h->io, on_read, on_written, on_event, h);
	bufferevent_setwatermark(h->io, EV_READ, 0, HEAD_LONGEST + BODY_LONGEST);
	http_enter(h, tls ? SHAKING : IDLE);
	bufferevent_enable(h->io, EV_READ | EV_WRITE);
}

void
http_free(struct http *h)
{
	crowd_leave(h);
	http_forget_introduction(h);
	http_wipe_request(h);
	if (h->io != NULL) {
		/* Who went away or was refused half-way may have sent a password. */
		http_wipe_input(h, SIZE_MAX);
		bufferevent_free(h->io);
	} else {
		close(h->fd);
	}
	event_free(h->deadline);
	free(h);
	counts_connection(false);
	http_room();
}
