#include "keeper/registrar.h"

#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/counts.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"

enum {
	QUEUE_MOST = 4096, WORKERS_MOST = 256,
	DEATHS_MOST = 8,	/* a question that kills who hears it is not asked for ever */
	ALONE_MS = 3000,	/* without any worker: then people are told */
	TICK_MS = 250, PROBE_MS = 5000, PROBE_AGAIN_MS = 500	/* while there is no answer */
};

struct request {
	TAILQ_ENTRY(request)	 next;
	registrar_reply_fn	*reply;
	void			*ctx;
	int64_t			 since;		/* in microseconds */
	int64_t			 until;		/* waits no longer than this */
	unsigned int		 deaths;	/* of workers that had it */
	struct msg		 msg;
};

struct worker {
	TAILQ_ENTRY(worker)	 next;
	struct registrar	*home;
	struct link		*link;
	bool			 here;		/* has said HELLO */
	struct request		*request;	/* NULL: idle */
	struct event		*deadline;
};

TAILQ_HEAD(requests, request);
TAILQ_HEAD(workers, worker);

struct registrar {
	const struct keeper	*keeper;
	struct workers		 workers;
	struct requests		 waiting;
	unsigned int		 n_workers, n_busy, n_waiting;
	uint32_t		 last_id;
	struct event		*tick;
	bool			 probing, healthy;
	int64_t			 probe_at, alone_since;
};

static void
count(const struct request *r, enum verdict verdict)
{
	static const struct { enum msg_type type; enum task task; } tasks[] = {
		{ MSG_FIND, TASK_FIND }, { MSG_MATCH, TASK_MATCH }, { MSG_WAYS, TASK_WAYS },
		{ MSG_RULES, TASK_RULES }, { MSG_JUDGE, TASK_JUDGE }, { MSG_SET, TASK_SET },
		{ MSG_UNLOCK, TASK_UNLOCK }, { MSG_STATE, TASK_STATE }, { MSG_PROBE, TASK_PROBE },
		{ MSG_EXPLAIN, TASK_EXPLAIN },
	};

	/* What is not there, such as READ_AGAIN, does not go to the directory. */
	for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++) {
		if (tasks[i].type != r->msg.type)
			continue;
		counts_add(KEPT_REQUESTS, tasks[i].task, counts_verdict(verdict));
		metrics_time(&counts, KEPT_REQUEST_TIME, tasks[i].task,
		    clock_monotonic_us() - r->since);
	}
}

static void
finish(struct request *r, enum verdict verdict, const struct msg *reply)
{
	count(r, verdict);
	if (r->reply != NULL)
		r->reply(r->ctx, verdict, reply);
	msg_wipe(&r->msg);
	free(r);
}

static bool
is_order(const struct request *r)
{
	return r->msg.type == MSG_SET || r->msg.type == MSG_UNLOCK;
}

/* Whatever was going on when an admin halted everything: this is the door. */
static bool
may_leave(const struct registrar *g, const struct request *r)
{
	return !is_order(r) || !halt_holds(g->keeper, HALT_ALL);
}

static struct request *
first_to_leave(struct registrar *g)
{
	struct request *r;

	TAILQ_FOREACH(r, &g->waiting, next)
		if (may_leave(g, r))
			break;
	return r;
}

/* Give waiting requests to idle workers. */
static void
hand_out(struct registrar *g)
{
	struct timeval tv = { .tv_sec = settings.request_life };
	struct request *r;
	struct worker *w;

	TAILQ_FOREACH(w, &g->workers, next) {
		if (!w->here || w->request != NULL)
			continue;
		if ((r = first_to_leave(g)) == NULL)
			return;
		TAILQ_REMOVE(&g->waiting, r, next);
		g->n_waiting--;
		g->n_busy++;
		w->request = r;
		r->msg.id = ++g->last_id;
		evtimer_add(w->deadline, &tv);
		link_send(w->link, &r->msg);
	}
}

/* A worker that went away takes its request's fate with it. */
static void
gone(struct link *l, void *ctx)
{
	struct worker *w = ctx;
	struct registrar *g = w->home;
	struct request *r = w->request;

	bool unsent = link_holds(l);

	TAILQ_REMOVE(&g->workers, w, next);
	g->n_workers--;
	event_free(w->deadline);
	free(w);
	if (g->n_workers == 0)
		g->alone_since = clock_ms();
	if (r == NULL)
		return;
	g->n_busy--;
	if (!unsent) {
		counts_add(KEPT_LOST, 0, 0);
		log_about(&r->msg.reference);
		log_warnx("a registrar worker went away at %s", msg_name(r->msg.type));
		log_about(NULL);
	}
	if (!unsent && (is_order(r) || r->until <= clock_ms() || ++r->deaths >= DEATHS_MOST)) {
		finish(r, VERDICT_UNKNOWN, NULL);
	} else {
		/* What never left, because the worker was told to go, is as good as new. */
		TAILQ_INSERT_HEAD(&g->waiting, r, next);
		g->n_waiting++;
		hand_out(g);
	}
}

static void
drop(struct worker *w)
{
	struct link *l = w->link;

	gone(l, w);
	link_free(l);
}

static void
on_deadline(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	drop(arg);
}

/* ---- Is the directory there? --------------------------------------------------- */

static void
on_probed(void *ctx, enum verdict verdict, const struct msg *reply)
{
	struct registrar *g = ctx;

	(void)reply;
	if (g->healthy != (verdict == VERDICT_OK))
		log_info("the directory %s", g->healthy ? "does not answer" : "answers");
	g->healthy = verdict == VERDICT_OK;
	g->probing = false;
	g->probe_at = clock_ms() + (g->healthy ? PROBE_MS : PROBE_AGAIN_MS);
}

