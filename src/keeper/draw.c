#include "keeper/draw.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "keeper/price.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"
#include "keeper/wish.h"
#include "wire/house.h"

/* Whoever walks at an ordinary pace gets the same bytes, whatever the second is. */
enum { COARSE = 5 };

/*
 * How much is left of ${total} seconds that end at ${until}, in coarse steps from their begin.
 * A clock that was set back does not make them more.
 */
static uint32_t
seconds_left(int64_t until, int total)
{
	int64_t left = until - clock_now(), gone = left > total ? 0 : total - left;

	return left > 0 ? (uint32_t)(total - gone / COARSE * COARSE) : 0;
}

static void
add_field(struct msg_step *s, enum field name, enum kind kind, unsigned int longest,
    const char *label)
{
	s->fields[s->n_fields].name = name;
	s->fields[s->n_fields].kind = kind;
	s->fields[s->n_fields].longest = longest;
	snprintf(s->fields[s->n_fields].label, sizeof s->fields[0].label, "%s", label);
	s->n_fields++;
}

static void
draw_name(const struct flow *f, struct msg_step *s)
{
	(void)f;
	add_field(s, FIELD_USERNAME, KIND_TEXT, NAME_LONGEST, "");
}

static void
draw_price(const struct flow *f, struct msg_step *s)
{
	if (!f->by_riddle) {
		price_work(f, &s->work);
		add_field(s, FIELD_CAPTCHA, KIND_WORK, s->work.puzzles * NONCE_DIGITS, "");
	} else if (riddle_of(f, &s->riddle))
		add_field(s, FIELD_CAPTCHA, KIND_RIDDLE, 2 * RIDDLE_LONGEST, "");
	s->wait = seconds_left(f->price_until, price_wait(f));
}

static void
draw_wish(const struct flow *f, struct msg_step *s)
{
	(void)f;
	add_field(s, FIELD_WISH, KIND_CHOICE, 16, "");
	for (unsigned int wish = WISH_NONE + 1; wish < WISH__COUNT; wish++) {
		if (settings_wish((enum wish)wish) != (enum wish)wish)
			continue;
		s->choices[s->n_choices].field = FIELD_WISH;
		s->choices[s->n_choices++].id = wish;
	}
}

static void
draw_proof(const struct flow *f, struct msg_step *s)
{
	(void)f;
	for (size_t i = 0; i < house.n_proofs; i++)
		add_field(s, house_field(&house.proofs[i]), house_kind(&house.proofs[i]), 128,
		    house.proofs[i].label);
}

/* Of a number its end as it was typed; an address is nowhere told. */
static void
add_channel(const struct flow *f, enum channel by, struct msg_step *s)
{
	s->choices[s->n_choices].field = FIELD_CHOICE;
	s->choices[s->n_choices].id = by;
	s->choices[s->n_choices].channel = by;
	if (by != CHANNEL_MAIL)
		snprintf(s->choices[s->n_choices].hint, sizeof s->choices[0].hint, "%s", f->hint);
	s->n_choices++;
}

/* The channel that the code went by is the first. */
static void
draw_code(const struct flow *f, struct msg_step *s)
{
	add_field(s, FIELD_CODE, KIND_CODE, 32, "");
	add_channel(f, f->by, s);
	for (int by = 0; by < CHANNEL__COUNT; by++)
		if (flow_may_send(f, (enum channel)by) && by != (int)f->by)
			add_channel(f, (enum channel)by, s);
	s->left = f->left;
	if (f->sent_at <= clock_now())
		s->wait = seconds_left(f->sent_at + settings.send_wait, settings.send_wait);
}

/* Until it is known that one can be sent there is nothing to type: look again, or later. */
static void
draw_second(const struct flow *f, struct msg_step *s)
{
	if (!flow_is_unsent(f))
		draw_code(f, s);
	else
		s->wait = f->reason == REASON_NONE;
}

