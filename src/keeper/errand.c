/*
 * errand.c - what drives an errand from stage to stage, and who waits for it.
 * The stages themselves are in errand_code.c and errand_password.c.
 */
#include "keeper/errand_stage.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/code.h"
#include "keeper/counts.h"
#include "keeper/draw.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/message.h"
#include "keeper/registrar.h"
#include "keeper/wish.h"

enum {
	PATIENCE_MS = 3000,	/* then the person is told that it takes longer */
	PAUSE_MS = 1000,	/* before looking again at an account whose fate is unknown */
	ORPHANS_MOST = 64	/* that are tended at a time */
};

static const struct stage_row *const stages[STAGE__COUNT] = {
	[GO_FIND] = &stage_find, [GO_MATCH] = &stage_match, [GO_WAYS] = &stage_ways,
	[GO_SEND] = &stage_send, [GO_SECOND] = &stage_second,
	[GO_RULES] = &stage_rules, [GO_JUDGE] = &stage_judge,
	[GO_SET] = &stage_set, [GO_STATE] = &stage_state,
	[GO_UNLOCK] = &stage_unlock,
};

static void ask_stage(struct errand *, const struct flow *);
static void finish(struct errand *, const struct flow *);

/* ---- Where they are kept ------------------------------------------------------ */

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct handle));
}

static struct errand *
find(struct keeper *k, const struct handle *h)
{
	void *at = tfind(h, &k->errands, compare);

	return at == NULL ? NULL : *(struct errand **)at;
}

static void
errand_free(void *errand)
{
	struct errand *e = errand;

	event_free(e->timer);
	explicit_bzero(e, sizeof *e);
	free(e);
}

/* Who still waits is told that there is nothing to wait for. */
static void
discard(struct errand *e)
{
	/* courier would answer into freed memory */
	if (e->stage == GO_SEND)
		abort();
	for (unsigned int i = 0; i < e->n_waiters; i++)
		answers_refuse(e->keeper->answers, e->waiters[i].ask, REASON_UNKNOWN_FLOW);
	tdelete(&e->handle, &e->keeper->errands, compare);
	e->keeper->n_errands--;
	registrar_forget(e->keeper->registrar, e);
	errand_free(e);
}

void
errands_free(struct keeper *k)
{
	tdestroy(k->errands, errand_free);
	k->errands = NULL;
	k->n_errands = 0;
}

/* ---- Those who wait -------------------------------------------------------------- */

static void
give(struct errand *e, const struct flow *f, enum step shown)
{
	for (unsigned int i = 0; i < e->n_waiters; i++) {
		struct flow as = *f;
		struct msg_step s;

		as.step = shown;
		draw_flow(&as, e->waiters[i].name, &e->rules, &s);
		answers_give(e->keeper->answers, e->waiters[i].ask, &s, AT_ONCE);
	}
	e->n_waiters = 0;
}

static void
wait_for(struct errand *e, const char *name, struct ask *ask)
{
	if (e->n_waiters == WAITERS_MOST) {
		answers_refuse(e->keeper->answers, ask, REASON_TRY_LATER);
		return;
	}
	e->waiters[e->n_waiters].ask = ask;
	memcpy(e->waiters[e->n_waiters++].name, name, strlen(name) + 1);
}

static void
after(struct errand *e, int ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000L };

	evtimer_add(e->timer, &tv);
}

static void
on_timer(evutil_socket_t none, short what, void *arg)
{
	struct errand *e = arg;
	struct flow f;

	(void)none;
	(void)what;
	if (flow_load_handle(e->keeper, &e->handle, &f) == -1) {
		discard(e);
		return;
	}
	give(e, &f, e->stage == GO_SECOND || f.step == STEP_END ? f.step : STEP_SETTING);
	/* The person left, or the code that was to be sent again was right, while it paused. */
	if (e->pausing && (f.moved || f.step == STEP_END))
		finish(e, &f);
	else if (e->pausing)
		ask_stage(e, &f);
	log_about(NULL);
}

