/*
 * choice_portal.c - what people say, and what a hostile portal does.
 */
#include <stdio.h>
#include <string.h>

#include "explore/choice_rows.h"

/* ---- What a person answers ----------------------------------------------------------- */

static void
add(struct msg *m, enum field name, const char *value)
{
	unsigned int i = m->u.answer.n_fields++;

	m->u.answer.fields[i].name = name;
	secret_set(&m->u.answer.fields[i].value, value, strlen(value));
}

/* What is asked on that page, typed well or badly. */
static void
fill(const struct walk *w, enum step step, bool good, struct msg *m)
{
	struct secret code;

	switch (step) {
	case STEP_NAME:
		add(m, FIELD_USERNAME, good ? "a.jansen" : "a\x01");
		break;
	case STEP_PRICE:
		add(m, FIELD_CAPTCHA, good ? w->told.riddle.letters : "0");
		break;
	case STEP_WISH:
		add(m, FIELD_WISH, good ? "reset" : "none");
		break;
	case STEP_PROOF:
		add(m, FIELD_MOBILE, "06-12345678");
		add(m, FIELD_BIRTHDATE, good ? "1-10-1984" : "31-2-1984");
		break;
	case STEP_CODE:
	case STEP_SECOND:
		world_code(w, step == STEP_SECOND, &code);
		/* Who walks abreast never types the right one: from there on they differ. */
		if (!good || world.abreast)
			code.text[0] = code.text[0] == '9' ? '0' : (char)(code.text[0] + 1);
		add(m, FIELD_CODE, code.text);
		break;
	default:
		add(m, FIELD_PASSWORD, "Nieuw.Wachtwoord1");
		add(m, FIELD_PASSWORD_AGAIN, good ? "Nieuw.Wachtwoord1" : "Nieuw.Wachtwoord2");
	}
}

static struct msg
answer_to(const struct walk *w)
{
	struct msg m = { .type = MSG_ANSWER };

	memcpy(m.u.answer.flow, w->names[w->n_names - 1], sizeof m.u.answer.flow);
	m.u.answer.seq = w->told.seq;
	m.u.answer.step = w->told.step;
	strcpy(m.u.answer.addr, "192.0.2.7");
	return m;
}

/* Which name of the walk's it is; -1: none. */
static int
name_of(const struct walk *w, const char *flow)
{
	for (int i = (int)w->n_names - 1; i >= 0; i--)
		if (strcmp(w->names[i], flow) == 0)
			return i;
	return -1;
}

/* A code was typed: is it that of the name that it was typed at? */
static void
note_code(struct walk *w, struct ask *a, const struct secret *typed)
{
	uint64_t seq = 1ULL << a->seq % 64;
	struct secret code;

	a->code = true;
	if (a->at < 0 || a->at >= world_codes())
		return;
	world_code(w, a->at, &code);
	a->right = secret_equal(&code, typed);
	a->twice = a->right && (w->now.rights[a->at] & seq) != 0;
	a->at_old = w->codes[a->at].at_old;
	if (a->right && w->now.matched)
		w->now.rights[a->at] |= seq;
}

/* It is on this walk, whatever it says; what was right in it counts once it is committed. */
static void
say(struct walk *w, struct msg *m)
{
	const struct msg_answer *a = &m->u.answer;
	const struct secret *typed = msg_value(a, FIELD_CODE);
	struct ask ask = { .at = name_of(w, a->flow), .seq = a->seq };

	ask.old = ask.at >= 0 && ask.at < (int)w->n_names - 1;
	if (m->type == MSG_ANSWER && (a->step == STEP_CODE || a->step == STEP_SECOND) && typed->len > 0)
		note_code(w, &ask, typed);
	if (m->type == MSG_ANSWER)
		terms_said(w, &ask, a);
	world_ask(w, m, ask);
}

static bool
has_fields(const struct walk *w)
{
	return w->heard && w->told.n_fields > 0;
}

