/*
 * errand.c - in the order in which things happen: find, match, send; then rules;
 * then judge, mark, set, check.
 */
#include "keeper/errand.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/code.h"
#include "keeper/courier.h"
#include "keeper/desk.h"
#include "keeper/registrar.h"
#include "keeper/settings.h"
#include "keeper/step.h"

enum {
	WAITERS_MOST = 16,
	PATIENCE_MS = 3000,	/* then the person is told that it takes longer */
	PAUSE_MS = 1000,	/* before looking again at an account whose fate is unknown */
	LOOKS_UNCHANGED = 2,	/* unchanged so often: it was not done */
	LOOKS_MOST = 6		/* unreadable so often: nobody knows */
};

enum stage {
	GO_FIND, GO_MATCH, GO_WAYS, GO_SEND, GO_RULES, GO_JUDGE, GO_MARK, GO_SET, GO_UNLOCK, GO_CHECK, STAGE__COUNT,
	GO_OVER = STAGE__COUNT
};

struct waiter {
	struct ask	*ask;
	char		 name[FLOW_LONGEST + 1];
};

struct errand {
	struct handle	 handle;	/* first: the tree compares it */
	struct desk	*desk;
	enum stage	 stage;
	bool		 pausing;	/* the timer means: go on */
	struct event	*timer;
	unsigned int	 looks;
	char		 addr[ADDR_LONGEST + 1];
	struct secret	 name;		/* as typed */
	struct msg_answer answer;	/* proofs or passwords, */
	bool		 answered;	/* once they were given */
	struct msg	 ways;
	struct msg_rules rules;
	struct waiter	 waiters[WAITERS_MOST];
	unsigned int	 n_waiters;
};

struct errands {
	void	*tree;
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
find(struct desk *d, const struct handle *h)
{
	void *at = tfind(h, &d->errands->tree, compare);

	return at == NULL ? NULL : *(struct errand **)at;
}

static void
discard(struct errand *e)
{
	tdelete(&e->handle, &e->desk->errands->tree, compare);
	registrar_forget(e->desk->registrar, e);
	event_free(e->timer);
	explicit_bzero(e, sizeof *e);
	free(e);
}

static void
forget_node(void *node)
{
	struct errand *e = node;

	event_free(e->timer);
	explicit_bzero(e, sizeof *e);
	free(e);
}

struct errands *
errands_new(void)
{
	struct errands *all = calloc(1, sizeof *all);

	if (all == NULL)
		fatal("no memory");
	return all;
}

void
errands_free(struct desk *d)
{
	if (d->errands == NULL)
		return;
	tdestroy(d->errands->tree, forget_node);
	free(d->errands);
}

/* ---- Those who wait -------------------------------------------------------------- */

static void
give(struct errand *e, const struct flow *f, enum step shown)
{
	for (unsigned int i = 0; i < e->n_waiters; i++) {
		struct flow as = *f;
		struct msg_step s;

		as.step = shown;
		step_draw(&as, e->waiters[i].name, &e->rules, &s);
		answers_give(e->desk->answers, e->waiters[i].ask, &s, AT_ONCE);
	}
	e->n_waiters = 0;
}

static void
wait_for(struct errand *e, const char *name, struct ask *ask)
{
	struct waiter *w;

	if (e->n_waiters == WAITERS_MOST) {
		step_refuse(e->desk, ask, name, REASON_TRY_LATER);
		return;
	}
	w = &e->waiters[e->n_waiters++];
	w->ask = ask;
	memcpy(w->name, name, strlen(name) + 1);
}

static void
after(struct errand *e, int ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	evtimer_add(e->timer, &tv);
}

static void
on_timer(evutil_socket_t none, short what, void *arg)
{
	struct errand *e = arg;
	struct flow f;

	(void)none;
	(void)what;
	if (flow_load_handle(e->desk, &e->handle, &f) == -1) {
		discard(e);
		return;
	}
	give(e, &f, STEP_SETTING);
	if (e->pausing) {
		e->pausing = false;
		ask_stage(e, &f);
	}
}

static struct errand *
begin(struct desk *d, const struct flow *f, enum stage stage, const char *addr)
{
	struct errand *e = calloc(1, sizeof *e);

	if (e == NULL || (e->timer = evtimer_new(d->base, on_timer, e)) == NULL)
		fatal("no memory");
	e->handle = f->handle;
	e->desk = d;
	e->stage = stage;
	memcpy(e->addr, addr, strlen(addr) + 1);
	if (tsearch(e, &d->errands->tree, compare) == NULL)
		fatal("no memory");
	return e;
}

/* ---- Behind the answer: find, match, send ------------------------------------------- */

static const struct secret *
value_of(const struct msg_answer *a, enum field name)
{
	static const struct secret none;

	for (unsigned int i = 0; i < a->n_fields; i++)
		if (a->fields[i].name == name)
			return &a->fields[i].value;
	return &none;
}

/* The directory could not be asked at all: that says nothing about the person. */
static bool
out_of_reach(enum verdict v)
{
	return v == VERDICT_UNAVAILABLE || v == VERDICT_UNKNOWN || v == VERDICT_FORBIDDEN ||
	    v == VERDICT_LIMIT;
}

static enum stage
step_back(struct errand *e, struct flow *f, enum step to)
{
	f->behind = BEHIND_NOTHING;
	f->at_field = false;
	flow_go(e->desk, f, to, REASON_TRY_LATER);
	return GO_OVER;
}

static void
ask_find(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)f;
	m->type = MSG_FIND;
	secret_copy(&m->u.find.name, &e->name);
}

