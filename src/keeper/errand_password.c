/*
 * errand_password.c - what the directory does for a person who gave the right
 * code: its rules, a judgement, the write, and what became of it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/errand_stage.h"
#include "keeper/keeper.h"
#include "keeper/notice.h"
#include "keeper/settings.h"
#include "keeper/wish.h"

enum {
	SETS_MOST = 3,		/* servers that were away when it came to writing */
	UNCHANGED_MOST = 2,	/* seen unchanged so often: it was not done */
	TRIES_MOST = 6,		/* asked so often: nobody knows, */
	TRIES_LEAST = 2,	/* or so often and for so many times request_life */
	LIVES_MOST = 2,
	BEGIN_MS = 2000		/* a write that is not begun by then never will be */
};

/* ---- In front of the answer: the password page ---------------------------------------- */

/* What was ordered was surely not done: so it was not done too often. */
static void
take_back(struct errand *e, struct flow *f)
{
	if (f->set_at != 0)
		budget_take_back(e->keeper, f, f->set_at);
	f->set_at = 0;
}

static enum stage
refuse(struct errand *e, struct flow *f, const char *what, enum verdict v)
{
	take_back(e, f);
	if (v == VERDICT_FORBIDDEN)
		log_warnx("the directory does not let the service account do this; run: latchkey check");
	audit_add(e->keeper, f, what, word_verdict[v], e->addr);
	flow_end(e->keeper, f, OUTCOME_STOPPED, REASON_REFUSED);
	return GO_OVER;
}

/* As they wished; and they are told of it by another way as well. */
static enum stage
done(struct errand *e, struct flow *f)
{
	audit_add_change(e->keeper, f, "ok", e->addr);
	notice_add(e->keeper, f);
	flow_end(e->keeper, f, wish_rows[f->wish].outcome, REASON_NONE);
	return GO_OVER;
}

/* Nothing was changed, and the person may try once more. */
static enum stage
once_more(struct errand *e, struct flow *f, enum reason reason, uint32_t broken)
{
	take_back(e, f);
	if (broken == 0)
		log_event("later", word_reason[reason], "later: the password once more: %s",
		    word_reason[reason]);
	f->broken = broken;
	f->at = FIELD_PASSWORD;
	f->at_field = broken != 0;
	flow_go(e->keeper, f, STEP_PASSWORD, reason);
	return GO_RULES;
}

static enum stage
rules_are(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v == VERDICT_OK)
		e->rules = m->u.rules;
	else if (!errand_out_of_reach(v))
		return refuse(e, f, "rules", v);
	/* Out of reach: the page without its rules; the answer will be judged all the same. */
	return GO_OVER;
}

/* ---- The new password: judge, set ------------------------------------------------------- */

static void
ask_judge(struct errand *e, const struct flow *f, struct msg *m)
{
	m->u.password.ticket = f->ticket;
	secret_copy(&m->u.password.password, msg_value(&e->answer, FIELD_PASSWORD));
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

	audit_add(e->keeper, f, wish_rows[f->wish].audit, word_reason[reason], e->addr);
	return once_more(e, f, reason, broken);
}

/* From its end on a crash leaves a flow at SETTING, with the mark to tell what became of it. */
static enum stage
judged(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (v == VERDICT_RULE)
		return broke(e, f, first_rule(m->u.judged.broken), m->u.judged.broken);
	if (v != VERDICT_OK)
		return errand_out_of_reach(v) ? once_more(e, f, REASON_TRY_LATER, 0) :
		    refuse(e, f, wish_rows[f->wish].audit, v);
	/* Another flow of that person's may have come first. */
	if (f->set_at == 0 && !budget_allows(e->keeper, f)) {
		audit_add(e->keeper, f, wish_rows[f->wish].audit, word_reason[REASON_TOO_OFTEN], e->addr);
		flow_end(e->keeper, f, OUTCOME_STOPPED, REASON_TOO_OFTEN);
		return GO_OVER;
	}
	take_back(e, f);
	memcpy(f->mark, m->u.judged.mark, sizeof f->mark);
	f->set_at = clock_now();
	budget_order(e->keeper, f, f->set_at);
	store_put_order(e->keeper->store, f->account, &f->reference, f->set_at);
	f->broken = 0;
	f->at_field = false;
	flow_go(e->keeper, f, STEP_SETTING, REASON_NONE);
	return GO_SET;
}

static void
ask_set(struct errand *e, const struct flow *f, struct msg *m)
{
	ask_judge(e, f, m);
	e->ordered = clock_ms();
	m->u.password.must_change = settings.must_change;
	m->u.password.by = e->ordered + BEGIN_MS;
	memcpy(m->u.password.mark, f->mark, sizeof m->u.password.mark);
}

