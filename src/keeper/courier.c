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

/* One that has connected; it is courier once it has said HELLO. */
struct guest {
	LIST_ENTRY(guest)	 next;
	struct courier		*home;
	struct link		*link;
};

struct courier {
	struct event_base	*base;
	LIST_HEAD(, guest)	 guests;
	struct guest		*here;		/* of them; or NULL */
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

static void
dismiss(struct guest *g)
{
	LIST_REMOVE(g, next);
	link_free(g->link);
	free(g);
}

/* A later courier, once it has said HELLO, takes the place of an earlier one. */
static void
take_place(struct courier *c, struct guest *g)
{
	struct guest *old = c->here;

	c->here = g;
	log_info("courier is here");
	if (old != NULL) {
		dismiss(old);
		finish_all(&c->sent, VERDICT_UNKNOWN);
	}
}

static void
heard(struct link *l, struct msg *m, void *ctx)
{
	struct guest *g = ctx;
	struct courier *c = g->home;
	struct sending *s;

	(void)l;
	if (m->type == MSG_HELLO) {
		take_place(c, g);
		return;
	}
	if (g != c->here)
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
	struct guest *g = ctx;
	struct courier *c = g->home;
	bool was_here = g == c->here;

	(void)l;
	LIST_REMOVE(g, next);
	free(g);
	if (!was_here)
		return;
	c->here = NULL;
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
	LIST_INIT(&c->guests);
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
	struct guest *g;

	if (c == NULL)
		return;
	TAILQ_FOREACH(s, &c->sent, next)
		s->reply = ignore;
	TAILQ_FOREACH(s, &c->refused, next)
		s->reply = ignore;
	finish_all(&c->sent, VERDICT_UNKNOWN);
	finish_all(&c->refused, VERDICT_UNAVAILABLE);
	while ((g = LIST_FIRST(&c->guests)) != NULL)
		dismiss(g);
	event_free(c->tick);
	free(c);
}

void
courier_welcome(struct courier *c, int fd)
{
	struct guest *g = calloc(1, sizeof *g);

	if (g == NULL)
		fatalx("no memory");
	g->home = c;
	g->link = link_new(c->base, fd, ROLE_KEEPER, ROLE_COURIER, heard, gone, g);
	LIST_INSERT_HEAD(&c->guests, g, next);
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
	if (c->here != NULL) {
		TAILQ_INSERT_TAIL(&c->sent, s, next);
		link_send(c->here->link, &copy);
	} else {
		/* Not from here: the caller does not expect its answer yet. */
		TAILQ_INSERT_TAIL(&c->refused, s, next);
	}
	msg_wipe(&copy);
}

bool
courier_up(const struct courier *c)
{
	return c->here != NULL;
}

void
courier_flush(struct courier *c)
{
	if (c->here != NULL)
		link_flush(c->here->link);
}
