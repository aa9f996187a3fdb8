#include "explore/promise.h"

#include <stdio.h>
#include <string.h>

#include "keeper/code.h"
#include "keeper/flow.h"
#include "keeper/settings.h"

/* ---- No password without proofs, and at most once -------------------------------------- */

/* Proofs, and so many codes. */
static bool
proven(const struct walk *w, int codes)
{
	for (int i = 0; i < codes; i++)
		if (w->sure.rights[i] == 0)
			return false;
	return w->sure.matched;
}

bool
promise_proven(const struct walk *w)
{
	return proven(w, world_codes());
}

static void
order(struct walk *w, enum msg_type type)
{
	if (type == MSG_SET) {
		if (w->done)
			world_broke("SET once more, and the first was carried out");
		else if (w->order != ORDER_NONE)
			world_broke("SET once more, while nobody knows what becomes of the first");
		else if (w->ordered == MSG_SET && !w->sure.cleared)
			world_broke("SET once more, and keeper cannot know that the first was not done");
	}
	w->order = ORDER_OUT;
	w->ordered = type;
	w->order_until = peers_now() + settings.request_life * 1000LL;
	w->now.cleared = w->sure.cleared = false;
	w->told_not = w->carried = false;
}

void
promise_question(struct walk *w, const struct msg *m)
{
	static const bool for_the_proven[MSG__COUNT] = {
		[MSG_RULES] = true, [MSG_JUDGE] = true, [MSG_SET] = true, [MSG_UNLOCK] = true,
		[MSG_STATE] = true,
	};

	if (m->type == MSG_WAYS && !w->sure.matched)
		world_broke("registrar was asked where a code goes, without proofs");
	terms_question(w, m->type);
	if (for_the_proven[m->type] && !promise_proven(w))
		world_broke("registrar was asked for somebody without proofs and code");
	if (m->type == MSG_SET || m->type == MSG_UNLOCK)
		order(w, m->type);
}

/* ---- One code for each name ---------------------------------------------------------------- */

/* Which of them it is; -1: none that this person may be sent by now. */
static int
which_code(const struct walk *w, const struct secret *sent)
{
	struct secret right;

	for (int i = 0; i < world_codes() && proven(w, i); i++) {
		world_code(w, i, &right);
		if (secret_equal(&right, sent))
			return i;
	}
	return -1;
}

void
promise_send(struct walk *w, const struct msg_send *s)
{
	struct told_code *c;
	int i = which_code(w, &s->code);

	terms_send();
	if (!w->sure.matched)
		world_broke("a code was sent without proofs");
	if (i == -1) {
		world_broke("the code that was sent is not the one that fits");
		return;
	}
	c = &w->codes[i];
	c->carried |= 1U << s->channel;
	if (++c->sends > (unsigned int)settings.sends)
		world_broke("a code was sent oftener than the settings say");
	/* The first one's time begins before it can be sent, with an answer that may be held up. */
	if (i > 0 && c->sends == 1 && s->minutes * 60 < (uint32_t)settings.code_life)
		world_broke("a second code was sent that is not as long as it should be");
	if (i > 0 && (c->carried & w->codes[0].carried) != 0)
		world_broke("a second code went the way of the first");
}

/* ---- Five tries ------------------------------------------------------------------------------ */

static void
move(struct walk *w, const struct msg_step *s)
{
	for (unsigned int i = 0; i < w->n_names; i++)
		if (strcmp(w->names[i], s->flow) == 0)
			world_broke("the flow has no new name after a right code");
	if (w->n_names > (unsigned int)world_codes())
		world_broke("the flow has more names than codes");
	else
		memcpy(w->names[w->n_names++], s->flow, sizeof s->flow);
}

static bool
is_done(enum outcome o)
{
	return o == OUTCOME_RESET || o == OUTCOME_UNLOCKED || o == OUTCOME_ACTIVATED;
}

/* The page that only right codes lead to, or one behind it. */
static bool
is_in(const struct msg_step *s)
{
	return s->step == STEP_PASSWORD || s->step == STEP_SETTING || is_done(s->outcome) ||
	    s->outcome == OUTCOME_UNKNOWN;
}

/* The answer to a code, and not to one that was given before: it was judged. */
static bool
is_judged(const struct ask *a, const struct msg_step *s)
{
	return a->code && a->at >= 0 && a->at < CODES_MOST && s->seq == a->seq + 1 && a->seq < 64 &&
	    (((s->step == STEP_CODE || s->step == STEP_SECOND) && s->reason == REASON_WRONG_CODE) ||
	    (s->step == STEP_END && s->reason == REASON_TOO_MANY));
}

/* A right code is a judgement too, the first time and at the old name. */
static void
check_tries(const struct ask *a, const struct msg_step *s)
{
	unsigned int tries = (unsigned int)settings.code_tries, wrongs;
	struct told_code *c;

	if (a->at < 0 || a->at >= world_codes())
		return;
	c = &a->walk->codes[a->at];
	if (is_judged(a, s))
		c->judged |= 1ULL << a->seq;
	wrongs = (unsigned int)__builtin_popcountll(c->judged);
	if (wrongs > tries)
		world_broke("a code was judged oftener than five times");
	if (is_judged(a, s) && s->step != STEP_END && s->left != tries - wrongs)
		world_broke("the tries that are left are miscounted");
	if (a->right && (is_in(s) || (a->at == 0 && s->step == STEP_SECOND)) &&
	    wrongs + a->twice + a->at_old >= tries)
		world_broke("the right code was taken, and no try was left");
}

/* ---- Told truly -------------------------------------------------------------------------------- */

