#include "portal/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/bufferevent.h>
#include <event2/listener.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "portal/proxy.h"
#include "portal/settings.h"

enum { HEAD_SECONDS = 10, BODY_SECONDS = 10, IDLE_SECONDS = 30, WRITE_SECONDS = 30,
	LINGER_SECONDS = 2 };

enum state {
	IDLE,		/* nothing of a request has come yet */
	HEAD, BODY,
	SERVING,	/* the handler has it; nothing is read */
	WRITING,	/* the reply leaves; then idle again, */
	ENDING,		/* or the end, */
	LINGERING	/* which waits for who is still sending: else a reset overtakes the reply */
};

static const int seconds[] = {
	[IDLE] = IDLE_SECONDS, [HEAD] = HEAD_SECONDS, [BODY] = BODY_SECONDS,
	/* keeper's own patience ends first; this is for our own mistakes */
	[SERVING] = 60,
	[WRITING] = WRITE_SECONDS, [ENDING] = WRITE_SECONDS,
	[LINGERING] = LINGER_SECONDS,
};

struct http {
	TAILQ_ENTRY(http)	 next;
	enum state		 state;
	bool			 in_idle;	/* on the list of the idle, else of the busy */
	struct bufferevent	*io;
	struct event		*deadline;
	bool			 refused;
	char			 peer[ADDR_LONGEST + 1];
	char			*raw;		/* the head, cut up by head_parse */
	size_t			 raw_len;
	struct request		 request;
};

TAILQ_HEAD(https, http);

static struct https idle = TAILQ_HEAD_INITIALIZER(idle);	/* the longest idle first */
static struct https busy = TAILQ_HEAD_INITIALIZER(busy);
static struct evconnlistener *listeners[LISTEN_MOST];
static size_t n_listeners;
static int connections;
static bool held_back;		/* no more connections are accepted for now */
static struct event_base *loop;
static const struct http_handlers *handlers;

static void proceed(struct http *);

static void
listen_again(bool on)
{
	for (size_t i = 0; i < n_listeners; i++) {
		if (on)
			evconnlistener_enable(listeners[i]);
		else
			evconnlistener_disable(listeners[i]);
	}
	held_back = !on;
}

/* ---- A connection's life ---------------------------------------------------- */

/* What a body held is with keeper by now, or was refused. */
static void
wipe_body(struct http *h)
{
	if (h->request.body != NULL)
		explicit_bzero(h->request.body, h->request.len);
	free(h->request.body);
	h->request.body = NULL;
}

static void
wipe_request(struct http *h)
{
	wipe_body(h);
	/* It holds the cookie: the name of a flow. */
	if (h->raw != NULL)
		explicit_bzero(h->raw, h->raw_len);
	free(h->raw);
	h->raw = NULL;
	memset(&h->request.head, 0, sizeof h->request.head);
}

/* The first ${len} bytes of what came, or all of it: be rid of them, and leave no trace. */
static void
wipe_input(struct http *h, size_t len)
{
	struct evbuffer *in = bufferevent_get_input(h->io);
	struct evbuffer_iovec piece;

	while (len > 0 && evbuffer_peek(in, 1, NULL, &piece, 1) == 1 && piece.iov_len > 0) {
		size_t here = piece.iov_len < len ? piece.iov_len : len;

		explicit_bzero(piece.iov_base, here);
		evbuffer_drain(in, here);
		len -= here;
	}
}

static void
http_free(struct http *h)
{
	TAILQ_REMOVE(h->in_idle ? &idle : &busy, h, next);
	wipe_request(h);
	/* Who went away or was refused half-way may have sent a password. */
	wipe_input(h, SIZE_MAX);
	bufferevent_free(h->io);
	event_free(h->deadline);
	free(h);
	connections--;
	if (held_back)
		listen_again(true);
}

static void
enter(struct http *h, enum state state)
{
	struct timeval tv = { .tv_sec = seconds[state] };

	TAILQ_REMOVE(h->in_idle ? &idle : &busy, h, next);
	h->in_idle = state == IDLE;
	TAILQ_INSERT_TAIL(h->in_idle ? &idle : &busy, h, next);
	h->state = state;
	evtimer_add(h->deadline, &tv);
	if (held_back && state < SERVING)
		listen_again(true);
}

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

/* ---- Reading ------------------------------------------------------------------ */

/* Move ${len} bytes out of the buffer, and leave none of them behind in it. */
static char *
take(struct http *h, size_t len)
{
	char *out = malloc(len + 1);

	if (out == NULL)
		fatalx("no memory for a request");
	evbuffer_copyout(bufferevent_get_input(h->io), out, len);
	out[len] = '\0';
	wipe_input(h, len);
	return out;
}

