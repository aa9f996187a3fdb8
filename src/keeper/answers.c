#include "keeper/answers.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"

struct ask {
	TAILQ_ENTRY(ask)	 next;
	struct link		*link;	/* NULL: it has hung up */
	uint32_t		 id;
	int64_t			 due;	/* with ${step}: when it leaves */
	struct msg_step		*step;
};

TAILQ_HEAD(asks, ask);

struct answers {
	struct asks	 open;		/* not answered yet */
	struct asks	 held;		/* answered, in the order of their slots */
	struct event	*timer;
	int64_t		 slot;
};

static void
leave(struct ask *ask, const struct msg_step *step)
{
	struct msg m = { .type = MSG_STEP, .id = ask->id };

	if (ask->link != NULL) {
		m.reference = step->reference;
		m.u.step = *step;
		link_send(ask->link, &m);
	}
	free(ask->step);
	free(ask);
}

static void
wake(struct answers *a)
{
	struct ask *first = TAILQ_FIRST(&a->held);
	int64_t ms = first == NULL ? 0 : first->due - clock_ms();
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (first != NULL && ms <= 0)
		tv = (struct timeval){ 0 };
	if (first != NULL)
		evtimer_add(a->timer, &tv);
}

static void
on_slot(evutil_socket_t none, short what, void *arg)
{
	struct answers *a = arg;
	struct ask *ask;
	int64_t now = clock_ms();

	(void)none;
	(void)what;
	while ((ask = TAILQ_FIRST(&a->held)) != NULL && ask->due <= now) {
		TAILQ_REMOVE(&a->held, ask, next);
		leave(ask, ask->step);
	}
	wake(a);
}

struct answers *
answers_new(struct event_base *base, int slot_ms)
{
	struct answers *a = calloc(1, sizeof *a);

	if (a == NULL || (a->timer = evtimer_new(base, on_slot, a)) == NULL)
		fatalx("no memory");
	a->slot = slot_ms;
	TAILQ_INIT(&a->open);
	TAILQ_INIT(&a->held);
	return a;
}

void
answers_pace(struct answers *a, int slot_ms)
{
	a->slot = slot_ms;
}

static void
drop_all(struct asks *asks)
{
	struct ask *ask;

	while ((ask = TAILQ_FIRST(asks)) != NULL) {
		TAILQ_REMOVE(asks, ask, next);
		free(ask->step);
		free(ask);
	}
}

void
answers_free(struct answers *a)
{
	if (a == NULL)
		return;
	drop_all(&a->open);
	drop_all(&a->held);
	event_free(a->timer);
	free(a);
}

struct ask *
answers_ask(struct answers *a, struct link *link, uint32_t id)
{
	struct ask *ask = calloc(1, sizeof *ask);

	if (ask == NULL)
		fatal("no memory");
	ask->link = link;
	ask->id = id;
	TAILQ_INSERT_TAIL(&a->open, ask, next);
	return ask;
}

/* The slot after the next, so that each answer has at least one whole slot. */
static int64_t
due_now(const struct answers *a)
{
	return (clock_ms() / a->slot + 2) * a->slot;
}

void
answers_give(struct answers *a, struct ask *ask, const struct msg_step *step, enum pace pace)
{
	TAILQ_REMOVE(&a->open, ask, next);
	if (pace == AT_ONCE) {
		leave(ask, step);
		return;
	}
	if ((ask->step = malloc(sizeof *ask->step)) == NULL)
		fatal("no memory");
	*ask->step = *step;
	ask->due = due_now(a);
	TAILQ_INSERT_TAIL(&a->held, ask, next);
	if (TAILQ_FIRST(&a->held) == ask)
		wake(a);
}

/* One slot more, should the next begin before that answer is given. */
int64_t
answers_behind(const struct answers *a)
{
	return due_now(a) + a->slot + a->slot / 2;
}

void
answers_refuse(struct answers *a, struct ask *ask, enum reason reason)
{
	struct msg_step s = { .refused = true, .reason = reason };

	answers_give(a, ask, &s, AT_SLOT);
}

void
answers_forget(struct answers *a, struct link *link)
{
	struct ask *ask;

	TAILQ_FOREACH(ask, &a->open, next)
		if (ask->link == link)
			ask->link = NULL;
	TAILQ_FOREACH(ask, &a->held, next)
		if (ask->link == link)
			ask->link = NULL;
}
