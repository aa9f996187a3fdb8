#include "portal/route.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "portal/keeper.h"
#include "portal/page/asset.h"

/* ---- Files and health --------------------------------------------------------- */

/* "gzip" is on the list that a browser sent, and not to say that it is not wanted. */
static bool
takes_gzip(const char *list)
{
	while (list != NULL && *(list += strspn(list, ", \t")) != '\0') {
		size_t len = strcspn(list, ",; \t");
		const char *weight = list + len + strspn(list + len, "; \t");

		if (len == 4 && strncasecmp(list, "gzip", 4) == 0)
			return strncmp(weight, "q=0", 3) != 0 || strcspn(weight, "123456789") <
			    strcspn(weight, ",");
		list += strcspn(list, ",");
	}
	return false;
}

static void
give_file(struct http *h, const struct request *r, const struct asset *a)
{
	const char *have = r->head.value[HEADER_IF_NONE_MATCH];
	bool packed = a->packed != NULL && takes_gzip(r->head.value[HEADER_ACCEPT_ENCODING]);
	char lines[120];
	/* With the hash in the address it can never change. */
	bool for_ever = strncmp(r->head.query, "v=", 2) == 0 &&
	    strncmp(r->head.query + 2, a->tag + 1, 16) == 0;
	struct reply reply = {
		.status = 200, .type = a->type, .lines = lines,
		.data = packed ? (const void *)a->packed : a->data,
		.len = packed ? a->packed_len : a->len,
		.cache = for_ever ? "public, max-age=31536000, immutable" : "no-cache",
	};

	/* Weak, since it stands for both forms. */
	snprintf(lines, sizeof lines, "ETag: W/%s\r\nVary: Accept-Encoding\r\n%s", a->tag,
	    packed ? "Content-Encoding: gzip\r\n" : "");
	if (have != NULL && strstr(have, a->tag) != NULL)
		reply.status = 304;
	http_reply(h, &reply);
}

static void
route_static(struct http *h, const struct request *r)
{
	const struct asset *a = asset_find(r->head.path + strlen("/static/"));

	if (a == NULL)
		route_missing(h, r);
	else
		give_file(h, r, a);
}

static void
route_openapi(struct http *h, const struct request *r)
{
	const struct asset *a = asset_find("openapi.json");

	if (a == NULL)
		route_api_refuse(h, r, 404, REASON_BAD_REQUEST);
	else
		give_file(h, r, a);
}

static void
route_healthz(struct http *h, const struct request *r)
{
	static const struct reply good = {
		.status = 200, .type = "text/plain; charset=utf-8", .data = "ok\n", .len = 3,
	};

	(void)r;
	http_reply(h, &good);
}

/* As much of "cause; remedy" as is the cause, and as surely fits. */
#define CAUSE_SHOWN(text) (int)(strcspn(text, ";\"\\") < 80 ? strcspn(text, ";\"\\") : 80)

static void
tell_ready(const struct msg *m, void *ctx)
{
	bool registrar = m != NULL && m->u.status.registrar;
	bool courier = m != NULL && m->u.status.courier;
	bool store = m != NULL && m->u.status.store[0] == '\0';
	bool ready = registrar && courier && store;
	char text[256];
	struct reply reply = {
		.status = ready ? 200 : 503, .type = "application/json", .data = text,
	};
	int len = snprintf(text, sizeof text,
	    "{\"ready\":%s,\"keeper\":%s,\"registrar\":%s,\"courier\":%s,\"store\":%s",
	    ready ? "true" : "false", m != NULL ? "true" : "false",
	    registrar ? "true" : "false", courier ? "true" : "false", store ? "true" : "false");

	/* The cause alone: what mends it names a folder, which is no news for the street. */
	if (m != NULL && !store)
		len += snprintf(text + len, sizeof text - (size_t)len,
		    ",\"why\":\"the store cannot be written: %.*s\"", CAUSE_SHOWN(m->u.status.store),
		    m->u.status.store);
	reply.len = (size_t)len + (size_t)snprintf(text + len, sizeof text - (size_t)len, "}\n");
	http_reply(ctx, &reply);
}

static void
route_readyz(struct http *h, const struct request *r)
{
	struct msg m = { .type = MSG_STATUS };

	(void)r;
	keeper_ask(&m, tell_ready, h);
}

/* ---- The table ------------------------------------------------------------------ */

/* A HEAD goes where GET does; http.c leaves the body out. */
static const struct route {
	enum method	 method;
	const char	*path;
	bool		 below;		/* also what stands below it */
	http_handler_fn	*serve;
} routes[] = {
	{ METHOD_GET,	"/",			false,	route_first_page },
	{ METHOD_POST,	"/",			false,	route_first_answer },
	{ METHOD_GET,	"/step/",		true,	route_step_page },
	{ METHOD_POST,	"/step/",		true,	route_step_answer },
	{ METHOD_POST,	"/again",		false,	route_again },
	{ METHOD_POST,	"/leave",		false,	route_leave },
	{ METHOD_GET,	"/left",		false,	route_left },
	{ METHOD_GET,	"/static/",		true,	route_static },
	{ METHOD_GET,	"/healthz",		false,	route_healthz },
	{ METHOD_GET,	"/readyz",		false,	route_readyz },
	{ METHOD_GET,	"/api/v1/openapi.json",	false,	route_openapi },
	{ METHOD_POST,	"/api/v1/open",		false,	route_api_open },
	{ METHOD_POST,	"/api/v1/answer",	false,	route_api_answer },
	{ METHOD_POST,	"/api/v1/again",	false,	route_api_again },
	{ METHOD_POST,	"/api/v1/show",		false,	route_api_show },
	{ METHOD_POST,	"/api/v1/leave",	false,	route_api_leave },
};

static bool
is_at(const struct route *route, const char *path)
{
	return route->below ? strncmp(path, route->path, strlen(route->path)) == 0 :
	    strcmp(path, route->path) == 0;
}

/* A page of another site may not press our buttons, whatever cookies it could send. */
static bool
is_from_elsewhere(const struct request *r)
{
	const char *site = r->head.value[HEADER_SEC_FETCH_SITE];

	return r->head.method == METHOD_POST && site != NULL && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0;
}

static void
turn_away(struct http *h, const struct request *r, int status)
{
	if (strncmp(r->head.path, "/api/", 5) == 0)
		route_api_refuse(h, r, status, REASON_BAD_REQUEST);
	else if (status == 404)
		route_missing(h, r);
	else
		route_stuck(h, r, status, REASON_BAD_REQUEST);
}

static void
serve(struct http *h, const struct request *r)
{
	enum method method = r->head.method == METHOD_HEAD ? METHOD_GET : r->head.method;
	bool found = false;

	for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
		if (!is_at(&routes[i], r->head.path))
			continue;
		found = true;
		if (routes[i].method != method)
			continue;
		if (is_from_elsewhere(r))
			turn_away(h, r, 403);
		else
			routes[i].serve(h, r);
		return;
	}
	turn_away(h, r, found ? 405 : 404);
}

/* Who sends what no browser would is answered as a program. */
static void
refuse(struct http *h, const struct request *r, int status)
{
	enum reason reason = status == 413 || status == 431 ? REASON_TOO_LARGE : REASON_BAD_REQUEST;

	if (r->head.path == NULL || strncmp(r->head.path, "/api/", 5) == 0)
		route_api_refuse(h, r, status, reason);
	else
		route_stuck(h, r, status, reason);
}

const struct http_handlers route_handlers = { .serve = serve, .refuse = refuse };