static void
refuse(struct http *h, int status)
{
	h->request.head.keep_alive = false;
	enter(h, SERVING);
	bufferevent_disable(h->io, EV_READ);
	h->refused = true;
	handlers->refuse(h, &h->request, status);
}

static void
serve(struct http *h)
{
	struct request *r = &h->request;

	enter(h, SERVING);
	bufferevent_disable(h->io, EV_READ);
	r->len = r->head.body;
	r->body = take(h, r->len);
	proxy_client(h->peer, r->head.value[HEADER_FORWARDED_FOR], r->addr, sizeof r->addr);
	handlers->serve(h, r);
	wipe_body(h);
}

/* The head's lines are needed until the reply; its bytes are looked at here. */
static void
take_head(struct http *h)
{
	struct evbuffer *in = bufferevent_get_input(h->io);
	size_t have = evbuffer_get_length(in), len;
	struct evbuffer_ptr end;
	int r;

	end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	if (end.pos == -1) {
		if (have >= HEAD_LONGEST)
			refuse(h, 431);
		return;
	}
	if ((len = (size_t)end.pos + 4) > HEAD_LONGEST) {
		refuse(h, 431);
		return;
	}
	h->raw = take(h, len);
	h->raw_len = len;
	if ((r = head_parse(&h->request.head, h->raw, len)) != 0) {
		refuse(h, r);
		return;
	}
	enter(h, BODY);
	if (h->request.head.value[HEADER_EXPECT] != NULL && h->request.head.body > 0)
		bufferevent_write(h->io, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	proceed(h);
}

static void
proceed(struct http *h)
{
	size_t have = evbuffer_get_length(bufferevent_get_input(h->io));

	if (h->state == LINGERING)
		wipe_input(h, have);
	if (h->state == IDLE && have > 0)
		enter(h, HEAD);
	if (h->state == HEAD)
		take_head(h);
	else if (h->state == BODY && have >= h->request.head.body)
		serve(h);
}

static void
on_read(struct bufferevent *io, void *arg)
{
	(void)io;
	proceed(arg);
}

/* A reply has left: wait for the next request, which may be here already. */
static void
on_written(struct bufferevent *io, void *arg)
{
	struct http *h = arg;

	if (h->state == ENDING && h->refused) {
		shutdown(bufferevent_getfd(io), SHUT_WR);
		enter(h, LINGERING);
		bufferevent_enable(io, EV_READ);
		proceed(h);
	} else if (h->state == ENDING) {
		http_free(h);
	} else if (h->state == WRITING) {
		enter(h, IDLE);
		bufferevent_enable(h->io, EV_READ);
		proceed(h);
	}
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

/* ---- Writing --------------------------------------------------------------------- */

static const char *
status_text(int status)
{
	static const struct { int status; const char *text; } texts[] = {
		{ 200, "OK" }, { 303, "See Other" }, { 304, "Not Modified" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 409, "Conflict" }, { 411, "Length Required" }, { 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Other";
}

/* Made once a second at most. */
static const char *
date_text(void)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
	    "Aug", "Sep", "Oct", "Nov", "Dec" };
	static char text[64];
	static time_t made;
	time_t now = (time_t)clock_now();
	struct tm tm;

	if (now != made && gmtime_r(&now, &tm) != NULL) {
		snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday],
		    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
		made = now;
	}
	return text;
}

/*
 * The same on every reply: the browser is to load, frame, guess and tell nothing else.
 * Of what it could do for a page, only the code of a text message is of use here.
 */
static const char guards[] =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: otp-credentials=(self), camera=(), display-capture=(), geolocation=(), "
    "microphone=(), payment=(), publickey-credentials-get=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

void
http_reply(struct http *h, const struct reply *r)
{
	struct evbuffer *out = bufferevent_get_output(h->io);
	size_t len = r->body != NULL ? evbuffer_get_length(r->body) : r->len;
	bool keep = h->request.head.keep_alive;

	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: %s\r\n", r->status,
	    status_text(r->status), date_text(), keep ? "keep-alive" : "close");
	if (r->type != NULL)
		evbuffer_add_printf(out, "Content-Type: %s\r\n", r->type);
	if (r->status != 304)
		evbuffer_add_printf(out, "Content-Length: %zu\r\n", len);
	evbuffer_add_printf(out, "Cache-Control: %s\r\n", r->cache != NULL ? r->cache : "no-store");
	evbuffer_add(out, guards, sizeof guards - 1);
	if (settings_https())
		evbuffer_add_printf(out, "Strict-Transport-Security: max-age=31536000\r\n");
	if (r->lines != NULL)
		evbuffer_add(out, r->lines, strlen(r->lines));
	evbuffer_add(out, "\r\n", 2);
	if (h->request.head.method != METHOD_HEAD && r->status != 304) {
		if (r->body != NULL)
			evbuffer_add_buffer(out, r->body);
		else if (r->len > 0)
			evbuffer_add(out, r->data, r->len);
	}
	wipe_request(h);
	enter(h, keep ? WRITING : ENDING);
}

