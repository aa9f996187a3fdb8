/*
 * What a browser asks.  An answer to a form is a redirect to the page of the step
 * that follows, which asks keeper afresh: Back, reload and a second click find the
 * present step and change nothing.  Only a page whose answer did not do is drawn at
 * once, with what was typed: it is kept nowhere, so this is the one moment for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/log.h"
#include "base/text.h"
#include "portal/api.h"
#include "portal/cookie.h"
#include "portal/form.h"
#include "portal/keeper.h"
#include "portal/page/page.h"
#include "portal/page/view.h"
#include "portal/route.h"
#include "portal/visit.h"

/* ---- Replies -------------------------------------------------------------------- */

static void
draw(struct visit *v, int status, const struct page *page)
{
	struct evbuffer *body = evbuffer_new();
	size_t len = strlen(v->lines);
	struct reply reply = {
		.status = status, .type = "text/html; charset=utf-8", .lines = v->lines, .body = body,
		.holds_media = page->step->riddle.letters[0] != '\0',
	};

	page_draw(page, body);
	/* Here and not in the page: it holds also where the script fails in the middle. */
	if (!page->step->refused && page->step->step == STEP_PRICE && page->step->wait > 0)
		snprintf(v->lines + len, sizeof v->lines - len, "Refresh: %u; url=/step/price\r\n",
		    (unsigned int)page->step->wait);
	http_reply(v->http, &reply);
	evbuffer_free(body);
	visit_free(v);
}

static void
draw_stuck(struct visit *v, int status, const struct msg_step *s)
{
	struct page page = { .step = s, .lang = v->lang, .path = v->path };
	size_t len = strlen(v->lines);

	if (status == 503)
		snprintf(v->lines + len, sizeof v->lines - len, "Retry-After: 5\r\n");
	/* A form's address has no page of its own to come back to in another language. */
	if (strncmp(v->path, "/step/", 6) != 0)
		page.path = "/";
	draw(v, status, &page);
}

static void
stick(struct visit *v, int status, enum reason reason)
{
	struct msg_step s;

	view_refusal(&s, reason);
	draw_stuck(v, status != 0 ? status : api_status(&s), &s);
}

static void
stick_away(struct visit *v)
{
	struct msg_step s;

	view_away(&s);
	draw_stuck(v, api_status(&s), &s);
}

void
route_stuck(struct http *h, const struct request *r, int status, enum reason reason)
{
	stick(visit_new(h, r), status, reason);
}

void
route_missing(struct http *h, const struct request *r)
{
	struct visit *v = visit_new(h, r);
	struct msg_step s;
	struct page page = { .step = &s, .lang = v->lang, .path = "/", .missing = true };

	view_refusal(&s, REASON_NONE);
	draw(v, 404, &page);
}

static void
go_to(struct visit *v, const char *path)
{
	struct reply reply = { .status = 303, .lines = v->lines };
	size_t len = strlen(v->lines);

	snprintf(v->lines + len, sizeof v->lines - len, "Location: %s\r\n", path);
	http_reply(v->http, &reply);
	visit_free(v);
}

static void
go_to_step(struct visit *v, const struct msg_step *s)
{
	char path[64];

	snprintf(path, sizeof path, "/step/%s", word_step[s->step]);
	go_to(v, path);
}

/* ---- The language ------------------------------------------------------------------ */

/* What stands behind the question mark of a page's address; the rest is ignored. */
static void
read_query(const struct request *r, const char *name, char *out, size_t size)
{
	struct form *f = calloc(1, sizeof *f);

	out[0] = '\0';
	if (f != NULL && form_parse(f, r->head.query, strlen(r->head.query)) == 0)
		snprintf(out, size, "%s", form_text(f, name));
	free(f);
}

/* ?lang=en: remember it, and say whether it was there. */
static bool
choose_lang(struct visit *v, const struct request *r)
{
	char tag[LANG_LONGEST + 1];
	const struct lang *l;

	read_query(r, "lang", tag, sizeof tag);
	if ((l = lang_find(tag)) == NULL)
		return false;
	v->lang = l;
	v->chosen = true;
	cookie_keep_lang(v->lines, sizeof v->lines, l->tag);
	return true;
}

/* The flow knows its language, unless the person has chosen another since. */
static void
follow_lang(struct visit *v, const struct msg_step *s)
{
	const struct lang *l = lang_find(s->lang);

	if (!v->chosen && l != NULL)
		v->lang = l;
}

/* ---- Pages ---------------------------------------------------------------------------- */

static void
heard_first(const struct msg *m, void *ctx)
{
	struct visit *v = ctx;
	struct page page;

	if (m == NULL) {
		stick_away(v);
		return;
	}
	if (m->u.step.refused) {
		draw_stuck(v, api_status(&m->u.step), &m->u.step);
		return;
	}
	page = (struct page){ .step = &m->u.step, .lang = v->lang, .path = "/", .opening = true };
	draw(v, 200, &page);
}