static void
draw_password(const struct flow *f, struct msg_step *s)
{
	(void)f;
	add_field(s, FIELD_PASSWORD, KIND_PASSWORD, SECRET_LONGEST, "");
	add_field(s, FIELD_PASSWORD_AGAIN, KIND_PASSWORD, SECRET_LONGEST, "");
}

static void
draw_setting(const struct flow *f, struct msg_step *s)
{
	(void)f;
	s->wait = 1;
}

static void (*const draws[STEP__COUNT])(const struct flow *, struct msg_step *) = {
	[STEP_NAME] = draw_name, [STEP_PRICE] = draw_price, [STEP_WISH] = draw_wish,
	[STEP_PROOF] = draw_proof, [STEP_CODE] = draw_code, [STEP_SECOND] = draw_second,
	[STEP_PASSWORD] = draw_password, [STEP_SETTING] = draw_setting,
};

/* Whatever they would type would be refused: do not let them, and say when it will not be. */
static void
draw_too_young(uint32_t seconds, struct msg_step *s)
{
	s->n_fields = 0;
	s->reason = REASON_RULE_AGE;
	s->at_field = false;
	s->wait = seconds;
}

static enum met
met(const struct flow *f, enum rule rule)
{
	if (rule == RULE_AGE)
		return MET_NO;	/* or it would not have been told */
	if ((f->broken & 1U << rule) != 0)
		return MET_NO;
	/* Only the directory can tell, and it looks at the rest first. */
	return f->broken == 0 || rule == RULE_HISTORY ? MET_OPEN : MET_YES;
}

/* The rules that the directory told, and which of them the last try broke. */
static void
draw_rules(const struct flow *f, const struct msg_rules *r, struct msg_step *s)
{
	s->n_rules = r->n_rules;
	for (unsigned int i = 0; i < r->n_rules; i++) {
		s->rules[i].rule = r->rules[i].rule;
		s->rules[i].number = r->rules[i].number;
		s->rules[i].met = met(f, r->rules[i].rule);
		if (r->rules[i].rule == RULE_AGE)
			draw_too_young(r->rules[i].number, s);
	}
	s->n_terms = r->n_terms;
	memcpy(s->terms, r->terms, sizeof s->terms);
}

/* "Page 2 of 5": the pages that ask something of this person. */
static void
draw_place(const struct flow *f, struct msg_step *s)
{
	static const enum step all[] = {
		STEP_NAME, STEP_WISH, STEP_PROOF, STEP_CODE, STEP_SECOND, STEP_PASSWORD, STEP_END
	};
	enum step at = f->step == STEP_SETTING ? STEP_PASSWORD :
	    f->step == STEP_PRICE ? STEP_NAME : f->step;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		if ((all[i] == STEP_WISH && !f->asks_wish) ||
		    (all[i] == STEP_SECOND && f->carried_before == 0) ||
		    (all[i] == STEP_PASSWORD && !wish_rows[f->wish].password))
			continue;
		s->places++;
		if (all[i] == at)
			s->place = s->places;
	}
}

void
draw_flow(const struct flow *f, const char *name, const struct msg_rules *rules, struct msg_step *s)
{
	memset(s, 0, sizeof *s);
	snprintf(s->flow, sizeof s->flow, "%s", name);
	s->reference = f->reference;
	s->seq = f->seq;
	s->journey = f->journey;
	s->wish = f->wish;
	s->step = f->step;
	memcpy(s->lang, f->lang, sizeof s->lang);
	s->reason = f->reason;
	s->at = f->at;
	s->at_field = f->at_field;
	s->life = f->fresh ? seconds_left(f->until, OPENING_LIFE) :
	    flow_asks_code(f) ?
	    seconds_left(f->code_until, settings.code_life) :
	    seconds_left(f->until, settings.step_life);
	s->outcome = f->outcome;
	s->gone = f->gone;
	draw_place(f, s);
	if (draws[f->step] != NULL)
		draws[f->step](f, s);
	if (f->step == STEP_PASSWORD && rules != NULL)
		draw_rules(f, rules, s);
}