/* ---- Listening --------------------------------------------------------------------- */

/* Who can be spared: the longest idle, else the slowest to say what they want. */
static struct http *
spare(void)
{
	struct http *h;

	if (!TAILQ_EMPTY(&idle))
		return TAILQ_FIRST(&idle);
	TAILQ_FOREACH(h, &busy, next)
		if (h->state == HEAD || h->state == BODY)
			return h;
	return NULL;
}

/* Those who are being served stay; while they alone fill the house, nobody comes in. */
static void
make_room(void)
{
	struct http *h;

	if (connections < settings.connections)
		return;
	if ((h = spare()) != NULL)
		http_free(h);
	else if (!held_back)
		listen_again(false);
}

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

static void
on_accept(struct evconnlistener *l, evutil_socket_t fd, struct sockaddr *sa, int len, void *ctx)
{
	struct http *h;
	int one = 1;

	(void)l;
	(void)len;
	(void)ctx;
	make_room();
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if ((h = calloc(1, sizeof *h)) == NULL ||
	    (h->io = bufferevent_socket_new(loop, fd, BEV_OPT_CLOSE_ON_FREE)) == NULL ||
	    (h->deadline = evtimer_new(loop, on_deadline, h)) == NULL)
		fatalx("no memory for a connection");
	connections++;
	name_peer(h->peer, sizeof h->peer, sa);
	TAILQ_INSERT_TAIL(&busy, h, next);
	bufferevent_setcb(h->io, on_read, on_written, on_event, h);
	bufferevent_setwatermark(h->io, EV_READ, 0, HEAD_LONGEST + BODY_LONGEST);
	enter(h, IDLE);
	bufferevent_enable(h->io, EV_READ | EV_WRITE);
}

/* Out of descriptors, say: nobody comes in until a connection has ended. */
static void
on_accept_error(struct evconnlistener *l, void *ctx)
{
	(void)l;
	(void)ctx;
	log_warn("cannot accept a connection");
	if (connections > 0)
		listen_again(false);
}

static int
listen_on(int fd, const char *where)
{
	enum { FLAGS = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE };
	struct sockaddr_storage ss;
	int len = sizeof ss;
	struct evconnlistener *l;

	if (fd != -1) {
		evutil_make_socket_nonblocking(fd);
		l = evconnlistener_new(loop, on_accept, NULL, FLAGS, 0, fd);
	} else {
		evutil_parse_sockaddr_port(where, (struct sockaddr *)&ss, &len);
		l = evconnlistener_new_bind(loop, on_accept, NULL, FLAGS, 512,
		    (struct sockaddr *)&ss, len);
	}
	if (l == NULL) {
		program_fault(0, "portal.listen", "cannot listen on %s: %s", where, strerror(errno));
		return -1;
	}
	evconnlistener_set_error_cb(l, on_accept_error);
	listeners[n_listeners++] = l;
	return 0;
}

/* A descriptor for each connection, and a few of our own. */
static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < (rlim_t)settings.connections + 32)
		log_warnx("portal.connections is %d, but only %llu files may be open; raise LimitNOFILE",
		    settings.connections, (unsigned long long)limit.rlim_max);
}

int
http_listen(struct event_base *base, const struct http_handlers *hs)
{
	int fd = program_passed("http");

	loop = base;
	handlers = hs;
	raise_limit();
	if (fd != -1)
		return listen_on(fd, "the supervisor's socket");
	for (size_t i = 0; i < settings.n_listen; i++)
		if (listen_on(-1, settings.listen[i]) == -1)
			return -1;
	return 0;
}

void
http_close(void)
{
	for (size_t i = 0; i < n_listeners; i++)
		evconnlistener_free(listeners[i]);
	n_listeners = 0;
	held_back = false;
	while (!TAILQ_EMPTY(&idle))
		http_free(TAILQ_FIRST(&idle));
	while (!TAILQ_EMPTY(&busy))
		http_free(TAILQ_FIRST(&busy));
}