static struct errand *
begin(struct keeper *k, const struct flow *f, enum stage stage, const char *addr)
{
	struct errand *e = calloc(1, sizeof *e), **at;

	if (e == NULL || (e->timer = evtimer_new(k->base, on_timer, e)) == NULL)
		fatal("no memory");
	e->handle = f->handle;
	e->keeper = k;
	e->stage = stage;
	e->ordered = clock_ms();
	memcpy(e->addr, addr, strlen(addr) + 1);
	if ((at = tsearch(e, &k->errands, compare)) == NULL)
		fatal("no memory");
	/* At most one for a flow: the callers have looked. */
	if (*at != e)
		abort();
	k->n_errands++;
	return e;
}

/* ---- From stage to stage --------------------------------------------------------------------- */

void
errand_pause(struct errand *e)
{
	e->from = clock_ms() + PAUSE_MS;
}

bool
errand_out_of_reach(enum verdict v)
{
	return v == VERDICT_UNAVAILABLE || v == VERDICT_UNKNOWN || v == VERDICT_FORBIDDEN ||
	    v == VERDICT_LIMIT;
}

static void
on_reply(void *ctx, enum verdict v, const struct msg *m)
{
	struct errand *e = ctx;
	enum stage asked = e->stage;
	struct flow f;

	e->stage = GO_OVER;
	if (flow_load_handle(e->keeper, &e->handle, &f) == -1) {
		discard(e);
		return;
	}
	/* The person left, or ran out of tries or time, while this was asked. */
	if (f.step != STEP_END || asked == GO_SEND)
		e->stage = stages[asked]->heard(e, &f, v, m);
	if (e->stage == GO_OVER)
		finish(e, &f);
	else
		ask_stage(e, &f);
	log_about(NULL);
}

static void
on_sent(void *ctx, enum verdict v, const char *gateway)
{
	struct errand *e = ctx;

	snprintf(e->gateway, sizeof e->gateway, "%s", gateway);
	on_reply(e, v, NULL);
}

static void
send_code(struct errand *e, const struct flow *f)
{
	struct msg m = { .type = MSG_SEND };
	struct msg_send *s = &m.u.send;
	int64_t now = clock_now();

	s->channel = e->channel;
	memcpy(s->address, e->ways.ways[e->way].address, sizeof s->address);
	s->template = wish_rows[f->wish].text;
	/* What is left of it, when it is sent again; never nought. */
	s->minutes = f->code_until - now < 60 ? 1 : (uint32_t)(f->code_until - now) / 60;
	code_make(f->code_key, &f->handle, &s->code);
	explicit_bzero(&e->ways, sizeof e->ways);
	message_send(e->keeper, f, &m, on_sent, e);
	msg_wipe(&m);
}

static void
ask_stage(struct errand *e, const struct flow *f)
{
	const struct stage_row *stage = stages[e->stage];
	struct msg m = { .type = stage->type, .reference = f->reference };
	int64_t early = e->from - clock_ms();

	if (e->stage == GO_SEND) {
		/* Whoever waited for its way need not wait for courier. */
		evtimer_del(e->timer);
		give(e, f, f->step);
		send_code(e, f);
		return;
	}
	e->pausing = early > 0;
	if (e->pausing) {
		after(e, (int)early);
		return;
	}
	m.u.ticket.ticket = f->ticket;
	if (stage->ask != NULL)
		stage->ask(e, f, &m);
	registrar_ask(e->keeper->registrar, &m, on_reply, e);
	msg_wipe(&m);
}

static void
finish(struct errand *e, const struct flow *f)
{
	if (e->resets)
		counts_add(KEPT_ANSWERS, STEP_PASSWORD, f->reason);
	give(e, f, f->step);
	discard(e);
}

/* ---- The ways in ------------------------------------------------------------------------------------ */

/*
 * Not beside the answer, nor beside those that leave with it: what is done for somebody
 * whom the directory knows takes longer than what is done for nobody, and would show.
 */
static void
go_behind(struct errand *e, const struct flow *f)
{
	e->from = answers_behind(e->keeper->answers);
	ask_stage(e, f);
}

void
errand_find(struct keeper *k, const struct flow *f, const struct secret *name, const char *addr)
{
	struct errand *e = begin(k, f, GO_FIND, addr);

	secret_copy(&e->name, name);
	go_behind(e, f);
}