static enum stage
found(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (out_of_reach(v))
		return step_back(e, f, STEP_NAME);
	memcpy(f->account, m->u.found.account, sizeof f->account);
	f->ticket = m->u.found.ticket;
	audit_who(e->desk, f->account, &e->name, &f->who);
	f->behind = e->answered ? BEHIND_MATCH : BEHIND_NOTHING;
	flow_save(e->desk, f);
	audit_add(e->desk, f, "opened", word_verdict[v], e->addr);
	return e->answered ? GO_MATCH : GO_OVER;
}

static void
ask_match(struct errand *e, const struct flow *f, struct msg *m)
{
	m->type = MSG_MATCH;
	m->u.match.ticket = f->ticket;
	m->u.match.n_values = e->answer.n_fields;
	for (unsigned int i = 0; i < e->answer.n_fields; i++) {
		m->u.match.values[i].field = e->answer.fields[i].name;
		secret_copy(&m->u.match.values[i].value, &e->answer.fields[i].value);
	}
}

static enum stage
matched(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (out_of_reach(v))
		return step_back(e, f, STEP_PROOF);
	f->behind = BEHIND_NOTHING;
	f->matched = v == VERDICT_OK;
	if (f->matched)
		f->ticket = m->u.matched.ticket;
	flow_save(e->desk, f);
	/* Nobody's proofs are not news: "opened" has said who it was. */
	if (v != VERDICT_TICKET)
		audit_add(e->desk, f, "proved", word_verdict[v], e->addr);
	return f->matched ? GO_WAYS : GO_OVER;
}

static void
ask_ways(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)e;
	m->type = MSG_WAYS;
	m->u.ticket.ticket = f->ticket;
}

static enum stage
ways_are(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v != VERDICT_OK || m->u.ways.n_ways == 0) {
		audit_add(e->desk, f, "sent", word_verdict[v == VERDICT_OK ? VERDICT_NO_PROOF : v],
		    e->addr);
		return GO_OVER;
	}
	e->ways = *m;
	return GO_SEND;
}

static enum stage
sent(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	(void)m;
	audit_add(e->desk, f, "sent", word_verdict[v], e->addr);
	return GO_OVER;
}

