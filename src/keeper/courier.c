#include "keeper/courier.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"

/* Courier has deadlines of its own for each gateway; this is for a courier that hangs. */
enum { TICK_MS = 250, PATIENCE_MS = 120000 };

struct sending {
	TAILQ_ENTRY(sending)	 next;
	uint32_t		 id;
	int64_t			 until;
	courier_reply_fn	*reply;
	void			*ctx;
};

TAILQ_HEAD(sendings, sending);

struct courier {
	struct event_base	*base;
	struct link		*link, *coming;	/* the last one that has not said HELLO yet */
	struct sendings		 sent;
	struct event		*tick;		/* ends what had nowhere to go, or takes too long */
	struct sendings		 refused;
	uint32_t		 last_id;
};

static void
finish(struct sendings *from, struct sending *s, enum verdict verdict, const char *gateway)
{
	TAILQ_REMOVE(from, s, next);
	s->reply(s->ctx, verdict, gateway);
	free(s);
}

static void
finish_all(struct sendings *from, enum verdict verdict)
{
	struct sending *s;

	while ((s = TAILQ_FIRST(from)) != NULL)
		finish(from, s, verdict, "");
}

/* A later courier, once it has said HELLO, takes the place of an earlier one. */
static void
take_place(struct courier *c, struct link *l)
{
	struct link *old = c->link;

	c->link = l;
	if (c->coming == l)
		c->coming = NULL;
	log_info("courier is here");
	if (old != NULL) {
		link_free(old);
		finish_all(&c->sent, VERDICT_UNKNOWN);
	}
}

static void
heard(struct link *l, struct msg *m, void *ctx)
{
	struct courier *c = ctx;
	struct sending *s;

	if (m->type == MSG_HELLO) {
		take_place(c, l);
		return;
	}
	if (l != c->link)
		return;
	TAILQ_FOREACH(s, &c->sent, next) {
		if (s->id == m->id) {
			if (m->type == MSG_HAS_READ)
				finish(&c->sent, s, m->u.verdict, "");
			else
				finish(&c->sent, s, m->u.sent.verdict, m->u.sent.gateway);
			return;
		}
	}
	log_warnx("courier told of a message that was not given to it");
}

static void
gone(struct link *l, void *ctx)
{
	struct courier *c = ctx;

	if (l == c->coming)
		c->coming = NULL;
	if (l != c->link)
		return;
	c->link = NULL;
	log_info("courier went away");
	finish_all(&c->sent, VERDICT_UNKNOWN);
}

static void
on_tick(evutil_socket_t none, short what, void *arg)
{
	struct courier *c = arg;
	int64_t now = clock_ms();
	struct sending *s;

	(void)none;
	(void)what;
	finish_all(&c->refused, VERDICT_UNAVAILABLE);
	while ((s = TAILQ_FIRST(&c->sent)) != NULL && s->until <= now)
		finish(&c->sent, s, VERDICT_UNKNOWN, "");
}

struct courier *
courier_new(struct event_base *base)
{
	struct courier *c = calloc(1, sizeof *c);

	struct timeval tv = { .tv_usec = TICK_MS * 1000L };

	if (c == NULL || (c->tick = event_new(base, -1, EV_PERSIST, on_tick, c)) == NULL ||
	    event_add(c->tick, &tv) == -1)
		fatalx("no memory");
	c->base = base;
	TAILQ_INIT(&c->sent);
	TAILQ_INIT(&c->refused);
	return c;
}

static void
ignore(void *ctx, enum verdict verdict, const char *gateway)
{
	(void)ctx;
	(void)verdict;
	(void)gateway;
}

void
courier_free(struct courier *c)
{
	struct sending *s;

	if (c == NULL)
		return;
	TAILQ_FOREACH(s, &c->sent, next)
		s->reply = ignore;
	TAILQ_FOREACH(s, &c->refused, next)
		s->reply = ignore;
	finish_all(&c->sent, VERDICT_UNKNOWN);
	finish_all(&c->refused, VERDICT_UNAVAILABLE);
	link_free(c->link);
	link_free(c->coming);
	event_free(c->tick);
	free(c);
}

void
courier_welcome(struct courier *c, int fd)
{
	link_free(c->coming);
	c->coming = link_new(c->base, fd, ROLE_KEEPER, ROLE_COURIER, heard, gone, c);
}

void
courier_send(struct courier *c, const struct msg *m, courier_reply_fn *reply, void *ctx)
{
	struct sending *s = calloc(1, sizeof *s);
	struct msg copy = *m;

	if (s == NULL)
		fatal("no memory");
	s->id = copy.id = ++c->last_id;
	s->until = clock_ms() + PATIENCE_MS;
	s->reply = reply;
	s->ctx = ctx;
	if (c->link != NULL) {
		TAILQ_INSERT_TAIL(&c->sent, s, next);
		link_send(c->link, &copy);
	} else {
		/* Not from here: the caller does not expect its answer yet. */
		TAILQ_INSERT_TAIL(&c->refused, s, next);
	}
	msg_wipe(&copy);
}

bool
courier_up(const struct courier *c)
{
	return c->link != NULL;
}

void
courier_flush(struct courier *c)
{
	if (c->link != NULL)
		link_flush(c->link);
}