static enum stage
set(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	if (m != NULL && m->u.done.gone && !f->gone) {
		f->gone = true;
		flow_save(e->keeper, f);
	}
	/* Surely nothing was done: the server that judged is away.  Another one may judge, and set. */
	if (v == VERDICT_UNAVAILABLE && ++e->sets < SETS_MOST)
		return GO_JUDGE;
	explicit_bzero(&e->answer, sizeof e->answer);
	switch (v) {
	case VERDICT_OK:
		return done(e, f);
	case VERDICT_RULE:
		/* Said by a reply alone, never by us. */
		if (m == NULL)
			abort();
		return broke(e, f, m->u.done.rule, 1U << m->u.done.rule);
	case VERDICT_UNKNOWN:
		errand_pause(e);
		return GO_STATE;
	case VERDICT_UNAVAILABLE:
	case VERDICT_LIMIT:
		return once_more(e, f, REASON_TRY_LATER, 0);
	default:
		return refuse(e, f, wish_rows[f->wish].audit, v);
	}
}

/* ---- What became of it ---------------------------------------------------------------------- */

/*
 * A worker that went away may have left its write behind at a slow server, and one
 * that a crash of ours parted us from may still be writing, or may yet find the
 * order in its socket.  So a password that has not changed is news only when all the
 * time that a write is given has passed: to begin (BEGIN_MS), and registrar's deadline.
 * After a crash that is counted anew, because only a clock that nobody sets can be trusted
 * with it, and that one may have begun with the machine.
 */
static bool
is_over(const struct errand *e, int lives)
{
	return clock_ms() > e->ordered + 1000LL * lives * settings.request_life;
}

static void
ask_state(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)e;
	m->u.state_of.ticket = f->ticket;
	memcpy(m->u.state_of.mark, f->mark, sizeof m->u.state_of.mark);
}

/* Each question may take request_life: people wait for the last answer, but not for ever. */
static bool
tried_in_vain(struct errand *e)
{
	return ++e->tries >= TRIES_MOST || (e->tries >= TRIES_LEAST && is_over(e, LIVES_MOST));
}

static enum stage
checked(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	bool readable = v == VERDICT_OK;

	if (readable && m->u.state.set) {
		/*
		 * Unless another of this person's flows may have done it: then whose password is
		 * it?  What that one ordered is carried out within request_life, or never.
		 */
		bool ours = !store_ordered_elsewhere(e->keeper->store, f->account, &f->reference,
		    f->set_at - settings.request_life);

		if (ours)
			return done(e, f);
		audit_add_change(e->keeper, f, "unknown", e->addr);
		flow_end(e->keeper, f, OUTCOME_UNKNOWN, REASON_NONE);
		return GO_OVER;
	}
	if (readable && is_over(e, 1) && ++e->unchanged >= UNCHANGED_MOST) {
		audit_add(e->keeper, f, wish_rows[f->wish].audit, "unchanged", e->addr);
		return once_more(e, f, REASON_TRY_AGAIN, 0);
	}
	if (!readable && tried_in_vain(e)) {
		audit_add_change(e->keeper, f, "unknown", e->addr);
		flow_end(e->keeper, f, OUTCOME_UNKNOWN, REASON_NONE);
		return GO_OVER;
	}
	errand_pause(e);
	return GO_STATE;
}

static enum stage
unlocked(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	bool later;

	(void)m;
	if (v == VERDICT_OK)
		return done(e, f);
	e->unsure = e->unsure || v == VERDICT_UNKNOWN;
	later = v == VERDICT_UNAVAILABLE || v == VERDICT_UNKNOWN || v == VERDICT_LIMIT;
	if (!later && !e->unsure)
		return refuse(e, f, wish_rows[f->wish].audit, v);
	if (later && ++e->tries < TRIES_MOST) {
		errand_pause(e);
		return GO_UNLOCK;
	}
	if (!e->unsure)
		take_back(e, f);
	audit_add_change(e->keeper, f, e->unsure ? "unknown" : word_verdict[v], e->addr);
	flow_end(e->keeper, f, e->unsure ? OUTCOME_UNKNOWN : OUTCOME_STOPPED, REASON_TRY_LATER);
	return GO_OVER;
}

const struct stage_row stage_rules = { MSG_RULES, NULL, rules_are };
const struct stage_row stage_judge = { MSG_JUDGE, ask_judge, judged };
const struct stage_row stage_set = { MSG_SET, ask_set, set };
const struct stage_row stage_state = { MSG_STATE, ask_state, checked };
const struct stage_row stage_unlock = { MSG_UNLOCK, NULL, unlocked };