/* ---- In front of the answer: the password page ---------------------------------------- */

static enum stage
refuse(struct errand *e, struct flow *f, const char *what, enum verdict v)
{
	if (v == VERDICT_FORBIDDEN)
		log_warnx("the directory does not let the service account do this; run: latchkey check");
	audit_add(e->desk, f, what, word_verdict[v], e->addr);
	flow_end(e->desk, f, OUTCOME_STOPPED, REASON_REFUSED);
	return GO_OVER;
}

/* Nothing was changed, and the person may try once more. */
static enum stage
once_more(struct errand *e, struct flow *f, enum reason reason, uint32_t broken)
{
	f->broken = broken;
	f->at = FIELD_PASSWORD;
	f->at_field = broken != 0;
	flow_go(e->desk, f, STEP_PASSWORD, reason);
	return GO_RULES;
}

static void
ask_rules(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)e;
	m->type = MSG_RULES;
	m->u.ticket.ticket = f->ticket;
}

static enum stage
rules_are(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v == VERDICT_OK)
		e->rules = m->u.rules;
	else if (!out_of_reach(v))
		return refuse(e, f, "rules", v);
	/* Out of reach: the page without its rules; the answer will be judged all the same. */
	return GO_OVER;
}

/* ---- The new password: judge, mark, set ------------------------------------------------- */

static void
ask_judge(struct errand *e, const struct flow *f, struct msg *m)
{
	m->type = MSG_JUDGE;
	m->u.password.ticket = f->ticket;
	secret_copy(&m->u.password.password, value_of(&e->answer, FIELD_PASSWORD));
}

static enum rule
first_rule(uint32_t broken)
{
	for (int rule = 0; rule < RULE__COUNT; rule++)
		if ((broken & 1U << rule) != 0)
			return (enum rule)rule;
	return RULE_QUALITY;
}

static enum stage
broke(struct errand *e, struct flow *f, enum rule rule, uint32_t broken)
{
	enum reason reason = word_rule_reason(rule);

	audit_add(e->desk, f, "reset", word_reason[reason], e->addr);
	return once_more(e, f, reason, broken);
}

static enum stage
judged(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v == VERDICT_OK)
		return GO_MARK;
	if (v == VERDICT_RULE)
		return broke(e, f, first_rule(m->u.judged.broken), m->u.judged.broken);
	return out_of_reach(v) ? once_more(e, f, REASON_TRY_LATER, 0) : refuse(e, f, "reset", v);
}

static void
ask_state(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)e;
	m->type = MSG_STATE;
	m->u.ticket.ticket = f->ticket;
}

/* From here on a crash leaves a flow at SETTING, with the mark to tell what became of it. */
static enum stage
marked(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v != VERDICT_OK)
		return out_of_reach(v) ? once_more(e, f, REASON_TRY_LATER, 0) :
		    refuse(e, f, "reset", v);
	memcpy(f->mark, m->u.state.mark, sizeof f->mark);
	f->broken = 0;
	f->at_field = false;
	flow_go(e->desk, f, STEP_SETTING, REASON_NONE);
	return GO_SET;
}

static void
ask_set(struct errand *e, const struct flow *f, struct msg *m)
{
	ask_judge(e, f, m);
	m->type = MSG_SET;
	m->u.password.must_change = settings.must_change;
}

static enum stage
set(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	switch (v) {
	case VERDICT_OK:
		audit_add(e->desk, f, "reset", "ok", e->addr);
		flow_end(e->desk, f, OUTCOME_RESET, REASON_NONE);
		return GO_OVER;
	case VERDICT_RULE:
		return broke(e, f, m->u.done.rule, 1U << m->u.done.rule);
	case VERDICT_UNKNOWN:
		e->pausing = true;
		return GO_CHECK;
	case VERDICT_UNAVAILABLE:
	case VERDICT_LIMIT:
		return once_more(e, f, REASON_TRY_LATER, 0);
	default:
		return refuse(e, f, "reset", v);
	}
}

