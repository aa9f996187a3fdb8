#include "portal/keeper.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "base/log.h"
#include "wire/dial.h"

enum {
	PATIENCE	= 8,		/* seconds: a restart of keeper takes less */
	STATUS_PATIENCE	= 2,		/* who asks how things are wants to hear it is bad, too */
	SLOTS		= 4096		/* questions at once; a power of two */
};

struct question {
	TAILQ_ENTRY(question)	 next;
	struct msg		 msg;
	struct event		*patience;
	keeper_heard_fn		*heard;
	void			*ctx;
};

static TAILQ_HEAD(, question) asked = TAILQ_HEAD_INITIALIZER(asked);
static struct question *slots[SLOTS];	/* by id */
static uint32_t last_id;
static struct dial *dial;
static struct event_base *loop;

static void
question_free(struct question *q)
{
	TAILQ_REMOVE(&asked, q, next);
	if (slots[q->msg.id % SLOTS] == q)
		slots[q->msg.id % SLOTS] = NULL;
	event_free(q->patience);
	msg_wipe(&q->msg);
	free(q);
}

static void
finish(struct question *q, const struct msg *reply)
{
	keeper_heard_fn *heard = q->heard;
	void *ctx = q->ctx;

	question_free(q);
	heard(reply, ctx);
}

static void
on_patience(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	finish(arg, NULL);
}

static void
on_up(void *ctx)
{
	struct question *q;

	(void)ctx;
	TAILQ_FOREACH(q, &asked, next)
		dial_send(dial, &q->msg);
}

static void
on_heard(struct msg *m, void *ctx)
{
	struct question *q = slots[m->id % SLOTS];

	(void)ctx;
	/* An answer after our patience ended belongs to nobody. */
	if (q == NULL || q->msg.id != m->id)
		return;
	finish(q, m->type == msg_reply(q->msg.type) ? m : NULL);
}

static void
on_down(void *ctx)
{
	(void)ctx;
}

static const struct dial_events events = { .up = on_up, .heard = on_heard, .down = on_down };

void
keeper_start(struct event_base *base)
{
	loop = base;
	dial = dial_new(base, ROLE_PORTAL, &events, NULL);
}

/* The next id whose slot is free; 0 if none of them is. */
static uint32_t
free_id(void)
{
	for (int i = 0; i < SLOTS; i++) {
		last_id++;
		if (last_id != 0 && slots[last_id % SLOTS] == NULL)
			return last_id;
	}
	return 0;
}

void
keeper_ask(struct msg *m, keeper_heard_fn *heard, void *ctx)
{
	bool how_are_you = m->type == MSG_STATUS || m->type == MSG_METRICS;
	struct timeval tv = { .tv_sec = how_are_you ? STATUS_PATIENCE : PATIENCE };
	struct question *q = calloc(1, sizeof *q);

	if (q == NULL || (q->patience = evtimer_new(loop, on_patience, q)) == NULL)
		fatalx("no memory for a question");
	m->id = free_id();
	q->msg = *m;
	msg_wipe(m);
	q->heard = heard;
	q->ctx = ctx;
	TAILQ_INSERT_TAIL(&asked, q, next);
	if (q->msg.id == 0) {
		/* So many at once: try later, and say so from the loop. */
		tv.tv_sec = 0;
	} else {
		slots[q->msg.id % SLOTS] = q;
		dial_send(dial, &q->msg);
	}
	evtimer_add(q->patience, &tv);
}

void
keeper_close(void)
{
	while (!TAILQ_EMPTY(&asked))
		question_free(TAILQ_FIRST(&asked));
	dial_free(dial);
	dial = NULL;
}
