/*
 * errand_code.c - what goes on behind the answers before the right code: who is
 * it, are these that person's proofs, where does the code go.  And in front of one:
 * where does a second code go, if a policy asks it.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/counts.h"
#include "keeper/errand_stage.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/message.h"
#include "keeper/number.h"
#include "keeper/settings.h"
#include "wire/house.h"

static enum stage
step_back(struct errand *e, struct flow *f, enum step to, enum verdict v)
{
	log_event("later", word_verdict[v], "later: back to %s: %s", word_step[to], word_verdict[v]);
	f->behind = BEHIND_NOTHING;
	f->at_field = false;
	/* Nobody's fault: they begin once more. */
	if (to == STEP_NAME)
		budget_not_failed(e->keeper, f);
	flow_go(e->keeper, f, to, REASON_TRY_LATER);
	return GO_OVER;
}

static void
ask_find(struct errand *e, const struct flow *f, struct msg *m)
{
	(void)f;
	secret_copy(&m->u.find.name, &e->name);
}

static enum stage
found(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	char policy[sizeof ((struct audit_row *)0)->detail];

	if (errand_out_of_reach(v))
		return step_back(e, f, STEP_NAME, v);
	memcpy(f->account, m->u.found.account, sizeof f->account);
	f->ticket = m->u.found.ticket;
	f->second = m->u.found.second;
	audit_who(e->keeper, v == VERDICT_NOBODY ? NULL : f->account, &e->name, &f->who);
	secret_wipe(&e->name);
	f->behind = e->answered ? BEHIND_MATCH : BEHIND_NOTHING;
	flow_save(e->keeper, f);
	snprintf(policy, sizeof policy, "%s%s", m->u.found.policy[0] != '\0' ? "policy " : "",
	    m->u.found.policy);
	audit_add_detail(e->keeper, f, "opened", word_verdict[v], policy, e->addr);
	return e->answered ? GO_MATCH : GO_OVER;
}

static void
ask_match(struct errand *e, const struct flow *f, struct msg *m)
{
	m->u.match.ticket = f->ticket;
	m->u.match.wish = f->wish;
	m->u.match.n_values = e->answer.n_fields;
	for (unsigned int i = 0; i < e->answer.n_fields; i++) {
		m->u.match.values[i].field = e->answer.fields[i].name;
		secret_copy(&m->u.match.values[i].value, &e->answer.fields[i].value);
	}
}

static enum stage
matched(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	explicit_bzero(&e->answer, sizeof e->answer);
	if (errand_out_of_reach(v))
		return step_back(e, f, STEP_PROOF, v);
	if (v == VERDICT_OK && number_is_young(e->keeper, f->account, &m->u.matched))
		v = VERDICT_YOUNG;
	f->behind = BEHIND_NOTHING;
	f->matched = v == VERDICT_OK;
	if (f->matched) {
		f->ticket = m->u.matched.ticket;
		for (size_t i = 0; i < house.n_proofs; i++)
			f->proved |= 1U << house_field(&house.proofs[i]);
	}
	flow_save(e->keeper, f);
	/* Nobody's proofs are not news: "opened" has said who it was. */
	if (v != VERDICT_TICKET)
		audit_add(e->keeper, f, "proved", word_verdict[v], e->addr);
	return f->matched ? GO_WAYS : GO_OVER;
}

/* In silence: who sees that none came must not learn that one would have. */
static enum stage
send_nothing(struct errand *e, struct flow *f, const char *why)
{
	audit_add_detail(e->keeper, f, "sent", word_verdict[VERDICT_LIMIT], why, e->addr);
	return GO_OVER;
}

/* The code goes that way; NULL.  Or it may not: what keeps it. */
static const char *
take_way(struct errand *e, const struct flow *f, const struct msg_ways *w, int way)
{
	const char *spent = halt_holds(e->keeper, HALT_SMS) ? "halted" :
	    budget_message(e->keeper, f, w->ways[way].address, e->addr, &e->spent);

	if (spent != NULL)
		return spent;
	e->ways = *w;
	e->way = (unsigned int)way;
	e->channel = f->by;
	return NULL;
}

static const char *
why_no_way(enum verdict v)
{
	return errand_out_of_reach(v) ? "directory" :
	    word_verdict[v == VERDICT_OK ? VERDICT_NO_PROOF : v];
}