static void
answer(struct walk *w, bool good)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, good, &m);
	w->said = m;
	say(w, &m);
}

static void
go_right(struct walk *w)
{
	answer(w, true);
}

static void
go_wrong(struct walk *w)
{
	answer(w, false);
}

static void
go_empty(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, true, &m);
	m.u.answer.fields[0].value.len = 0;
	w->said = m;
	say(w, &m);
}

static bool
can_double(const struct walk *w)
{
	return w->said.type != MSG_NONE;
}

static void
go_double(struct walk *w)
{
	struct msg m = w->said;

	say(w, &m);
}

/* ---- What a hostile portal says ---------------------------------------------------------- */

/* Another page's answer, in the right place of the conversation. */
static void
go_leap(struct walk *w)
{
	struct msg m = answer_to(w);

	m.u.answer.step = w->told.step == STEP_PASSWORD ? STEP_CODE :
	    w->told.step == STEP_PRICE ? STEP_PROOF : STEP_PASSWORD;
	fill(w, m.u.answer.step, true, &m);
	say(w, &m);
}

/* The fields of another page, and those of this one twice. */
static void
go_mixed(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step == STEP_PASSWORD ? STEP_CODE : STEP_PASSWORD, true, &m);
	say(w, &m);
}

static void
go_twice(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, true, &m);
	if (m.u.answer.n_fields < FIELDS_MOST) {
		m.u.answer.fields[m.u.answer.n_fields] = m.u.answer.fields[0];
		m.u.answer.n_fields++;
	}
	say(w, &m);
}

static void
out_of_turn(struct walk *w, uint32_t seq)
{
	struct msg m = answer_to(w);

	m.u.answer.seq = seq;
	fill(w, w->told.step, true, &m);
	say(w, &m);
}

static bool
can_stale(const struct walk *w)
{
	return w->heard && w->told.seq > 1;
}

static void
go_stale(struct walk *w)
{
	out_of_turn(w, w->told.seq - 1);
}

static void
go_ahead(struct walk *w)
{
	out_of_turn(w, w->told.seq + 1);
}

static void
go_nought(struct walk *w)
{
	out_of_turn(w, 0);
}

static bool
has_old_riddle(const struct walk *w)
{
	return has_fields(w) && w->told.step == STEP_PRICE && w->riddle_before[0] != '\0';
}

static void
go_old_riddle(struct walk *w)
{
	struct msg m = answer_to(w);

	add(&m, FIELD_CAPTCHA, w->riddle_before);
	say(w, &m);
}

/* A name that nobody was given, and that of somebody else. */
static void
go_foreign(struct walk *w)
{
	struct msg m = answer_to(w);
	char *last = m.u.answer.flow + strlen(m.u.answer.flow) - 1;

	*last = *last == 'A' ? 'B' : 'A';
	fill(w, w->told.step, true, &m);
	say(w, &m);
}

static bool
has_old_name(const struct walk *w)
{
	return w->n_names > 1;
}

/* The last but one. */
static void
at_old_name(struct walk *w, bool good)
{
	struct msg m = answer_to(w);
	unsigned int old = w->n_names - 2;

	memcpy(m.u.answer.flow, w->names[old], sizeof m.u.answer.flow);
	m.u.answer.step = old == 0 ? STEP_CODE : STEP_SECOND;
	m.u.answer.seq = w->codes[old].seq;
	fill(w, m.u.answer.step, good, &m);
	say(w, &m);
}

static void
go_old_right(struct walk *w)
{
	at_old_name(w, true);
}

static void
go_old_wrong(struct walk *w)
{
	at_old_name(w, false);
}

/* ---- The other questions ------------------------------------------------------------------ */

static void
ask_flow(struct walk *w, enum msg_type type, const char *name)
{
	struct ask a = { .at = name_of(w, name) };
	struct msg m = { .type = type };

	a.old = a.at < (int)w->n_names - 1;
	memcpy(m.u.flow.flow, name, sizeof m.u.flow.flow);
	world_ask(w, &m, a);
}

