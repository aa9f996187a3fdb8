/* pairs_portal.c - what portal and keeper say to each other, and HELLO. */
#include "wire/pairs.h"

#include <string.h>

/* ---- Both ways ----------------------------------------------------------- */

void
pack_hello(struct buf *b, const struct msg *m)
{
	buf_put_u16(b, m->u.hello.version);
	buf_put_u8(b, m->u.hello.role);
}

void
unpack_hello(struct buf *b, struct msg *m)
{
	m->u.hello.version = (uint16_t)buf_get_u16(b, UINT16_MAX);
	m->u.hello.role = (enum role)buf_get_u8(b, UINT8_MAX);
}

void
pack_nothing(struct buf *b, const struct msg *m)
{
	(void)b;
	(void)m;
}

void
unpack_nothing(struct buf *b, struct msg *m)
{
	(void)b;
	(void)m;
}

/* ---- Portal and keeper ---------------------------------------------------- */

void
pack_open(struct buf *b, const struct msg *m)
{
	buf_put_u8(b, m->u.open.journey);
	buf_put_u8(b, m->u.open.wish);
	buf_put_text(b, m->u.open.lang);
}

void
unpack_open(struct buf *b, struct msg *m)
{
	m->u.open.journey = (enum journey)buf_get_u8(b, JOURNEY__COUNT - 1);
	m->u.open.wish = (enum wish)buf_get_u8(b, WISH__COUNT - 1);
	buf_get_plain(b, m->u.open.lang, sizeof m->u.open.lang);
}

void
pack_answer(struct buf *b, const struct msg *m)
{
	const struct msg_answer *a = &m->u.answer;

	buf_put_text(b, a->flow);
	buf_put_u32(b, a->seq);
	buf_put_u8(b, a->step);
	buf_put_text(b, a->addr);
	buf_put_u8(b, a->n_fields);
	for (unsigned int i = 0; i < a->n_fields && i < FIELDS_MOST; i++) {
		buf_put_u8(b, a->fields[i].name);
		buf_put_secret(b, &a->fields[i].value);
	}
}

void
unpack_answer(struct buf *b, struct msg *m)
{
	struct msg_answer *a = &m->u.answer;

	buf_get_plain(b, a->flow, sizeof a->flow);
	a->seq = buf_get_u32(b);
	a->step = (enum step)buf_get_u8(b, STEP__COUNT - 1);
	buf_get_plain(b, a->addr, sizeof a->addr);
	a->n_fields = buf_get_u8(b, FIELDS_MOST);
	for (unsigned int i = 0; i < a->n_fields; i++) {
		a->fields[i].name = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		buf_get_secret(b, &a->fields[i].value);
	}
}

void
pack_flow(struct buf *b, const struct msg *m)
{
	buf_put_text(b, m->u.flow.flow);
	buf_put_text(b, m->u.flow.addr);
	buf_put_u8(b, m->u.flow.chosen);
	buf_put_u8(b, m->u.flow.choice);
}

void
unpack_flow(struct buf *b, struct msg *m)
{
	buf_get_plain(b, m->u.flow.flow, sizeof m->u.flow.flow);
	buf_get_plain(b, m->u.flow.addr, sizeof m->u.flow.addr);
	m->u.flow.chosen = buf_get_bool(b);
	m->u.flow.choice = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
}

static void
pack_step_parts(struct buf *b, const struct msg_step *s)
{
	buf_put_u8(b, s->n_fields);
	for (unsigned int i = 0; i < s->n_fields && i < FIELDS_MOST; i++) {
		buf_put_u8(b, s->fields[i].name);
		buf_put_u8(b, s->fields[i].kind);
		buf_put_u16(b, s->fields[i].longest);
		buf_put_text(b, s->fields[i].label);
	}
	buf_put_u8(b, s->n_choices);
	for (unsigned int i = 0; i < s->n_choices && i < CHOICES_MOST; i++) {
		buf_put_u8(b, s->choices[i].field);
		buf_put_u8(b, s->choices[i].id);
		buf_put_u8(b, s->choices[i].channel);
		buf_put_text(b, s->choices[i].hint);
	}
	buf_put_u8(b, s->n_rules);
	for (unsigned int i = 0; i < s->n_rules && i < RULE__COUNT; i++) {
		buf_put_u8(b, s->rules[i].rule);
		buf_put_u32(b, s->rules[i].number);
		buf_put_u8(b, s->rules[i].met);
	}
	put_terms(b, s->n_terms, s->terms);
	buf_put_text(b, s->work.challenge);
	buf_put_u8(b, s->work.puzzles);
	buf_put_u8(b, s->work.bits);
	buf_put_text(b, s->riddle.letters);
	buf_put_text(b, s->riddle.digits);
}

