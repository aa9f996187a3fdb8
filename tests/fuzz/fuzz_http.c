/*
 * A connection from its first byte to its last: it does not matter how what is sent was
 * cut into pieces, each request is heard once, whole, and none behind one that was
 * refused.  The first byte of an input says where it is cut.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "portal/http/http_own.h"
#include "portal/settings.h"

enum { HEARD_MOST = 96, INPUT_MOST = 2048 };

/* What a connection was taken to say. */
struct heard {
	size_t		n, bytes;
	bool		refused;
	int		status;
	struct { enum method method; size_t len; char path[32], body[32]; } request[HEARD_MOST];
};

static struct heard *now;
static struct event_base *loop;

static void
reply(struct http *h, int status)
{
	const struct reply r = { .status = status, .type = "text/plain", .data = "yes", .len = 3 };

	http_reply(h, &r);
}

static void
serve(struct http *h, const struct request *r)
{
	MUST(!now->refused && r->body != NULL);
	MUST(r->len == r->head.body && r->len <= BODY_LONGEST);
	MUST(r->body[r->len] == '\0' && r->head.path[0] == '/');
	MUST(strcmp(r->addr, "192.0.2.1") == 0);
	if (now->n < HEARD_MOST) {
		now->request[now->n].method = r->head.method;
		now->request[now->n].len = r->len;
		snprintf(now->request[now->n].path, 32, "%s", r->head.path);
		snprintf(now->request[now->n].body, 32, "%s", r->body);
		now->n++;
	}
	reply(h, 200);
}

static void
refuse(struct http *h, const struct request *r, int status)
{
	(void)r;
	MUST(!now->refused && status >= 400 && status <= 505);
	now->refused = true;
	now->status = status;
	reply(h, status);
}

static const struct http_handlers handlers = { serve, refuse };
static const struct http_kind kind = {
	.name = "http", .setting = "portal.listen", .handlers = &handlers
};

/* Everything that is to be done now; no deadline is near. */
static void
turn(void)
{
	for (int i = 0; i < 4; i++)
		event_base_loop(loop, EVLOOP_NONBLOCK);
}

/* How many replies there are in what came back; each begins as one. */
static size_t
count_replies(const char *text, size_t len)
{
	static const char begin[] = "HTTP/1.1 ";
	const char *at = text;
	size_t n = 0;

	MUST(len == 0 || (len > sizeof begin && memcmp(text, begin, sizeof begin - 1) == 0));
	while ((at = memmem(at, len - (size_t)(at - text), begin, sizeof begin - 1)) != NULL) {
		n += memcmp(at + sizeof begin - 1, "100", 3) != 0;
		at++;
	}
	return n;
}

/* To somebody who may have hung up. */
static void
say(int fd, const uint8_t *data, size_t size)
{
	if (size > 0)
		MUST(send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size || errno == EPIPE);
	turn();
}

static void
converse(const uint8_t *data, size_t size, size_t cut, struct heard *heard)
{
	static const struct sockaddr_in from = {
		.sin_family = AF_INET, .sin_addr = { .s_addr = 0x010200c0 }
	};
	static char back[HEARD_MOST * 1024];
	int ends[2];
	ssize_t n;

	memset(heard, 0, sizeof *heard);
	now = heard;
	MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	http_new(loop, &kind, ends[0], (const struct sockaddr *)&from);
	say(ends[1], data, cut);
	say(ends[1], data + cut, size - cut);
	shutdown(ends[1], SHUT_WR);
	turn();
	n = recv(ends[1], back, sizeof back, 0);
	MUST(n < (ssize_t)sizeof back);
	MUST(heard->n == HEARD_MOST ||
	    count_replies(back, n > 0 ? (size_t)n : 0) == heard->n + heard->refused);
	close(ends[1]);
	http_close();
	MUST(crowd_size() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct heard whole, cut;

	if (size < 2 || size > INPUT_MOST)
		return 0;
	if (loop == NULL) {
		MUST((loop = event_base_new()) != NULL);
		/* As in portal's main. */
		MUST(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	}
	settings.connections = 8;
	converse(data + 1, size - 1, size - 1, &whole);
	converse(data + 1, size - 1, data[0] % (size - 1), &cut);
	/* Who ends first may not be heard any more; who is, is heard alike. */
	MUST(memcmp(&whole, &cut, sizeof whole) == 0);
	return 0;
}
