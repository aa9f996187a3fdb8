/*
 * step_recover.c - the journey of one who forgot the password or is locked out:
 * name, price, wish, proof, code, second, password, end.
 *
 * Up to the right code nothing here depends on who the person is, or whether they
 * are anybody.
 */
#include <stdio.h>
#include <string.h>

#include "base/birthdate.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/phone.h"
#include "base/text.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/code.h"
#include "keeper/courier.h"
#include "keeper/errand.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/price.h"
#include "keeper/registrar.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"
#include "keeper/step.h"
#include "keeper/wish.h"
#include "wire/house.h"

/* Before anything is asked. */
static int
later(struct turn *t, const char *why)
{
	step_later(t->flow, why);
	return (int)t->flow->step;
}

/* ---- Who are you? ------------------------------------------------------------- */

static int
take_name(struct turn *t)
{
	const struct secret *typed = msg_value(t->answer, FIELD_USERNAME);
	size_t first = strspn(typed->text, " \t"), len = typed->len;
	const char *why;
	struct secret name;

	while (len > first && (typed->text[len - 1] == ' ' || typed->text[len - 1] == '\t'))
		len--;
	secret_set(&name, typed->text + first, len - first);
	if (name.len == 0)
		return turn_wrong(t, REASON_EMPTY, FIELD_USERNAME);
	if (!text_plain(name.text))
		return turn_wrong(t, REASON_BAD_VALUE, FIELD_USERNAME);
	if ((why = step_out_of_order(t->keeper)) != NULL)
		return later(t, why);
	t->flow->suspicious = budget_begin(t->keeper, &name, t->answer->addr);
	t->flow->behind = BEHIND_FIND;
	errand_find(t->keeper, t->flow, &name, t->answer->addr);
	secret_wipe(&name);
	return (int)(price_ask(t->flow) ? STEP_PRICE : price_next(t->flow));
}

static int
take_price(struct turn *t)
{
	const struct secret *typed = msg_value(t->answer, FIELD_CAPTCHA);
	bool riddle = t->flow->by_riddle;

	if (riddle ? riddle_solved(t->flow, typed) : price_solved(t->flow, typed))
		return (int)price_pay(t->flow, riddle ? PAY_RIDDLE : PAY_WORK);
	/* Who guesses, guesses at another one each time. */
	if (riddle)
		riddle_other(t->flow);
	return turn_wrong(t, REASON_BAD_VALUE, FIELD_CAPTCHA);
}

static int
take_wish(struct turn *t)
{
	int wish = word_find(word_wish, WISH__COUNT, msg_value(t->answer, FIELD_WISH)->text);

	if (wish <= WISH_NONE || settings_wish((enum wish)wish) != (enum wish)wish)
		return turn_wrong(t, REASON_BAD_VALUE, FIELD_WISH);
	t->flow->wish = (enum wish)wish;
	return STEP_PROOF;
}

/* ---- What only you and the directory know ----------------------------------------- */

/* Can it be read at all?  That is said to anybody; whether it is right, to nobody. */
static bool
readable(const struct proof *p, const struct secret *typed, char *number, size_t size)
{
	struct birthdate date;
	bool good = text_plain(typed->text);

	if (house_kind(p) == KIND_DATE) {
		good = good && birthdate_read(typed->text, &date) == 0;
		explicit_bzero(&date, sizeof date);
	} else if (house_kind(p) == KIND_PHONE)
		good = good && phone_read(typed->text, house.country, number, size) == 0;
	return good;
}

static int
take_proof(struct turn *t)
{
	struct flow *f = t->flow;
	char number[PHONE_LONGEST + 1] = "";
	const char *why;

	for (size_t i = 0; i < house.n_proofs; i++) {
		enum field at = house_field(&house.proofs[i]);

		if (!readable(&house.proofs[i], msg_value(t->answer, at), number, sizeof number)) {
			explicit_bzero(number, sizeof number);
			return turn_wrong(t, REASON_BAD_VALUE, at);
		}
	}
	if (strlen(number) >= 2)
		snprintf(f->hint, sizeof f->hint, "%s", number + strlen(number) - 2);
	explicit_bzero(number, sizeof number);
	if ((why = step_out_of_order(t->keeper)) != NULL)
		return later(t, why);
	f->by = CHANNEL_SMS;
	f->carried = 1U << f->by;
	f->sends = 1;
	flow_promise_code(f);
	f->left = (unsigned int)settings.code_tries;
	f->behind = f->behind == BEHIND_FIND ? BEHIND_FIND : BEHIND_MATCH;
	errand_match(t->keeper, f, t->answer);
	return STEP_CODE;
}

/* ---- What arrived on your phone, and by another way ----------------------------------- */

