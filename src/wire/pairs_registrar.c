/* pairs_registrar.c - what keeper and registrar say to each other. */
#include "wire/pairs.h"

/* ---- Keeper and registrar -------------------------------------------------- */

void
pack_find(struct buf *b, const struct msg *m)
{
	buf_put_secret(b, &m->u.find.name);
}

void
unpack_find(struct buf *b, struct msg *m)
{
	buf_get_secret(b, &m->u.find.name);
	if (m->u.find.name.len > NAME_LONGEST)
		b->bad = true;
}

void
pack_found(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.found.verdict);
	buf_put_bytes(b, m->u.found.account, sizeof m->u.found.account);
	put_ticket(b, &m->u.found.ticket);
	buf_put_text(b, m->u.found.policy);
	buf_put_u8(b, m->u.found.second);
}

void
unpack_found(struct buf *b, struct msg *m)
{
	m->u.found.verdict = get_verdict(b);
	get_fixed(b, m->u.found.account, sizeof m->u.found.account);
	get_ticket(b, &m->u.found.ticket);
	buf_get_plain(b, m->u.found.policy, sizeof m->u.found.policy);
	m->u.found.second = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
}

void
pack_match(struct buf *b, const struct msg *m)
{
	const struct msg_match *a = &m->u.match;

	put_ticket(b, &a->ticket);
	buf_put_u8(b, a->wish);
	buf_put_u8(b, a->n_values);
	for (unsigned int i = 0; i < a->n_values && i < VALUES_MOST; i++) {
		buf_put_u8(b, a->values[i].field);
		buf_put_secret(b, &a->values[i].value);
	}
}

void
unpack_match(struct buf *b, struct msg *m)
{
	struct msg_match *a = &m->u.match;

	get_ticket(b, &a->ticket);
	a->wish = (enum wish)buf_get_u8(b, WISH__COUNT - 1);
	a->n_values = buf_get_u8(b, VALUES_MOST);
	for (unsigned int i = 0; i < a->n_values; i++) {
		a->values[i].field = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		buf_get_secret(b, &a->values[i].value);
	}
}

void
pack_matched(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.matched.verdict);
	put_ticket(b, &m->u.matched.ticket);
	buf_put_bytes(b, m->u.matched.number, sizeof m->u.matched.number);
	buf_put_u8(b, m->u.matched.believed);
}

void
unpack_matched(struct buf *b, struct msg *m)
{
	m->u.matched.verdict = get_verdict(b);
	get_ticket(b, &m->u.matched.ticket);
	get_fixed(b, m->u.matched.number, sizeof m->u.matched.number);
	m->u.matched.believed = buf_get_bool(b);
}

void
pack_ticket(struct buf *b, const struct msg *m)
{
	put_ticket(b, &m->u.ticket.ticket);
}

void
unpack_ticket(struct buf *b, struct msg *m)
{
	get_ticket(b, &m->u.ticket.ticket);
}

void
pack_ways(struct buf *b, const struct msg *m)
{
	const struct msg_ways *w = &m->u.ways;

	put_verdict(b, w->verdict);
	buf_put_u8(b, w->n_ways);
	for (unsigned int i = 0; i < w->n_ways && i < WAYS_MOST; i++) {
		buf_put_u8(b, w->ways[i].channel);
		buf_put_text(b, w->ways[i].address);
		buf_put_u8(b, w->ways[i].matched);
	}
}

void
unpack_ways(struct buf *b, struct msg *m)
{
	struct msg_ways *w = &m->u.ways;

	w->verdict = get_verdict(b);
	w->n_ways = buf_get_u8(b, WAYS_MOST);
	for (unsigned int i = 0; i < w->n_ways; i++) {
		w->ways[i].channel = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
		buf_get_plain(b, w->ways[i].address, sizeof w->ways[i].address);
		w->ways[i].matched = buf_get_bool(b);
	}
}

void
pack_rules(struct buf *b, const struct msg *m)
{
	const struct msg_rules *r = &m->u.rules;

	put_verdict(b, r->verdict);
	buf_put_u8(b, r->n_rules);
	for (unsigned int i = 0; i < r->n_rules && i < RULE__COUNT; i++) {
		buf_put_u8(b, r->rules[i].rule);
		buf_put_u32(b, r->rules[i].number);
	}
	put_terms(b, r->n_terms, r->terms);
}