static void
check_truth(struct walk *w, const struct msg_step *s)
{
	bool not_done = s->step == STEP_PASSWORD || s->outcome == OUTCOME_STOPPED ||
	    s->outcome == OUTCOME_LEFT;

	if (is_done(s->outcome) && !w->done)
		world_broke("told as done, and the directory did not do it");
	if (not_done && w->done)
		world_broke("told as not done, and the directory did it");
	if (not_done && w->ordered != MSG_NONE)
		w->told_not = true;
}

/* A flow of so many names stands at that page, or behind it. */
static enum step
least_step(unsigned int n_names)
{
	return n_names <= 1 ? STEP_NAME : n_names <= (unsigned int)world_codes() ? STEP_SECOND :
	    STEP_PASSWORD;
}

/* What was told once stands, whatever crashes come after. */
static void
check_lasting(const struct walk *w, const struct msg_step *s)
{
	const struct before *b = &w->before;

	if (s->seq < b->seq)
		world_broke("an answer that was acknowledged is lost");
	if (s->step < least_step(b->n_names))
		world_broke("the right code that was acknowledged is lost");
	if (b->outcome != OUTCOME_NONE && s->outcome != b->outcome)
		world_broke("the end that was told has changed");
}

/* It was no answer at all, or put off. */
static void
not_judged(const struct ask *a)
{
	struct walk *w = a->walk;

	if (a->right)
		w->now.rights[a->at] = w->sure.rights[a->at] &= ~(1ULL << a->seq % 64);
}

static void
refused(const struct ask *a, const struct msg_step *s)
{
	bool of_code = a->at >= 0 && a->at < CODES_MOST, moved;
	struct walk *w = a->walk;

	if (s->reason != REASON_UNKNOWN_FLOW)
		not_judged(a);
	moved = of_code && w->sure.rights[a->at] != 0;

	/* At the old name a wrong code is judged too, and costs a try. */
	if (moved && a->code && !a->right)
		w->codes[a->at].at_old++;
	if (!moved && a->at >= 0 && s->reason == REASON_UNKNOWN_FLOW && w->heard &&
	    peers_now() <= w->opened + 1000LL * OPENING_LIFE)
		world_broke("a flow is lost");
}

void
promise_step(const struct ask *a, const struct msg_step *s)
{
	struct walk *w = a->walk;

	if (s->refused) {
		refused(a, s);
		return;
	}
	if (a->right && s->reason == REASON_TRY_LATER && strcmp(s->flow, w->names[a->at]) == 0)
		not_judged(a);
	terms_step(a, s);
	if (a->old && !a->right)
		world_broke("the old name is good for something");
	if (is_in(s) && !promise_proven(w))
		world_broke("somebody without proofs and codes is let in");
	if (s->step == STEP_SECOND && (!world.terms.second || !proven(w, 1)))
		world_broke("somebody is asked a second code, without proofs and a first one");
	check_tries(a, s);
	/* Answers of one slot come in any order. */
	if (w->heard && s->seq >= w->seq && strcmp(s->flow, w->names[w->n_names - 1]) != 0)
		move(w, s);
	check_truth(w, s);
	check_lasting(w, s);
	if (!w->heard)
		memcpy(w->names[w->n_names++], s->flow, sizeof s->flow);
	w->heard = true;
	if (s->seq < w->seq)
		return;
	/* An opening of which nothing is stored can be left, and taken up again. */
	w->outcome = s->seq > 1 ? s->outcome : OUTCOME_NONE;
	w->told = *s;
	w->seq = s->seq;
	if (s->step == STEP_CODE || s->step == STEP_SECOND)
		w->codes[s->step == STEP_SECOND].seq = s->seq;
}

/* As it stands, also under a name that nobody was told yet. */
static int
load(const struct walk *w, struct flow *f)
{
	char name[FLOW_LONGEST + 1];
	struct handle h;

	code_handle(w->names[w->n_names - 1], &h);
	for (;;) {
		if (flow_load_handle(peers.keeper, &h, f) == -1)
			return -1;
		if (!f->moved)
			return 0;
		code_next_name(settings.code_key, &h, name);
		code_handle(name, &h);
	}
}

void
promise_store(struct walk *w)
{
	struct flow f;

	if (load(w, &f) == -1)
		return;
	if ((f.step == STEP_PASSWORD || f.step == STEP_SETTING) && !promise_proven(w))
		world_broke("stored as let in, without proofs and codes");
	terms_stored(w, f.step);
	if (f.step == STEP_SECOND && !proven(w, 1))
		world_broke("stored as owing a second code, without proofs and a first one");
	if (is_done(f.outcome) && !w->done)
		world_broke("stored as done, and the directory did not do it");
	if (f.outcome == OUTCOME_STOPPED && w->done)
		world_broke("stored as not done, and the directory did it");
	if (f.matched && !w->sure.matched)
		world_broke("stored as matched, and registrar did not say so");
	if (f.step == STEP_PASSWORD && w->done)
		world_broke("stored as to be set, and the directory has done it");
}

/* ---- Nothing before it is committed ---------------------------------------------------------------- */

void
promise_silence(void)
{
	struct msg m;

	if (peers_hear(peers.portal, ROLE_PORTAL, &m) == 1 ||
	    peers_hear(peers.courier, ROLE_COURIER, &m) == 1 ||
	    peers_hear(peers.admin, ROLE_CTL, &m) == 1)
		world_broke("something left before its commit");
	for (unsigned int i = 0; i < peers.n_workers; i++)
		if (peers_hear(peers.workers[i], ROLE_REGISTRAR, &m) == 1)
			world_broke("something left before its commit");
}