static bool
not_open(const struct walk *w)
{
	return !w->heard && w->opened == 0;
}

static void
open_for(struct walk *w, enum wish wish)
{
	struct msg m = { .type = MSG_OPEN };

	m.u.open.wish = wish;
	strcpy(m.u.open.lang, "nl");
	w->opened = peers_now();
	world_ask(w, &m, (struct ask){ .at = -1 });
}

static void
go_open(struct walk *w)
{
	open_for(w, WISH_RESET);
}

static void
go_open_unlock(struct walk *w)
{
	open_for(w, WISH_UNLOCK);
}

static void
go_open_any(struct walk *w)
{
	open_for(w, WISH_NONE);
}

static void
go_open_new(struct walk *w)
{
	open_for(w, WISH_ACTIVATE);
}

static void
go_show(struct walk *w)
{
	ask_flow(w, MSG_SHOW, w->names[w->n_names - 1]);
}

static void
go_again(struct walk *w)
{
	ask_flow(w, MSG_AGAIN, w->names[w->n_names - 1]);
}

static bool
can_choose(const struct walk *w)
{
	return w->heard && world.terms.second;
}

static void
go_again_mail(struct walk *w)
{
	struct msg m = { .type = MSG_AGAIN };

	memcpy(m.u.flow.flow, w->names[w->n_names - 1], sizeof m.u.flow.flow);
	m.u.flow.chosen = true;
	m.u.flow.choice = CHANNEL_MAIL;
	world_ask(w, &m, (struct ask){ .at = (int)w->n_names - 1 });
}

static void
go_leave(struct walk *w)
{
	ask_flow(w, MSG_LEAVE, w->names[w->n_names - 1]);
}

static void
go_old_show(struct walk *w)
{
	ask_flow(w, MSG_SHOW, w->names[w->n_names - 2]);
}

static void
go_old_leave(struct walk *w)
{
	ask_flow(w, MSG_LEAVE, w->names[w->n_names - 2]);
}

/* ---- The rows ------------------------------------------------------------------------ */

#define PERSON(name, can, go)	{ name, can, go, .holds = true }
#define HOSTILE(name, can, go)	{ name, can, go }

static const struct choice rows[] = {
	HOSTILE("open", not_open, go_open),
	HOSTILE("open-unlock", not_open, go_open_unlock),
	HOSTILE("open-any", not_open, go_open_any),
	HOSTILE("open-new", not_open, go_open_new),
	/* Those that change nothing come first: they need no way back. */
	HOSTILE("foreign", has_fields, go_foreign),
	HOSTILE("leap", has_fields, go_leap),
	HOSTILE("mixed", has_fields, go_mixed),
	HOSTILE("twice", has_fields, go_twice),
	HOSTILE("nought", has_fields, go_nought),
	HOSTILE("old-show", has_old_name, go_old_show),
	HOSTILE("old-leave", has_old_name, go_old_leave),
	HOSTILE("stale", can_stale, go_stale),
	HOSTILE("old-riddle", has_old_riddle, go_old_riddle),
	PERSON("double", can_double, go_double),
	HOSTILE("show", NULL, go_show),
	PERSON("again", NULL, go_again),
	PERSON("again-mail", can_choose, go_again_mail),
	HOSTILE("ahead", has_fields, go_ahead),
	HOSTILE("old-right", has_old_name, go_old_right),
	HOSTILE("old-wrong", has_old_name, go_old_wrong),
	PERSON("right", has_fields, go_right),
	PERSON("wrong", has_fields, go_wrong),
	HOSTILE("empty", has_fields, go_empty),
	PERSON("leave", NULL, go_leave),
};

const struct choices choices_of_portal = { rows, sizeof rows / sizeof rows[0] };
