#include "keeper/step.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/code.h"
#include "keeper/counts.h"
#include "keeper/courier.h"
#include "keeper/draw.h"
#include "keeper/errand.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/price.h"
#include "keeper/registrar.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"

/* ---- Answering ---------------------------------------------------------------- */

/*
 * Before the right code everybody gets the answer at the same pace; steps where a person
 * is known are named here, and any other waits for its slot.
 */
static enum pace
pace_of(const struct flow *f)
{
	static const enum pace paces[STEP__COUNT] = {
		[STEP_SECOND] = AT_ONCE, [STEP_PASSWORD] = AT_ONCE, [STEP_SETTING] = AT_ONCE,
		[STEP_END] = AT_ONCE,
	};

	return f->outcome == OUTCOME_STOPPED || f->outcome == OUTCOME_LEFT ? AT_SLOT : paces[f->step];
}

/* Show a flow as it is now; the password page needs its rules first, a second code its way. */
static void
show(struct keeper *k, struct ask *ask, const struct flow *f, const char *name, const char *addr,
    enum pace pace)
{
	struct msg_step s;

	if (errand_join(k, &f->handle, name, ask))
		return;
	if (f->step == STEP_PASSWORD)
		errand_rules(k, f, name, ask);
	else if (flow_is_unsent(f))
		errand_second(k, f, name, ask, addr);
	else if (f->step == STEP_SETTING)
		errand_resume(k, f, name, ask, addr);
	else {
		draw_flow(f, name, NULL, &s);
		answers_give(k->answers, ask, &s, pace);
	}
}

/* ---- Finding the flow ------------------------------------------------------------ */

/* Work behind the answer was lost in a crash: what it worked on was not stored. */
static void
heal(struct keeper *k, struct flow *f)
{
	enum behind lost;

	if (f->behind == BEHIND_NOTHING || errand_lives(k, &f->handle))
		return;
	f->at_field = false;
	lost = f->behind;
	log_event("later", word_reason[REASON_TRY_AGAIN], "later: a restart lost what was going on");
	f->behind = BEHIND_NOTHING;
	flow_go(k, f, lost == BEHIND_FIND ? STEP_NAME : STEP_PROOF, REASON_TRY_AGAIN);
}

/* The person waited, as is told by the clock alone. */
static void
settle_price(struct keeper *k, struct flow *f)
{
	if (f->step != STEP_PRICE || flow_is_late(f) || !price_waited(k, f))
		return;
	f->at_field = false;
	flow_go(k, f, price_pay(f, PAY_WAIT), REASON_NONE);
}

/* Bring a flow up to the present: what a crash lost, and what time has paid or ended. */
static void
freshen(struct keeper *k, struct flow *f)
{
	heal(k, f);
	settle_price(k, f);
	if (f->step != STEP_END && f->step != STEP_SETTING && flow_is_late(f))
		flow_end(k, f, OUTCOME_STOPPED, REASON_EXPIRED);
}

/* The flow of that name, as it is now; or the ask is refused. */
static int
load(struct keeper *k, struct ask *ask, const char *name, struct flow *f)
{
	if (flow_load(k, name, f) == -1 || f->moved) {
		answers_refuse(k->answers, ask, REASON_UNKNOWN_FLOW);
		return -1;
	}
	freshen(k, f);
	return 0;
}

/*
 * The right code came twice: a doubled submit.  The second finds the stone that
 * flow_move left, and follows.  Anything but the right code costs a try there.
 */
static void
follow(struct keeper *k, struct ask *ask, const struct msg_answer *a, struct flow *stone)
{
	char name[FLOW_LONGEST + 1];
	struct secret code, typed;
	struct flow f;
	bool same;

	code_make(stone->code_key, &stone->handle, &code);
	same = a->seq == stone->seq && a->n_fields == 1 && stone->left > 0 &&
	    code_typed(&a->fields[0].value, &typed) == 0 && secret_equal(&typed, &code);
	secret_wipe(&code);
	secret_wipe(&typed);
	if (same) {
		code_next_name(stone->code_key, &stone->handle, name);
		if (load(k, ask, name, &f) == 0)
			show(k, ask, &f, name, a->addr, AT_ONCE);
		return;
	}
	if (stone->left > 0) {
		stone->left--;
		flow_save(k, stone);
	}
	answers_refuse(k->answers, ask, REASON_UNKNOWN_FLOW);
}

/* ---- The five questions -------------------------------------------------------------- */