/* ---- What became of it ---------------------------------------------------------------------- */

static enum stage
checked(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	bool readable = v == VERDICT_OK;

	e->looks++;
	if (readable && strcmp(m->u.state.mark, f->mark) != 0) {
		audit_add(e->desk, f, "reset", "ok", e->addr);
		flow_end(e->desk, f, OUTCOME_RESET, REASON_NONE);
		return GO_OVER;
	}
	if (readable && e->looks >= LOOKS_UNCHANGED) {
		audit_add(e->desk, f, "reset", "unchanged", e->addr);
		return once_more(e, f, REASON_TRY_AGAIN, 0);
	}
	if (e->looks >= LOOKS_MOST) {
		audit_add(e->desk, f, "reset", "unknown", e->addr);
		flow_end(e->desk, f, OUTCOME_UNKNOWN, REASON_NONE);
		return GO_OVER;
	}
	e->pausing = true;
	return GO_CHECK;
}

static void
ask_unlock(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)e;
	m->type = MSG_UNLOCK;
	m->u.ticket.ticket = f->ticket;
}

static enum stage
unlocked(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	(void)m;
	if (v == VERDICT_OK) {
		audit_add(e->desk, f, "unlocked", "ok", e->addr);
		flow_end(e->desk, f, OUTCOME_UNLOCKED, REASON_NONE);
		return GO_OVER;
	}
	if (v != VERDICT_UNAVAILABLE && v != VERDICT_UNKNOWN)
		return refuse(e, f, "unlocked", v);
	if (++e->looks < LOOKS_MOST) {
		e->pausing = true;
		return GO_UNLOCK;
	}
	audit_add(e->desk, f, "unlocked", word_verdict[v], e->addr);
	flow_end(e->desk, f, v == VERDICT_UNKNOWN ? OUTCOME_UNKNOWN : OUTCOME_STOPPED,
	    REASON_TRY_LATER);
	return GO_OVER;
}

/* ---- The table, and what drives it ------------------------------------------------------------- */

static const struct {
	void		(*ask)(struct errand *, const struct flow *, struct msg *);
	enum stage	(*heard)(struct errand *, struct flow *, enum verdict, const struct msg *);
} stages[STAGE__COUNT] = {
	[GO_FIND]	 = { ask_find,	 found },
	[GO_MATCH]	 = { ask_match,	 matched },
	[GO_WAYS]	 = { ask_ways,	 ways_are },
	[GO_SEND]	 = { NULL,	 sent },		/* courier is asked, below */
	[GO_RULES]	 = { ask_rules,	 rules_are },
	[GO_JUDGE]	 = { ask_judge,	 judged },
	[GO_MARK]	 = { ask_state,	 marked },
	[GO_SET]	 = { ask_set,	 set },
	[GO_UNLOCK] = { ask_unlock, unlocked },
	[GO_CHECK]	 = { ask_state,	 checked },
};

static void
on_reply(void *ctx, enum verdict v, const struct msg *m)
{
	struct errand *e = ctx;
	struct flow f;

	if (flow_load_handle(e->desk, &e->handle, &f) == -1) {
		discard(e);
		return;
	}
	/* The person left, or ran out of tries, before anything was sent. */
	if (f.step == STEP_END && e->stage < GO_SEND) {
		finish(e, &f);
		return;
	}
	e->stage = stages[e->stage].heard(e, &f, v, m);
	if (e->stage == GO_OVER)
		finish(e, &f);
	else
		ask_stage(e, &f);
}

static void
on_sent(void *ctx, enum verdict v, const char *gateway)
{
	log_debug("a code left by %s: %s", gateway, word_verdict[v]);
	on_reply(ctx, v, NULL);
}