void
route_first_page(struct http *h, const struct request *r)
{
	struct visit *v = visit_new(h, r);
	struct msg m = { .type = MSG_OPEN };
	char wish[16];
	int w;

	choose_lang(v, r);
	read_query(r, "wish", wish, sizeof wish);
	w = word_find(word_wish, WISH__COUNT, wish);
	m.u.open.journey = JOURNEY_RECOVER;
	m.u.open.wish = w == -1 ? WISH_NONE : (enum wish)w;
	snprintf(m.u.open.lang, sizeof m.u.open.lang, "%s", v->lang->tag);
	keeper_ask(&m, heard_first, v);
}

static void
heard_show(const struct msg *m, void *ctx)
{
	struct visit *v = ctx;
	struct page page;

	if (m == NULL) {
		stick_away(v);
		return;
	}
	follow_lang(v, &m->u.step);
	if (m->u.step.refused) {
		draw_stuck(v, api_status(&m->u.step), &m->u.step);
		return;
	}
	if (strcmp(v->path + strlen("/step/"), word_step[m->u.step.step]) != 0) {
		go_to_step(v, &m->u.step);
		return;
	}
	page = (struct page){ .step = &m->u.step, .lang = v->lang, .path = v->path };
	draw(v, 200, &page);
}

static bool
is_step(const char *path)
{
	return word_find(word_step, STEP__COUNT, path + strlen("/step/")) != -1;
}

void
route_step_page(struct http *h, const struct request *r)
{
	struct visit *v = visit_new(h, r);
	struct msg m = { .type = MSG_SHOW };

	if (!is_step(r->head.path)) {
		visit_free(v);
		route_missing(h, r);
	} else if (choose_lang(v, r)) {
		/* The page's own address again: a reload is to ask nothing new. */
		go_to(v, r->head.path);
	} else if (v->flow[0] == '\0') {
		go_to(v, "/");
	} else {
		snprintf(m.u.flow.flow, sizeof m.u.flow.flow, "%s", v->flow);
		snprintf(m.u.flow.addr, sizeof m.u.flow.addr, "%s", r->addr);
		keeper_ask(&m, heard_show, v);
	}
}

void
route_left(struct http *h, const struct request *r)
{
	struct visit *v = visit_new(h, r);
	struct msg_step s = { .step = STEP_END, .outcome = OUTCOME_LEFT };
	struct page page = { .step = &s, .path = "/left" };

	choose_lang(v, r);
	page.lang = v->lang;
	draw(v, 200, &page);
}

/* ---- Answers ----------------------------------------------------------------------------- */

static bool
is_same_page(const struct visit *v, const struct msg_step *s)
{
	return v->typed != NULL && s->reason != REASON_NONE && s->step == v->typed->step &&
	    strncmp(v->path, "/step/", strlen("/step/")) == 0 &&
	    strcmp(v->path + strlen("/step/"), word_step[s->step]) == 0;
}

/* Nobody can begin now, so nothing of it was stored: a look at it would not tell why. */
static bool
is_still_first(const struct visit *v, const struct msg_step *s)
{
	return v->typed != NULL && strcmp(v->path, "/") == 0 && s->step == STEP_NAME &&
	    s->seq == v->typed->seq;
}

static void
heard_answer(const struct msg *m, void *ctx)
{
	struct visit *v = ctx;
	const struct msg_step *s = m != NULL ? &m->u.step : NULL;
	struct page page;
	size_t len;

	if (s == NULL) {
		stick_away(v);
		return;
	}
	follow_lang(v, s);
	/* The question was wrong; an answer to an earlier page is not: keeper shows what is now. */
	if (s->refused) {
		draw_stuck(v, api_status(s), s);
		return;
	}
	page = (struct page){ .step = s, .lang = v->lang, .path = v->path, .typed = v->typed };
	if (is_still_first(v, s)) {
		page.opening = true;
		draw(v, 200, &page);
		return;
	}
	len = strlen(v->lines);
	if (strcmp(s->flow, v->flow) != 0)
		cookie_keep_flow(v->lines + len, sizeof v->lines - len, s->flow);
	if (is_same_page(v, s))
		draw(v, 200, &page);
	else
		go_to_step(v, s);
}

/* "You have stopped, nothing has been changed" is said to nobody of whom that is not so. */
static void
heard_leave(const struct msg *m, void *ctx)
{
	const struct msg_step *s = m == NULL ? NULL : &m->u.step;

	if (s == NULL || s->refused || s->outcome != OUTCOME_LEFT || s->gone) {
		heard_answer(m, ctx);
		return;
	}
	cookie_keep_flow(((struct visit *)ctx)->lines, sizeof ((struct visit *)ctx)->lines, "");
	go_to(ctx, "/left");
}

static bool
has_right_csrf(const struct form *f, const char *flow)
{
	const struct secret *said = form_find(f, "csrf");
	char csrf[CSRF_SIZE];

	cookie_csrf(flow, csrf);
	return said != NULL && said->len == CSRF_SIZE - 1 &&
	    CRYPTO_memcmp(said->text, csrf, CSRF_SIZE - 1) == 0;
}