void
step_open(struct keeper *k, struct ask *ask, const struct msg_open *o)
{
	struct opening opening = { .at = clock_now(), .journey = o->journey, .wish = o->wish };
	char name[FLOW_LONGEST + 1];
	struct msg_step s;
	struct flow f;

	memcpy(opening.lang, o->lang, sizeof opening.lang);
	code_open(settings.code_key, &opening, name);
	if (flow_load(k, name, &f) == -1) {
		answers_refuse(k->answers, ask, REASON_TRY_LATER);
		return;
	}
	draw_flow(&f, name, NULL, &s);
	answers_give(k->answers, ask, &s, pace_of(&f));
}

/* Every field of the step is there, once, and not too long; no other is. */
static enum reason
check_fields(const struct msg_step *s, const struct msg_answer *a, enum field *at)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < s->n_fields; i++) {
		unsigned int times = 0;

		*at = s->fields[i].name;
		for (unsigned int j = 0; j < a->n_fields; j++) {
			if (a->fields[j].name != *at)
				continue;
			if (++times > 1)
				return REASON_BAD_REQUEST;
			if (a->fields[j].value.len > s->fields[i].longest)
				return REASON_TOO_LONG;
		}
		found += times;
	}
	if (found != a->n_fields)
		return REASON_BAD_REQUEST;
	for (unsigned int i = 0; i < s->n_fields; i++) {
		bool filled = false;

		*at = s->fields[i].name;
		for (unsigned int j = 0; j < a->n_fields; j++)
			filled = filled || (a->fields[j].name == *at && a->fields[j].value.len > 0);
		if (!filled)
			return REASON_EMPTY;
	}
	return REASON_NONE;
}

/* It does not count for anybody yet. */
static bool
is_new(const struct flow *f)
{
	return f->step == STEP_NAME && f->charged_at == 0;
}

/* Who may not begin is told so, and costs no write. */
static void
turn_away(struct keeper *k, struct ask *ask, const struct flow *f, const struct msg_answer *a)
{
	struct msg_step s;

	counts_add(KEPT_ANSWERS, f->step, f->reason);
	draw_flow(f, a->flow, NULL, &s);
	answers_give(k->answers, ask, &s, AT_SLOT);
}

static void
take(struct keeper *k, struct ask *ask, struct flow *f, struct msg_answer *a)
{
	struct turn t = { .keeper = k, .flow = f, .answer = a, .ask = ask };
	struct msg_step s;
	enum field at = FIELD_USERNAME;
	enum step asked = f->step;
	bool began = is_new(f);
	enum reason reason;
	int next;

	if (began && (f->reason = budget_welcome(k, a->addr)) != REASON_NONE) {
		turn_away(k, ask, f, a);
		return;
	}
	memcpy(t.name, a->flow, sizeof t.name);
	draw_flow(f, a->flow, NULL, &s);
	if ((reason = check_fields(&s, a, &at)) == REASON_BAD_REQUEST) {
		answers_refuse(k->answers, ask, reason);
		return;
	}
	f->at_field = false;
	f->reason = REASON_NONE;
	next = reason == REASON_NONE ? step_recover[f->step](&t) : turn_wrong(&t, reason, at);
	/* Nobody's fault, so it counts for nobody. */
	if (began && f->reason == REASON_TRY_LATER) {
		turn_away(k, ask, f, a);
		return;
	}
	if (began) {
		counts_add(KEPT_OPENED, f->wish, 0);
		budget_come(k, f, a->addr);
	}
	/* How a password went is not known yet: see errand.c. */
	if (asked != STEP_PASSWORD || next != STEP_BY_ERRAND)
		counts_add(KEPT_ANSWERS, asked, f->reason);
	if (next == STEP_BY_ERRAND)
		return;
	if (f->step != STEP_END)
		flow_go(k, f, (enum step)next, f->reason);
	show(k, ask, f, t.name, a->addr, pace_of(f));
}

void
step_answer(struct keeper *k, struct ask *ask, struct msg_answer *a)
{
	struct flow f;

	if (flow_load(k, a->flow, &f) == -1) {
		answers_refuse(k->answers, ask, REASON_UNKNOWN_FLOW);
		return;
	}
	if (f.moved) {
		follow(k, ask, a, &f);
		return;
	}
	freshen(k, &f);
	/* An answer to an earlier page, or one that is being worked on: show what is now. */
	if ((a->seq > 0 && a->seq < f.seq) || f.step == STEP_SETTING || f.step == STEP_END)
		show(k, ask, &f, a->flow, a->addr, pace_of(&f));
	else if (a->seq != f.seq)
		answers_refuse(k->answers, ask, REASON_WRONG_SEQ);
	else if (a->step != f.step)
		answers_refuse(k->answers, ask, REASON_WRONG_STEP);
	else if (!errand_join(k, &f.handle, a->flow, ask))
		take(k, ask, &f, a);
}