static enum stage
ways_are(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	const char *spent;
	int way = v == VERDICT_OK ? message_way(&m->u.ways, f->by) : -1;

	if (way == -1) {
		audit_add_detail(e->keeper, f, "sent", why_no_way(v), word_channel[f->by], e->addr);
		return GO_OVER;
	}
	return (spent = take_way(e, f, &m->u.ways, way)) == NULL ? GO_SEND : send_nothing(e, f, spent);
}

/* Of those that the policy names: not what the first code went by, and it leads somewhere. */
static unsigned int
other_ways(const struct flow *f, const struct msg_ways *w)
{
	unsigned int ways = 0;

	for (int by = 0; by < CHANNEL__COUNT; by++)
		if (message_way(w, (enum channel)by) != -1)
			ways |= 1U << by;
	return ways & f->second & settings_gateways() & ~f->carried_before;
}

/* The person is known by now, and told; once, however often they look. */
static enum stage
second_later(struct errand *e, struct flow *f, const char *outcome, const char *why)
{
	char detail[sizeof ((struct audit_row *)0)->detail];

	snprintf(detail, sizeof detail, "second%s%s", why[0] != '\0' ? " " : "", why);
	if (f->reason != REASON_TRY_LATER)
		audit_add_detail(e->keeper, f, "sent", outcome, detail, e->addr);
	f->reason = REASON_TRY_LATER;
	flow_save(e->keeper, f);
	return GO_OVER;
}

/* It leads nowhere, or not to who they were any more; what was sent before can still be typed. */
static enum stage
no_second(struct errand *e, struct flow *f, enum verdict v)
{
	if (f->sends > 0)
		return second_later(e, f, word_verdict[v], "");
	audit_add_detail(e->keeper, f, "sent", word_verdict[v], "second", e->addr);
	flow_end(e->keeper, f, OUTCOME_STOPPED, v == VERDICT_NO_PROOF ? REASON_NO_OTHER_WAY :
	    REASON_REFUSED);
	return GO_OVER;
}

static enum stage
second_leaves(struct errand *e, struct flow *f)
{
	bool first = f->sends == 0;

	f->carried |= 1U << f->by;
	f->sends++;
	f->reason = REASON_NONE;
	if (first) {
		flow_promise_code(f);
		flow_go(e->keeper, f, STEP_SECOND, REASON_NONE);
	} else {
		f->sent_at = clock_now();
		flow_save(e->keeper, f);
	}
	return GO_SEND;
}

static enum stage
second_ways_are(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	const char *spent;
	unsigned int ways;

	if (errand_out_of_reach(v))
		return second_later(e, f, why_no_way(v), "");
	if (v != VERDICT_OK)
		return no_second(e, f, v);
	if ((ways = other_ways(f, &m->u.ways)) == 0)
		return no_second(e, f, VERDICT_NO_PROOF);
	f->second = ways;
	if ((f->second & 1U << f->by) == 0)
		f->by = (enum channel)(ffs((int)f->second) - 1);
	if (!courier_up(e->keeper->courier))
		return second_later(e, f, word_verdict[VERDICT_UNAVAILABLE], word_channel[f->by]);
	if ((spent = take_way(e, f, &m->u.ways, message_way(&m->u.ways, f->by))) != NULL)
		return second_later(e, f, word_verdict[VERDICT_LIMIT], spent);
	return second_leaves(e, f);
}

static enum stage
sent(struct errand *e, struct flow *f, enum verdict v, const struct msg *m)
{
	char by[sizeof ((struct audit_row *)0)->detail];

	(void)m;
	counts_add(KEPT_CODES, e->channel, v);
	if (v == VERDICT_UNAVAILABLE || v == VERDICT_REJECTED)
		budget_message_back(e->keeper, &e->spent);
	snprintf(by, sizeof by, "%s%s%s", word_channel[e->channel], e->gateway[0] != '\0' ? " " : "",
	    e->gateway);
	audit_add_detail(e->keeper, f, "sent", word_verdict[v], by, e->addr);
	/* They were sent it, and meanwhile chose another way. */
	return flow_asks_code(f) && f->by != e->channel ? GO_WAYS : GO_OVER;
}

const struct stage_row stage_find = { MSG_FIND, ask_find, found };
const struct stage_row stage_match = { MSG_MATCH, ask_match, matched };
const struct stage_row stage_ways = { MSG_WAYS, NULL, ways_are };
const struct stage_row stage_send = { MSG_SEND, NULL, sent };
const struct stage_row stage_second = { MSG_WAYS, NULL, second_ways_are };