/* Digits only; -1 for anything else. */
static long long
read_seq(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > 10 || strspn(text, "0123456789") != len)
		return -1;
	return strtoll(text, NULL, 10);
}

/* Each name of the form must be one that pages send, and each value fit. */
static enum reason
fill_answer(struct msg_answer *a, const struct form *f)
{
	static const char *const ours[] = { "flow", "seq", "step", "csrf" };
	long long seq = read_seq(form_text(f, "seq"));
	int step = word_find(word_step, STEP__COUNT, form_text(f, "step")), field;

	if (seq < 0 || seq > UINT32_MAX || step == -1)
		return REASON_BAD_REQUEST;
	a->seq = (uint32_t)seq;
	a->step = (enum step)step;
	for (size_t i = 0; i < f->n; i++) {
		if (word_find(ours, sizeof ours / sizeof ours[0], f->fields[i].name) != -1)
			continue;
		field = word_find(word_field, FIELD__COUNT, f->fields[i].name);
		if (field == -1 || a->n_fields == FIELDS_MOST)
			return REASON_BAD_REQUEST;
		a->fields[a->n_fields].name = (enum field)field;
		secret_copy(&a->fields[a->n_fields++].value, &f->fields[i].value);
	}
	return REASON_NONE;
}

/* Read the form and check that it comes from a page of ${flow}, or from a first one; 0, or a status. */
static int
read_form(struct form *f, const struct request *r, bool first, const char *flow)
{
	int fault;

	if (!head_is_type(&r->head, "application/x-www-form-urlencoded"))
		return 415;
	if ((fault = form_parse(f, r->body, r->len)) != 0)
		return fault == -2 ? 413 : 400;
	/* The first page has its flow in the form, later ones have it in the cookie. */
	if (first)
		return has_right_csrf(f, form_text(f, "flow")) ? 0 : 403;
	return flow[0] != '\0' && form_find(f, "flow") == NULL && has_right_csrf(f, flow) ? 0 : 403;
}

static enum reason
reason_of(int status)
{
	/* A form of another flow than the cookie's: it was left open while another began. */
	return status == 413 ? REASON_TOO_LARGE : status == 403 ? REASON_UNKNOWN_FLOW :
	    REASON_BAD_REQUEST;
}

static struct msg_answer *
keep_typed(const struct msg_answer *a)
{
	struct msg_answer *typed = malloc(sizeof *typed);

	if (typed == NULL)
		fatalx("no memory for a request");
	*typed = *a;
	return typed;
}

static void
take_answer(struct http *h, const struct request *r, bool first)
{
	struct visit *v = visit_new(h, r);
	struct form f = { .n = 0 };
	struct msg m = { .type = MSG_ANSWER };
	int status = read_form(&f, r, first, v->flow);
	const char *flow = first ? form_text(&f, "flow") : v->flow;

	if (status == 0 && (strlen(flow) > FLOW_LONGEST || !text_plain(flow)))
		status = 404;
	if (status == 0 && fill_answer(&m.u.answer, &f) != REASON_NONE)
		status = 400;
	if (status != 0) {
		stick(v, status, reason_of(status));
	} else {
		snprintf(m.u.answer.flow, sizeof m.u.answer.flow, "%s", flow);
		snprintf(m.u.answer.addr, sizeof m.u.answer.addr, "%s", r->addr);
		v->typed = keep_typed(&m.u.answer);
		/* keeper_ask has a copy, and wipes this one. */
		keeper_ask(&m, heard_answer, v);
	}
	form_wipe(&f);
	msg_wipe(&m);
}

void
route_first_answer(struct http *h, const struct request *r)
{
	take_answer(h, r, true);
}

void
route_step_answer(struct http *h, const struct request *r)
{
	if (is_step(r->head.path))
		take_answer(h, r, false);
	else
		route_missing(h, r);
}

/* ---- The other buttons ------------------------------------------------------------------------ */

static void
press(struct http *h, const struct request *r, enum msg_type type, keeper_heard_fn *heard)
{
	struct visit *v = visit_new(h, r);
	struct form f = { .n = 0 };
	struct msg m = { .type = type };
	int status = read_form(&f, r, false, v->flow);

	if (status != 0) {
		stick(v, status, reason_of(status));
	} else {
		snprintf(m.u.flow.flow, sizeof m.u.flow.flow, "%s", v->flow);
		snprintf(m.u.flow.addr, sizeof m.u.flow.addr, "%s", r->addr);
		m.u.flow.chosen = view_choice(form_text(&f, "choice")) != -1;
		if (m.u.flow.chosen)
			m.u.flow.choice = (enum channel)view_choice(form_text(&f, "choice"));
		keeper_ask(&m, heard, v);
	}
	form_wipe(&f);
}

void
route_again(struct http *h, const struct request *r)
{
	press(h, r, MSG_AGAIN, heard_answer);
}

void
route_leave(struct http *h, const struct request *r)
{
	press(h, r, MSG_LEAVE, heard_leave);
}