void
step_show(struct keeper *k, struct ask *ask, const struct msg_flow *m)
{
	struct flow f;

	if (load(k, ask, m->flow, &f) == 0)
		show(k, ask, &f, m->flow, m->addr, pace_of(&f));
}

/* Who has no reception need not wait to be sent it elsewhere. */
static enum reason
may_send(const struct flow *f, enum channel by, int64_t now)
{
	bool used = (f->carried & 1U << by) != 0;

	if (f->sends >= (unsigned int)settings.sends)
		return REASON_TOO_MANY;
	return used && f->sent_at <= now && now < f->sent_at + settings.send_wait ? REASON_TOO_SOON : REASON_NONE;
}

static void
give_another_riddle(struct keeper *k, struct flow *f)
{
	if (riddle_other(f)) {
		f->at_field = false;
		flow_go(k, f, STEP_PRICE, REASON_NONE);
	}
}

/* The same code once more, perhaps by another channel, if it is time; for nobody nothing leaves. */
void
step_again(struct keeper *k, struct ask *ask, const struct msg_flow *m)
{
	int64_t now = clock_now();
	struct msg_step s;
	struct flow f;
	enum channel by;
	const char *why;

	if (load(k, ask, m->flow, &f) == -1)
		return;
	/* What it went by may not be allowed any more. */
	by = m->chosen ? m->choice : flow_may_send(&f, f.by) ? f.by : CHANNEL_SMS;
	if (!flow_is_unsent(&f) && !flow_may_send(&f, by)) {
		answers_refuse(k->answers, ask, REASON_BAD_REQUEST);
		return;
	}
	if (flow_asks_code(&f) && flow_code_is_late(&f))
		flow_end(k, &f, OUTCOME_STOPPED, REASON_EXPIRED);
	if (f.step == STEP_PRICE && f.by_riddle)
		give_another_riddle(k, &f);
	if (!flow_asks_code(&f)) {
		show(k, ask, &f, m->flow, m->addr, pace_of(&f));
		return;
	}
	if (errand_join(k, &f.handle, m->flow, ask))
		return;
	f.reason = may_send(&f, by, now);
	f.at_field = false;
	/* Of a second code its errand says so. */
	if (f.reason == REASON_NONE && f.step == STEP_CODE && (why = step_out_of_order(k)) != NULL)
		step_later(&f, why);
	if (f.reason == REASON_NONE && f.step == STEP_SECOND && !errand_lives(k, &f.handle)) {
		f.by = by;
		flow_save(k, &f);
		errand_second(k, &f, m->flow, ask, m->addr);
		return;
	}
	if (f.reason == REASON_NONE) {
		f.by = by;
		f.carried |= 1U << by;
		f.sends++;
		f.sent_at = now;
		errand_again(k, &f, m->addr);
	}
	flow_save(k, &f);
	draw_flow(&f, m->flow, NULL, &s);
	answers_give(k->answers, ask, &s, AT_SLOT);
}

void
step_leave(struct keeper *k, struct ask *ask, const struct msg_flow *m)
{
	struct msg_step s;
	struct flow f;

	if (load(k, ask, m->flow, &f) == -1)
		return;
	/* What the directory was asked to do is not undone by leaving. */
	if (f.step == STEP_SETTING || f.step == STEP_END) {
		show(k, ask, &f, m->flow, m->addr, pace_of(&f));
		return;
	}
	if (f.who.len > 0)
		audit_add(k, &f, "left", "ok", m->addr);
	/* What was never stored need not be, either. */
	if (f.fresh) {
		f.step = STEP_END;
		f.outcome = OUTCOME_LEFT;
	} else
		flow_end(k, &f, OUTCOME_LEFT, REASON_NONE);
	/* Without waiting for what is still asked: it leads nowhere any more. */
	draw_flow(&f, m->flow, NULL, &s);
	answers_give(k->answers, ask, &s, pace_of(&f));
}

/* ---- For the takes ------------------------------------------------------------------------ */

const char *
step_out_of_order(struct keeper *k)
{
	return halt_holds(k, HALT_RECOVER) ? "recovery is halted" :
	    halt_holds(k, HALT_SMS) ? "messages are halted" :
	    !registrar_up(k->registrar) ? "the directory does not answer" :
	    !courier_up(k->courier) ? "courier does not answer" :
	    budget_out_of_messages(k) ? "all messages of this hour or day have been sent" : NULL;
}

void
step_later(struct flow *f, const char *why)
{
	log_event("later", word_verdict[VERDICT_UNAVAILABLE], "later: at %s: %s", word_step[f->step],
	    why);
	f->reason = REASON_TRY_LATER;
}

int
turn_wrong(struct turn *t, enum reason reason, enum field at)
{
	t->flow->reason = reason;
	t->flow->at = at;
	t->flow->at_field = true;
	return (int)t->flow->step;
}
