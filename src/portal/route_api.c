#include <stdio.h>

#include "portal/api.h"
#include "portal/keeper.h"
#include "portal/page/view.h"
#include "portal/route.h"
#include "portal/visit.h"

static const char json[] = "application/json";

static void
answer(struct http *h, int status, const struct msg_step *s, const struct lang *lang)
{
	struct evbuffer *body = evbuffer_new();
	const struct lang *own = lang_find(s->lang);
	struct reply reply = { .status = status, .type = json, .body = body };

	if (status == 503)
		reply.lines = "Retry-After: 5\r\n";
	api_write(body, s, own != NULL ? own : lang);
	http_reply(h, &reply);
	evbuffer_free(body);
}

void
route_api_refuse(struct http *h, const struct request *r, int status, enum reason reason)
{
	struct msg_step s;

	view_refusal(&s, reason);
	answer(h, status != 0 ? status : api_status(&s), &s,
	    lang_accepted(r->head.value[HEADER_ACCEPT_LANGUAGE]));
}

static void
heard(const struct msg *m, void *ctx)
{
	struct visit *v = ctx;
	struct msg_step none;
	const struct msg_step *s = m != NULL ? &m->u.step : &none;

	if (m == NULL)
		view_away(&none);
	answer(v->http, api_status(s), s, v->lang);
	visit_free(v);
}

/* The API has no cookies: what the browser sends along counts for nothing. */
static struct visit *
api_visit(struct http *h, const struct request *r)
{
	struct visit *v = visit_new(h, r);

	v->lang = lang_accepted(r->head.value[HEADER_ACCEPT_LANGUAGE]);
	v->flow[0] = '\0';
	return v;
}

static void
ask(struct http *h, const struct request *r, struct msg *m, enum reason reason)
{
	if (reason == REASON_NONE)
		keeper_ask(m, heard, api_visit(h, r));
	else
		route_api_refuse(h, r, 0, reason);
	msg_wipe(m);
}

/* Anything else is refused here. */
static bool
is_json(struct http *h, const struct request *r)
{
	bool is = head_is_type(&r->head, json);

	if (!is)
		route_api_refuse(h, r, 415, REASON_BAD_REQUEST);
	return is;
}

void
route_api_open(struct http *h, const struct request *r)
{
	const struct lang *lang = lang_accepted(r->head.value[HEADER_ACCEPT_LANGUAGE]);
	struct msg m;

	if (!is_json(h, r))
		return;
	ask(h, r, &m, api_read_open(&m, r->body, r->len, lang->tag));
}

void
route_api_answer(struct http *h, const struct request *r)
{
	enum reason reason;
	struct msg m;

	if (!is_json(h, r))
		return;
	reason = api_read_answer(&m, r->body, r->len);
	snprintf(m.u.answer.addr, sizeof m.u.answer.addr, "%s", r->addr);
	ask(h, r, &m, reason);
}

static void
ask_flow(struct http *h, const struct request *r, enum msg_type type)
{
	struct msg m = { .type = type };
	enum reason reason;

	if (!is_json(h, r))
		return;
	reason = api_read_flow(&m, r->body, r->len);
	snprintf(m.u.flow.addr, sizeof m.u.flow.addr, "%s", r->addr);
	ask(h, r, &m, reason);
}

void
route_api_again(struct http *h, const struct request *r)
{
	ask_flow(h, r, MSG_AGAIN);
}

void
route_api_show(struct http *h, const struct request *r)
{
	ask_flow(h, r, MSG_SHOW);
}

void
route_api_leave(struct http *h, const struct request *r)
{
	ask_flow(h, r, MSG_LEAVE);
}
