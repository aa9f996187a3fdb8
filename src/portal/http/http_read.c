#include "portal/http/http_own.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "portal/counts.h"
#include "portal/http/proxy.h"

/* ---- What must leave no trace ---------------------------------------------------- */

/* What a body held is with keeper by now, or was refused. */
static void
wipe_body(struct http *h)
{
	if (h->request.body != NULL)
		explicit_bzero(h->request.body, h->request.len);
	free(h->request.body);
	h->request.body = NULL;
}

void
http_wipe_request(struct http *h)
{
	wipe_body(h);
	/* It holds the cookie: the name of a flow. */
	if (h->raw != NULL)
		explicit_bzero(h->raw, h->raw_len);
	free(h->raw);
	h->raw = NULL;
	memset(&h->request.head, 0, sizeof h->request.head);
	memset(&h->scan, 0, sizeof h->scan);
}

void
http_wipe_input(struct http *h, size_t len)
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

/* Move ${len} bytes out of the buffer, and leave none of them behind in it. */
static char *
take(struct http *h, size_t len)
{
	char *out = malloc(len + 1);

	if (out == NULL)
		fatalx("no memory for a request");
	evbuffer_copyout(bufferevent_get_input(h->io), out, len);
	out[len] = '\0';
	http_wipe_input(h, len);
	counts_bytes(true, len);
	return out;
}

/* ---- A request, from its first byte ------------------------------------------------ */

static void
refuse(struct http *h, int status)
{
	h->request.head.keep_alive = false;
	http_enter(h, SERVING);
	bufferevent_disable(h->io, EV_READ);
	h->refused = true;
	counts_refusal(status);
	h->kind->handlers->refuse(h, &h->request, status);
}

static void
serve(struct http *h)
{
	struct request *r = &h->request;

	http_enter(h, SERVING);
	bufferevent_disable(h->io, EV_READ);
	r->len = r->head.body;
	r->body = take(h, r->len);
	proxy_client(h->peer, &r->head.forwarded, r->addr, sizeof r->addr);
	h->kind->handlers->serve(h, r);
	wipe_body(h);
}

/* Look at what has come of the head since the last time. */
static enum head_part
scan_head(struct http *h)
{
	struct evbuffer *in = bufferevent_get_input(h->io);
	size_t end = evbuffer_get_length(in);
	enum head_part part = HEAD_MORE;
	struct evbuffer_iovec piece;
	struct evbuffer_ptr at;

	if (end > HEAD_LONGEST)
		end = HEAD_LONGEST;
	while (part == HEAD_MORE && h->scan.seen < end &&
	    evbuffer_ptr_set(in, &at, h->scan.seen, EVBUFFER_PTR_SET) == 0 &&
	    evbuffer_peek(in, -1, &at, &piece, 1) > 0) {
		size_t left = end - h->scan.seen;

		part = head_scan(&h->scan, piece.iov_base, piece.iov_len < left ? piece.iov_len : left);
	}
	return part;
}

/* The head's lines are needed until the reply; its bytes are looked at here. */
static void
take_head(struct http *h)
{
	enum head_part part = scan_head(h);
	int r;

	if (part == HEAD_MORE && h->scan.seen < HEAD_LONGEST)
		return;
	if (part != HEAD_WHOLE) {
		refuse(h, part == HEAD_MORE ? 431 : 400);
		return;
	}
	h->raw_len = h->scan.seen;
	h->raw = take(h, h->raw_len);
	if ((r = head_parse(&h->request.head, h->raw, h->raw_len)) != 0) {
		refuse(h, r);
		return;
	}
	http_enter(h, BODY);
	if (h->request.head.expects)
		bufferevent_write(h->io, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	http_proceed(h);
}

void
http_proceed(struct http *h)
{
	size_t have = evbuffer_get_length(bufferevent_get_input(h->io));

	if (h->state == LINGERING)
		http_wipe_input(h, have);
	if (h->state == IDLE && have > 0)
		http_enter(h, HEAD);
	if (h->state == HEAD)
		take_head(h);
	else if (h->state == BODY && have >= h->request.head.body)
		serve(h);
}
