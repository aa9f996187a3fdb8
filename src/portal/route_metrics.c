/* What a collector of figures asks, on a socket of its own: nothing of people's is here. */
#include <string.h>

#include "portal/counts.h"
#include "portal/exposition.h"
#include "portal/keeper.h"
#include "portal/route.h"

static void
give(struct http *h, int status, const char *text)
{
	struct reply reply = {
		.status = status, .type = "text/plain; charset=utf-8", .data = text,
		.len = strlen(text), .lines = status == 405 ? "Allow: GET, HEAD\r\n" : NULL,
	};

	http_reply(h, &reply);
}

static void
write_kept(const struct msg_metrics *m, struct evbuffer *out)
{
	struct metrics kept = { .table = metric_kept, .n = KEPT__COUNT };

	memcpy(kept.cell, m->cell, m->n * sizeof kept.cell[0]);
	exposition_write(&kept, out);
}

/* Without keeper there are our own figures, which say that it is away. */
static void
heard(const struct msg *m, void *http)
{
	struct evbuffer *body = evbuffer_new();
	struct reply reply = { .status = 200, .type = EXPOSITION_TYPE, .body = body };

	exposition_write(counts_now(m != NULL), body);
	if (m != NULL)
		write_kept(&m->u.metrics, body);
	http_reply(http, &reply);
	evbuffer_free(body);
}

static void
serve(struct http *h, const struct request *r)
{
	struct msg m = { .type = MSG_METRICS };

	if (strcmp(r->head.path, "/metrics") != 0)
		give(h, 404, "There is nothing here but /metrics.\n");
	else if (r->head.method != METHOD_GET && r->head.method != METHOD_HEAD)
		give(h, 405, "It can only be read.\n");
	else
		keeper_ask(&m, heard, h);
}

static void
refuse(struct http *h, const struct request *r, int status)
{
	(void)r;
	give(h, status, "This request is not understood.\n");
}

const struct http_handlers route_metrics_handlers = { .serve = serve, .refuse = refuse };