/* One at a time, and never in front of people. */
static void
probe(struct registrar *g)
{
	struct msg m = { .type = MSG_PROBE };

	if (g->probing || g->n_waiting > 0 || g->n_workers == 0)
		return;
	g->probing = true;
	registrar_ask(g, &m, on_probed, g);
}

static struct request *
first_over(struct registrar *g)
{
	int64_t now = clock_ms();
	struct request *r;

	TAILQ_FOREACH(r, &g->waiting, next)
		if (r->until <= now || !may_leave(g, r))
			break;
	return r;
}

/* What no worker took in time, or might take, has not left, and never will. */
static void
expire(struct registrar *g)
{
	struct request *r;

	while ((r = first_over(g)) != NULL) {
		TAILQ_REMOVE(&g->waiting, r, next);
		g->n_waiting--;
		finish(r, VERDICT_UNAVAILABLE, NULL);
	}
}

static void
on_tick(evutil_socket_t none, short what, void *arg)
{
	struct registrar *g = arg;

	(void)none;
	(void)what;
	expire(g);
	/* A worker that died is soon replaced; what is asked meanwhile waits for the next. */
	if (g->healthy && g->n_workers == 0 && clock_ms() > g->alone_since + ALONE_MS) {
		log_info("there is no registrar");
		g->healthy = false;
	}
	if (clock_ms() >= g->probe_at)
		probe(g);
}

/* ---- Workers ------------------------------------------------------------------- */

static void
heard(struct link *l, struct msg *m, void *ctx)
{
	struct worker *w = ctx;
	struct registrar *g = w->home;
	struct request *r = w->request;

	(void)l;
	if (m->type == MSG_HELLO) {
		w->here = true;
		hand_out(g);
		if (!g->healthy)
			probe(g);
		return;
	}
	if (r == NULL || m->id != r->msg.id || m->type != msg_reply(r->msg.type)) {
		log_warnx("a registrar worker said %s unasked: dropped", msg_name(m->type));
		drop(w);
		return;
	}
	w->request = NULL;
	g->n_busy--;
	evtimer_del(w->deadline);
	/* First come, first served: the one that is idle longest is asked next. */
	TAILQ_REMOVE(&g->workers, w, next);
	TAILQ_INSERT_TAIL(&g->workers, w, next);
	hand_out(g);
	finish(r, m->u.verdict, m);
}

struct registrar *
registrar_new(const struct keeper *k)
{
	struct registrar *g = calloc(1, sizeof *g);
	struct timeval tv = { .tv_usec = TICK_MS * 1000L };

	if (g == NULL || (g->tick = event_new(k->base, -1, EV_PERSIST, on_tick, g)) == NULL)
		fatalx("no memory");
	g->keeper = k;
	TAILQ_INIT(&g->workers);
	TAILQ_INIT(&g->waiting);
	event_add(g->tick, &tv);
	return g;
}

void
registrar_free(struct registrar *g)
{
	struct request *r;
	struct worker *w;

	if (g == NULL)
		return;
	TAILQ_FOREACH(w, &g->workers, next)
		if (w->request != NULL)
			w->request->reply = NULL;
	while ((w = TAILQ_FIRST(&g->workers)) != NULL)
		drop(w);
	while ((r = TAILQ_FIRST(&g->waiting)) != NULL) {
		TAILQ_REMOVE(&g->waiting, r, next);
		r->reply = NULL;
		finish(r, VERDICT_UNAVAILABLE, NULL);
	}
	event_free(g->tick);
	free(g);
}

void
registrar_welcome(struct registrar *g, int fd)
{
	struct worker *w;

	if (g->n_workers >= WORKERS_MOST) {
		log_warnx("more than %d registrar workers: one was turned away", WORKERS_MOST);
		close(fd);
		return;
	}
	w = calloc(1, sizeof *w);
	if (w == NULL || (w->deadline = evtimer_new(g->keeper->base, on_deadline, w)) == NULL)
		fatalx("no memory");
	w->home = g;
	w->link = link_new(g->keeper->base, fd, ROLE_KEEPER, ROLE_REGISTRAR, heard, gone, w);
	TAILQ_INSERT_TAIL(&g->workers, w, next);
	g->n_workers++;
}

void
registrar_ask(struct registrar *g, const struct msg *m, registrar_reply_fn *reply, void *ctx)
{
	struct request *r = calloc(1, sizeof *r);

	if (r == NULL)
		fatal("no memory");
	r->msg = *m;
	r->reply = reply;
	r->ctx = ctx;
	r->since = clock_monotonic_us();
	r->until = clock_ms() + settings.request_life * 1000LL;
	TAILQ_INSERT_TAIL(&g->waiting, r, next);
	g->n_waiting++;
	hand_out(g);
}

void
registrar_forget(struct registrar *g, void *ctx)
{
	struct request *r;
	struct worker *w;

	TAILQ_FOREACH(r, &g->waiting, next)
		if (r->ctx == ctx)
			r->reply = NULL;
	TAILQ_FOREACH(w, &g->workers, next)
		if (w->request != NULL && w->request->ctx == ctx)
			w->request->reply = NULL;
}

bool
registrar_up(const struct registrar *g)
{
	return g->healthy && g->n_waiting < QUEUE_MOST;
}

void
registrar_count(const struct registrar *g, struct msg_status *s)
{
	s->registrar = registrar_up(g);
	s->workers = g->n_workers;
	s->busy = g->n_busy;
	s->queued = g->n_waiting;
}

void
registrar_flush(struct registrar *g)
{
	struct worker *w;

	TAILQ_FOREACH(w, &g->workers, next)
		link_flush(w->link);
}
