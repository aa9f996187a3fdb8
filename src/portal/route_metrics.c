/* What a collector of figures asks, on a socket of its own: nothing of people's is here. */
#include "portal/route.h"

static void
give(struct http *h, int status, const char *text, size_t len)
{
	struct reply reply = {
		.status = status, .type = "text/plain; charset=utf-8", .data = text, .len = len,
	};

	http_reply(h, &reply);
}

static void
serve(struct http *h, const struct request *r)
{
	static const char missing[] = "There is nothing here.\n";

	(void)r;
	give(h, 404, missing, sizeof missing - 1);
}

static void
refuse(struct http *h, const struct request *r, int status)
{
	static const char refused[] = "This request is not understood.\n";

	(void)r;
	give(h, status, refused, sizeof refused - 1);
}

const struct http_handlers route_metrics_handlers = { .serve = serve, .refuse = refuse };