/* Portal draws it: no letter but those that there are drawings of. */
static void
get_riddle(struct buf *b, struct riddle *r)
{
	buf_get_plain(b, r->letters, sizeof r->letters);
	buf_get_plain(b, r->digits, sizeof r->digits);
	if (strspn(r->letters, RIDDLE_LETTERS) != strlen(r->letters) ||
	    strspn(r->digits, RIDDLE_DIGITS) != strlen(r->digits))
		b->bad = true;
}

static void
unpack_step_parts(struct buf *b, struct msg_step *s)
{
	s->n_fields = buf_get_u8(b, FIELDS_MOST);
	for (unsigned int i = 0; i < s->n_fields; i++) {
		s->fields[i].name = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		s->fields[i].kind = (enum kind)buf_get_u8(b, KIND__COUNT - 1);
		s->fields[i].longest = buf_get_u16(b, SECRET_LONGEST);
		buf_get_text(b, s->fields[i].label, sizeof s->fields[i].label);
	}
	s->n_choices = buf_get_u8(b, CHOICES_MOST);
	for (unsigned int i = 0; i < s->n_choices; i++) {
		s->choices[i].field = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		s->choices[i].id = buf_get_u8(b, UINT8_MAX);
		if (s->choices[i].field == FIELD_WISH && s->choices[i].id >= WISH__COUNT)
			b->bad = true;
		s->choices[i].channel = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
		buf_get_text(b, s->choices[i].hint, sizeof s->choices[i].hint);
	}
	s->n_rules = buf_get_u8(b, RULE__COUNT);
	for (unsigned int i = 0; i < s->n_rules; i++) {
		s->rules[i].rule = (enum rule)buf_get_u8(b, RULE__COUNT - 1);
		s->rules[i].number = buf_get_u32(b);
		s->rules[i].met = (enum met)buf_get_u8(b, MET__COUNT - 1);
	}
	s->n_terms = get_terms(b, s->terms);
	buf_get_plain(b, s->work.challenge, sizeof s->work.challenge);
	s->work.puzzles = buf_get_u8(b, PUZZLES_MOST);
	s->work.bits = buf_get_u8(b, BITS_MOST);
	get_riddle(b, &s->riddle);
}

void
pack_step(struct buf *b, const struct msg *m)
{
	const struct msg_step *s = &m->u.step;

	buf_put_text(b, s->flow);
	put_reference(b, &s->reference);
	buf_put_u32(b, s->seq);
	buf_put_u8(b, s->journey);
	buf_put_u8(b, s->wish);
	buf_put_u8(b, s->step);
	buf_put_text(b, s->lang);
	buf_put_u8(b, s->refused);
	buf_put_u8(b, s->reason);
	buf_put_u8(b, s->at);
	buf_put_u8(b, s->at_field);
	buf_put_u8(b, s->place);
	buf_put_u8(b, s->places);
	buf_put_u8(b, s->left);
	buf_put_u32(b, s->wait);
	buf_put_u32(b, s->life);
	buf_put_u8(b, s->gone);
	buf_put_u8(b, s->outcome);
	pack_step_parts(b, s);
}

void
unpack_step(struct buf *b, struct msg *m)
{
	struct msg_step *s = &m->u.step;

	buf_get_text(b, s->flow, sizeof s->flow);
	get_reference(b, &s->reference);
	s->seq = buf_get_u32(b);
	s->journey = (enum journey)buf_get_u8(b, JOURNEY__COUNT - 1);
	s->wish = (enum wish)buf_get_u8(b, WISH__COUNT - 1);
	s->step = (enum step)buf_get_u8(b, STEP__COUNT - 1);
	buf_get_text(b, s->lang, sizeof s->lang);
	s->refused = buf_get_bool(b);
	s->reason = (enum reason)buf_get_u8(b, REASON__COUNT - 1);
	s->at = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
	s->at_field = buf_get_bool(b);
	s->place = buf_get_u8(b, UINT8_MAX);
	s->places = buf_get_u8(b, UINT8_MAX);
	s->left = buf_get_u8(b, UINT8_MAX);
	s->wait = buf_get_u32(b);
	s->life = buf_get_u32(b);
	s->gone = buf_get_bool(b);
	s->outcome = (enum outcome)buf_get_u8(b, OUTCOME__COUNT - 1);
	unpack_step_parts(b, s);
}