void
unpack_rules(struct buf *b, struct msg *m)
{
	struct msg_rules *r = &m->u.rules;

	r->verdict = get_verdict(b);
	r->n_rules = buf_get_u8(b, RULE__COUNT);
	for (unsigned int i = 0; i < r->n_rules; i++) {
		r->rules[i].rule = (enum rule)buf_get_u8(b, RULE__COUNT - 1);
		r->rules[i].number = buf_get_u32(b);
	}
	r->n_terms = get_terms(b, r->terms);
}

void
pack_password(struct buf *b, const struct msg *m)
{
	put_ticket(b, &m->u.password.ticket);
	buf_put_secret(b, &m->u.password.password);
	buf_put_u8(b, m->u.password.must_change);
	buf_put_i64(b, m->u.password.by);
	buf_put_text(b, m->u.password.mark);
}

void
unpack_password(struct buf *b, struct msg *m)
{
	get_ticket(b, &m->u.password.ticket);
	buf_get_secret(b, &m->u.password.password);
	m->u.password.must_change = buf_get_bool(b);
	m->u.password.by = buf_get_i64(b);
	buf_get_text(b, m->u.password.mark, sizeof m->u.password.mark);
}

void
pack_judged(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.judged.verdict);
	buf_put_u32(b, m->u.judged.broken);
	buf_put_text(b, m->u.judged.mark);
}

void
unpack_judged(struct buf *b, struct msg *m)
{
	m->u.judged.verdict = get_verdict(b);
	m->u.judged.broken = buf_get_u32(b);
	if (m->u.judged.broken >> RULE__COUNT != 0)
		b->bad = true;
	buf_get_text(b, m->u.judged.mark, sizeof m->u.judged.mark);
}

void
pack_done(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.done.verdict);
	buf_put_u8(b, m->u.done.rule);
	buf_put_u8(b, m->u.done.gone);
}

void
unpack_done(struct buf *b, struct msg *m)
{
	m->u.done.verdict = get_verdict(b);
	m->u.done.rule = (enum rule)buf_get_u8(b, RULE__COUNT - 1);
	m->u.done.gone = buf_get_bool(b);
}

void
pack_state_of(struct buf *b, const struct msg *m)
{
	put_ticket(b, &m->u.state_of.ticket);
	buf_put_text(b, m->u.state_of.mark);
}

void
unpack_state_of(struct buf *b, struct msg *m)
{
	get_ticket(b, &m->u.state_of.ticket);
	buf_get_text(b, m->u.state_of.mark, sizeof m->u.state_of.mark);
}

void
pack_state(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.state.verdict);
	buf_put_u8(b, m->u.state.set);
}

void
unpack_state(struct buf *b, struct msg *m)
{
	m->u.state.verdict = get_verdict(b);
	m->u.state.set = buf_get_bool(b);
}

void
pack_verdict(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.verdict);
}

void
unpack_verdict(struct buf *b, struct msg *m)
{
	m->u.verdict = get_verdict(b);
}

/* Likewise to the command, by keeper. */

void
pack_explained(struct buf *b, const struct msg *m)
{
	const struct msg_explained *e = &m->u.explained;

	put_verdict(b, e->verdict);
	buf_put_u8(b, e->n_rows);
	for (unsigned int i = 0; i < e->n_rows && i < POLICIES_MOST; i++) {
		buf_put_text(b, e->rows[i].name);
		buf_put_u8(b, e->rows[i].group);
		buf_put_u8(b, e->rows[i].below);
	}
	buf_put_u8(b, e->fits);
	buf_put_u8(b, e->second);
	buf_put_u8(b, e->ways);
}

void
unpack_explained(struct buf *b, struct msg *m)
{
	struct msg_explained *e = &m->u.explained;

	e->verdict = get_verdict(b);
	e->n_rows = buf_get_u8(b, POLICIES_MOST);
	for (unsigned int i = 0; i < e->n_rows; i++) {
		buf_get_plain(b, e->rows[i].name, sizeof e->rows[i].name);
		e->rows[i].group = (enum fit)buf_get_u8(b, FIT__COUNT - 1);
		e->rows[i].below = (enum fit)buf_get_u8(b, FIT__COUNT - 1);
	}
	e->fits = buf_get_bool(b);
	e->second = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
	e->ways = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
}