void
errand_match(struct keeper *k, const struct flow *f, const struct msg_answer *answer)
{
	struct errand *e = find(k, &f->handle);
	bool finding = e != NULL;

	if (!finding)
		e = begin(k, f, GO_MATCH, answer->addr);
	e->answer = *answer;
	e->answered = true;
	/* If the person was faster than the directory, FIND goes on to this; not earlier, either. */
	if (finding && !e->pausing)
		e->from = answers_behind(k->answers);
	else
		go_behind(e, f);
}

void
errand_again(struct keeper *k, const struct flow *f, const char *addr)
{
	/* One that is still on its way serves as well. */
	if (f->matched && find(k, &f->handle) == NULL)
		go_behind(begin(k, f, GO_WAYS, addr), f);
}

static struct errand *
begin_front(struct keeper *k, const struct flow *f, enum stage stage, const char *name,
    struct ask *ask, const char *addr)
{
	struct errand *e = begin(k, f, stage, addr);

	wait_for(e, name, ask);
	after(e, PATIENCE_MS);
	return e;
}

void
errand_second(struct keeper *k, const struct flow *f, const char *name, struct ask *ask,
    const char *addr)
{
	ask_stage(begin_front(k, f, GO_SECOND, name, ask, addr), f);
}

void
errand_rules(struct keeper *k, const struct flow *f, const char *name, struct ask *ask)
{
	ask_stage(begin_front(k, f, GO_RULES, name, ask, ""), f);
}

void
errand_reset(struct keeper *k, const struct flow *f, const char *name, struct ask *ask,
    const struct msg_answer *answer)
{
	struct errand *e = begin_front(k, f, GO_JUDGE, name, ask, answer->addr);

	e->answer = *answer;
	e->resets = true;
	ask_stage(e, f);
}

void
errand_unlock(struct keeper *k, const struct flow *f, const char *name, struct ask *ask,
    const char *addr)
{
	ask_stage(begin_front(k, f, GO_UNLOCK, name, ask, addr), f);
}

/* Where nobody knows what became of it. */
static enum stage
stage_after_order(const struct flow *f)
{
	return wish_rows[f->wish].password ? GO_STATE : GO_UNLOCK;
}

void
errand_resume(struct keeper *k, const struct flow *f, const char *name, struct ask *ask,
    const char *addr)
{
	struct errand *e = begin_front(k, f, stage_after_order(f), name, ask, addr);

	e->unsure = true;
	ask_stage(e, f);
}

struct orphans {
	struct keeper	*keeper;
	struct handle	 of[ORPHANS_MOST];
	unsigned int	 n;
};

static void
note_orphan(void *ctx, const struct handle *h)
{
	struct orphans *o = ctx;

	if (o->n < ORPHANS_MOST && find(o->keeper, h) == NULL)
		o->of[o->n++] = *h;
}

void
errands_tend(struct keeper *k)
{
	struct orphans o = { .keeper = k };
	struct errand *e;
	struct flow f;

	if (!registrar_up(k->registrar))
		return;
	store_list_owing(k->store, note_orphan, &o);
	for (unsigned int i = 0; i < o.n; i++) {
		if (flow_load_handle(k, &o.of[i], &f) == -1 || f.step != STEP_SETTING)
			continue;
		/* To ask is to do it once more: when that may be again. */
		if (stage_after_order(&f) == GO_UNLOCK && halt_holds(k, HALT_ALL))
			continue;
		e = begin(k, &f, stage_after_order(&f), "");
		e->unsure = true;
		ask_stage(e, &f);
	}
	log_about(NULL);
}

bool
errand_lives(struct keeper *k, const struct handle *h)
{
	return find(k, h) != NULL;
}

bool
errand_join(struct keeper *k, const struct handle *h, const char *name, struct ask *ask)
{
	struct errand *e = find(k, h);

	if (e == NULL || e->stage < GO_SECOND)
		return false;
	wait_for(e, name, ask);
	if (!evtimer_pending(e->timer, NULL))
		after(e, PATIENCE_MS);
	return true;
}