static void
send_code(struct errand *e, const struct flow *f)
{
	struct msg m = { .type = MSG_SEND };
	struct msg_send *s = &m.u.send;

	s->channel = e->ways.u.ways.ways[0].channel;
	memcpy(s->address, e->ways.u.ways.ways[0].address, sizeof s->address);
	s->template = TEXT_CODE;
	memcpy(s->lang, f->lang, sizeof s->lang);
	s->minutes = (uint32_t)settings.code_life / 60;
	code_make(&settings.code_key, &f->handle, &s->code);
	msg_wipe(&e->ways);
	courier_send(e->desk->courier, &m, on_sent, e);
	msg_wipe(&m);
}

static void
ask_stage(struct errand *e, const struct flow *f)
{
	struct msg m = { 0 };

	if (e->pausing) {
		after(e, PAUSE_MS);
		return;
	}
	if (e->stage == GO_SEND) {
		send_code(e, f);
		return;
	}
	stages[e->stage].ask(e, f, &m);
	registrar_ask(e->desk->registrar, &m, on_reply, e);
	msg_wipe(&m);
}

static void
finish(struct errand *e, const struct flow *f)
{
	give(e, f, f->step);
	discard(e);
}

/* ---- The ways in ------------------------------------------------------------------------------------ */

void
errand_find(struct desk *d, const struct flow *f, const struct secret *name, const char *addr)
{
	struct errand *e = begin(d, f, GO_FIND, addr);

	secret_copy(&e->name, name);
	ask_stage(e, f);
}

void
errand_match(struct desk *d, const struct flow *f, const struct msg_answer *answer)
{
	struct errand *e = find(d, &f->handle);
	bool finding = e != NULL;

	if (!finding)
		e = begin(d, f, GO_MATCH, answer->addr);
	e->answer = *answer;
	e->answered = true;
	/* The person was faster than the directory: go on when it has answered. */
	if (!finding)
		ask_stage(e, f);
}

void
errand_again(struct desk *d, const struct flow *f, const char *addr)
{
	/* One that is still on its way serves as well. */
	if (f->matched && find(d, &f->handle) == NULL)
		ask_stage(begin(d, f, GO_WAYS, addr), f);
}

static struct errand *
begin_front(struct desk *d, const struct flow *f, enum stage stage, const char *name,
    struct ask *ask, const char *addr)
{
	struct errand *e = begin(d, f, stage, addr);

	wait_for(e, name, ask);
	after(e, PATIENCE_MS);
	return e;
}

void
errand_rules(struct desk *d, const struct flow *f, const char *name, struct ask *ask)
{
	ask_stage(begin_front(d, f, GO_RULES, name, ask, ""), f);
}

void
errand_reset(struct desk *d, const struct flow *f, const char *name, struct ask *ask,
    const struct msg_answer *answer)
{
	struct errand *e = begin_front(d, f, GO_JUDGE, name, ask, answer->addr);

	e->answer = *answer;
	ask_stage(e, f);
}

void
errand_unlock(struct desk *d, const struct flow *f, const char *name, struct ask *ask,
    const char *addr)
{
	ask_stage(begin_front(d, f, GO_UNLOCK, name, ask, addr), f);
}

void
errand_resume(struct desk *d, const struct flow *f, const char *name, struct ask *ask,
    const char *addr)
{
	enum stage stage = f->wish == WISH_UNLOCK ? GO_UNLOCK : GO_CHECK;

	ask_stage(begin_front(d, f, stage, name, ask, addr), f);
}

bool
errand_lives(struct desk *d, const struct handle *h)
{
	return find(d, h) != NULL;
}

bool
errand_join(struct desk *d, const struct handle *h, const char *name, struct ask *ask)
{
	struct errand *e = find(d, h);

	if (e == NULL || e->stage < GO_RULES)
		return false;
	wait_for(e, name, ask);
	if (!evtimer_pending(e->timer, NULL))
		after(e, PATIENCE_MS);
	return true;
}