static bool
is_right(const struct flow *f, const struct secret *typed)
{
	struct secret code;
	bool same;

	code_make(f->code_key, &f->handle, &code);
	same = secret_equal(typed, &code);
	secret_wipe(&code);
	return same && f->matched;
}

/*
 * Somebody's policy asks for more.  The flow has another name now, so its code is another;
 * by which way it can go the directory has to say first.
 */
static int
ask_second(struct turn *t)
{
	struct flow *f = t->flow;

	flow_move(t->keeper, f, t->name);
	f->carried_before = f->carried;
	f->carried = 0;
	f->sends = 0;
	f->left = (unsigned int)settings.code_tries;
	flow_go(t->keeper, f, STEP_SECOND, REASON_NONE);
	errand_second(t->keeper, f, t->name, t->ask, t->answer->addr);
	return STEP_BY_ERRAND;
}

/* All is proved: a new name for the flow, and the directory in front. */
static int
let_in(struct turn *t)
{
	struct flow *f = t->flow;

	budget_proved(t->keeper, f, t->answer->addr);
	flow_move(t->keeper, f, t->name);
	f->left = 0;
	if (!budget_allows(t->keeper, f)) {
		audit_add(t->keeper, f, wish_rows[f->wish].audit, word_reason[REASON_TOO_OFTEN],
		    t->answer->addr);
		flow_end(t->keeper, f, OUTCOME_STOPPED, REASON_TOO_OFTEN);
		return STEP_END;
	}
	if (wish_rows[f->wish].password) {
		flow_go(t->keeper, f, STEP_PASSWORD, REASON_NONE);
		errand_rules(t->keeper, f, t->name, t->ask);
	} else {
		f->set_at = clock_now();
		budget_order(t->keeper, f, f->set_at);
		flow_go(t->keeper, f, STEP_SETTING, REASON_NONE);
		errand_unlock(t->keeper, f, t->name, t->ask, t->answer->addr);
	}
	return STEP_BY_ERRAND;
}

static int
take_code(struct turn *t)
{
	struct flow *f = t->flow;
	const char *which = f->step == STEP_SECOND ? "second" : "";
	struct secret typed;
	char left[24];
	bool right;

	if (halt_holds(t->keeper, HALT_RECOVER))
		return later(t, "recovery is halted");
	if (flow_asks_code(f) && flow_code_is_late(f)) {
		audit_add_detail(t->keeper, f, "code", "expired", which, t->answer->addr);
		flow_end(t->keeper, f, OUTCOME_STOPPED, REASON_EXPIRED);
		return STEP_END;
	}
	if (code_typed(msg_value(t->answer, FIELD_CODE), &typed) == -1)
		return turn_wrong(t, REASON_BAD_VALUE, FIELD_CODE);
	f->left--;
	right = is_right(f, &typed);
	secret_wipe(&typed);
	if (right) {
		audit_add_detail(t->keeper, f, "code", "right", which, t->answer->addr);
		return f->step == STEP_CODE && f->second != 0 ? ask_second(t) : let_in(t);
	}
	if (f->matched)
		budget_wrong_code(t->keeper, f);
	snprintf(left, sizeof left, "%s%s%u left", which, which[0] != '\0' ? ", " : "", f->left);
	audit_add_detail(t->keeper, f, "code", f->left == 0 ? "too_many" : "wrong", left,
	    t->answer->addr);
	if (f->left == 0) {
		flow_end(t->keeper, f, OUTCOME_STOPPED, REASON_TOO_MANY);
		return STEP_END;
	}
	return turn_wrong(t, REASON_WRONG_CODE, FIELD_CODE);
}

/* ---- The new one, twice ------------------------------------------------------------------ */

static int
take_password(struct turn *t)
{
	/* What was wrong with the last one is no news of this one. */
	t->flow->broken = 0;
	if (halt_holds(t->keeper, HALT_ALL))
		return later(t, "all is halted");
	if (!secret_equal(msg_value(t->answer, FIELD_PASSWORD),
	    msg_value(t->answer, FIELD_PASSWORD_AGAIN)))
		return turn_wrong(t, REASON_NOT_SAME, FIELD_PASSWORD_AGAIN);
	errand_reset(t->keeper, t->flow, t->name, t->ask, t->answer);
	return STEP_BY_ERRAND;
}

int (*const step_recover[STEP__COUNT])(struct turn *) = {
	[STEP_NAME] = take_name,
	[STEP_PRICE] = take_price,
	[STEP_WISH] = take_wish,
	[STEP_PROOF] = take_proof,
	[STEP_CODE] = take_code,
	[STEP_SECOND] = take_code,
	[STEP_PASSWORD] = take_password,
};
