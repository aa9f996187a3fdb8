#include "explore/terms.h"

#include <string.h>

#include "explore/promise.h"
#include "keeper/price.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"

enum {
	PLENTY = 99,
	MESSAGES = 2,		/* and as many again for who came from there before, and was right */
	CHANGES = 1,
	WAIT = 60		/* seconds that are as good as a riddle */
};

void
terms_begin(void)
{
	struct limits *l = &settings.limits;

	settings.price = world.terms.priced ? PRICE_ALWAYS : PRICE_NEVER;
	settings.price_by = PRICE_BY_RIDDLE;
	settings.riddle_wait = WAIT;
	l->account_hour = l->account_day = world.terms.scarce ? MESSAGES : PLENTY;
	l->resets_day = l->unlocks_day = world.terms.scarce ? CHANGES : PLENTY;
}

/* ---- The price -------------------------------------------------------------------------- */

void
terms_said(struct walk *w, struct ask *a, const struct msg_answer *m)
{
	const char *typed = msg_value(m, FIELD_CAPTCHA)->text;

	/* By keeper's clock, which has no milliseconds, they wait from when the name came. */
	if (m->step == STEP_NAME && w->patience == 0)
		w->patience = peers_now() + (WAIT - 1) * 1000LL;
	a->paid = m->step == STEP_PRICE && a->at == (int)w->n_names - 1 && a->seq == w->told.seq &&
	    m->n_fields == 1 && *typed != '\0' && strcmp(typed, w->told.riddle.letters) == 0;
	w->now.paid = w->now.paid || a->paid;
}

static bool
has_paid(const struct walk *w)
{
	return !world.terms.priced || w->sure.paid ||
	    (w->patience != 0 && peers_now() >= w->patience);
}

/* An end may come before, by leaving or by the time. */
static bool
is_beyond(enum step step)
{
	return step > STEP_PRICE && step != STEP_END;
}

static void
price_told(struct walk *w, const struct msg_step *s)
{
	if (s->wait > WAIT)
		world_broke("told to wait for longer than that is as good as a riddle");
	if (s->seq < w->seq || s->riddle.letters[0] == '\0' || strcmp(s->riddle.letters, w->riddle) == 0)
		return;
	memcpy(w->riddle_before, w->riddle, sizeof w->riddle_before);
	memcpy(w->riddle, s->riddle.letters, sizeof w->riddle);
	if (++w->riddles > RIDDLES_MOST)
		world_broke("more riddles than there may be");
}

static void
check_price(const struct ask *a, const struct msg_step *s)
{
	struct walk *w = a->walk;

	if (s->step == STEP_PRICE)
		price_told(w, s);
	else if (s->step == STEP_NAME)
		w->patience = 0;
	if (is_beyond(s->step) && !has_paid(w))
		world_broke("somebody goes on who has not paid");
}

/* ---- An admin's word ------------------------------------------------------------------- */

static bool
halted(enum halt what)
{
	return world.halts >> what != 0;
}

static void
check_halt(const struct walk *w, enum step step)
{
	bool in = step == STEP_PASSWORD || step == STEP_SETTING;

	if (in && halted(HALT_RECOVER) && !w->in_at_halt)
		world_broke("somebody is let in, and recovery is halted");
}

void
terms_halted(void)
{
	world.halts = world.halting;
	for (unsigned int i = 0; i < world.n_walks; i++)
		world.walks[i].in_at_halt = promise_proven(&world.walks[i]);
}

/* ---- All of them ------------------------------------------------------------------------ */

void
terms_step(const struct ask *a, const struct msg_step *s)
{
	check_price(a, s);
	check_halt(a->walk, s->step);
}

void
terms_question(const struct walk *w, enum msg_type type)
{
	bool order = type == MSG_SET || type == MSG_UNLOCK;

	if (type == MSG_MATCH && !has_paid(w))
		world_broke("proofs were looked at, and nothing was paid");
	if (order && halted(HALT_ALL))
		world_broke("an order was given, and everything is halted");
}

static unsigned int
messages_most(void)
{
	for (unsigned int i = 0; i < world.n_walks; i++)
		if (world.walks[i].sure.rights[0] != 0)
			return 2 * MESSAGES;
	return MESSAGES;
}

void
terms_send(void)
{
	if (halted(HALT_SMS))
		world_broke("a message left, and messages are halted");
	if (++world.messages > messages_most() && world.terms.scarce)
		world_broke("more messages to one account than its budget has");
}

void
terms_stored(const struct walk *w, enum step step)
{
	if (is_beyond(step) && !has_paid(w))
		world_broke("stored as beyond the price, and nothing was paid");
	check_halt(w, step);
}

void
terms_done(enum msg_type type)
{
	if (++world.changes[type == MSG_UNLOCK] > CHANGES && world.terms.scarce)
		world_broke("more was done to one account than its budget has");
}
