/* pairs_other.c - what keeper says with courier, and with the admin. */
#include "wire/pairs.h"

/* ---- Keeper and courier ----------------------------------------------------- */

void
pack_send(struct buf *b, const struct msg *m)
{
	const struct msg_send *s = &m->u.send;

	buf_put_u8(b, s->channel);
	buf_put_text(b, s->address);
	buf_put_u8(b, s->template);
	buf_put_text(b, s->lang);
	buf_put_secret(b, &s->code);
	buf_put_u32(b, s->minutes);
	buf_put_i64(b, s->at);
}

void
unpack_send(struct buf *b, struct msg *m)
{
	struct msg_send *s = &m->u.send;

	s->channel = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
	buf_get_plain(b, s->address, sizeof s->address);
	s->template = (enum text_template)buf_get_u8(b, TEXT__COUNT - 1);
	buf_get_text(b, s->lang, sizeof s->lang);
	buf_get_secret(b, &s->code);
	s->minutes = buf_get_u32(b);
	s->at = buf_get_i64(b);
}

void
pack_sent(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.sent.verdict);
	buf_put_text(b, m->u.sent.gateway);
}

void
unpack_sent(struct buf *b, struct msg *m)
{
	m->u.sent.verdict = get_verdict(b);
	buf_get_plain(b, m->u.sent.gateway, sizeof m->u.sent.gateway);
}

/* ---- Control ------------------------------------------------------------------ */

void
pack_status(struct buf *b, const struct msg *m)
{
	const struct msg_status *s = &m->u.status;

	buf_put_u8(b, s->registrar);
	buf_put_u8(b, s->courier);
	buf_put_u32(b, s->flows);
	buf_put_u32(b, s->errands);
	buf_put_u32(b, s->workers);
	buf_put_u32(b, s->busy);
	buf_put_u32(b, s->queued);
	buf_put_i64(b, s->since);
	buf_put_u8(b, s->halts);
	buf_put_text(b, s->store);
}

void
unpack_status(struct buf *b, struct msg *m)
{
	struct msg_status *s = &m->u.status;

	s->registrar = buf_get_bool(b);
	s->courier = buf_get_bool(b);
	s->flows = buf_get_u32(b);
	s->errands = buf_get_u32(b);
	s->workers = buf_get_u32(b);
	s->busy = buf_get_u32(b);
	s->queued = buf_get_u32(b);
	s->since = buf_get_i64(b);
	s->halts = buf_get_u8(b, (1U << HALT__COUNT) - 1);
	buf_get_plain(b, s->store, sizeof s->store);
}

void
pack_metrics(struct buf *b, const struct msg *m)
{
	buf_put_u16(b, m->u.metrics.n);
	for (unsigned int i = 0; i < m->u.metrics.n && i < METRIC_CELLS_MOST; i++)
		buf_put_i64(b, m->u.metrics.cell[i]);
}

void
unpack_metrics(struct buf *b, struct msg *m)
{
	m->u.metrics.n = buf_get_u16(b, METRIC_CELLS_MOST);
	for (unsigned int i = 0; i < m->u.metrics.n; i++)
		m->u.metrics.cell[i] = buf_get_i64(b);
}

void
pack_audit(struct buf *b, const struct msg *m)
{
	const struct msg_audit *a = &m->u.audit;

	buf_put_i64(b, a->after);
	buf_put_i64(b, a->from);
	buf_put_i64(b, a->until);
	buf_put_u32(b, a->most);
	put_reference(b, &a->flow);
	buf_put_text(b, a->name);
	buf_put_text(b, a->what);
}

void
unpack_audit(struct buf *b, struct msg *m)
{
	struct msg_audit *a = &m->u.audit;

	a->after = buf_get_i64(b);
	a->from = buf_get_i64(b);
	a->until = buf_get_i64(b);
	a->most = buf_get_u32(b);
	get_reference(b, &a->flow);
	buf_get_plain(b, a->name, sizeof a->name);
	buf_get_plain(b, a->what, sizeof a->what);
}

void
pack_audit_row(struct buf *b, const struct msg *m)
{
	const struct msg_audit_row *r = &m->u.audit_row;

	buf_put_i64(b, r->number);
	buf_put_i64(b, r->at);
	buf_put_text(b, r->what);
	buf_put_text(b, r->outcome);
	buf_put_text(b, r->detail);
	buf_put_bytes(b, r->account, sizeof r->account);
	put_reference(b, &r->flow);
	buf_put_text(b, r->who);
	buf_put_text(b, r->addr);
	buf_put_u32(b, r->generation);
	buf_put_bytes(b, r->mac, sizeof r->mac);
}

void
unpack_audit_row(struct buf *b, struct msg *m)
{
	struct msg_audit_row *r = &m->u.audit_row;

	r->number = buf_get_i64(b);
	r->at = buf_get_i64(b);
	buf_get_text(b, r->what, sizeof r->what);
	buf_get_text(b, r->outcome, sizeof r->outcome);
	buf_get_text(b, r->detail, sizeof r->detail);
	get_fixed(b, r->account, sizeof r->account);
	get_reference(b, &r->flow);
	buf_get_text(b, r->who, sizeof r->who);
	buf_get_text(b, r->addr, sizeof r->addr);
	r->generation = buf_get_u32(b);
	get_fixed(b, r->mac, sizeof r->mac);
}

void
pack_reloaded(struct buf *b, const struct msg *m)
{
	buf_put_u8(b, m->u.reloaded.who);
	put_verdict(b, m->u.reloaded.verdict);
}

void
unpack_reloaded(struct buf *b, struct msg *m)
{
	m->u.reloaded.who = (enum role)buf_get_u8(b, ROLE_CTL);
	m->u.reloaded.verdict = get_verdict(b);
}

void
pack_halt(struct buf *b, const struct msg *m)
{
	buf_put_u8(b, m->u.halt.what);
	buf_put_u8(b, m->u.halt.on);
}

void
unpack_halt(struct buf *b, struct msg *m)
{
	m->u.halt.what = (enum halt)buf_get_u8(b, HALT__COUNT - 1);
	m->u.halt.on = buf_get_bool(b);
}

void
pack_name(struct buf *b, const struct msg *m)
{
	buf_put_text(b, m->u.name.name);
}

void
unpack_name(struct buf *b, struct msg *m)
{
	buf_get_plain(b, m->u.name.name, sizeof m->u.name.name);
}

void
pack_looked_up(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.looked_up.verdict);
	for (int i = 0; i < TALLY__COUNT; i++) {
		buf_put_u32(b, m->u.looked_up.tallies[i].spent);
		buf_put_u32(b, m->u.looked_up.tallies[i].limit);
	}
}

void
unpack_looked_up(struct buf *b, struct msg *m)
{
	m->u.looked_up.verdict = get_verdict(b);
	for (int i = 0; i < TALLY__COUNT; i++) {
		m->u.looked_up.tallies[i].spent = buf_get_u32(b);
		m->u.looked_up.tallies[i].limit = buf_get_u32(b);
	}
}

void
pack_verified(struct buf *b, const struct msg *m)
{
	const struct msg_verified *v = &m->u.verified;

	buf_put_u8(b, v->fault);
	buf_put_i64(b, v->number);
	buf_put_i64(b, v->to);
	buf_put_i64(b, v->at);
	buf_put_text(b, v->what);
	buf_put_text(b, v->outcome);
	buf_put_i64(b, v->first);
	buf_put_i64(b, v->last);
	buf_put_i64(b, v->rows);
	buf_put_i64(b, v->gone);
}

void
unpack_verified(struct buf *b, struct msg *m)
{
	struct msg_verified *v = &m->u.verified;

	v->fault = (enum fault)buf_get_u8(b, FAULT__COUNT - 1);
	v->number = buf_get_i64(b);
	v->to = buf_get_i64(b);
	v->at = buf_get_i64(b);
	buf_get_text(b, v->what, sizeof v->what);
	buf_get_text(b, v->outcome, sizeof v->outcome);
	v->first = buf_get_i64(b);
	v->last = buf_get_i64(b);
	v->rows = buf_get_i64(b);
	v->gone = buf_get_i64(b);
}

void
pack_erase(struct buf *b, const struct msg *m)
{
	buf_put_bytes(b, m->u.erase.account, sizeof m->u.erase.account);
}

void
unpack_erase(struct buf *b, struct msg *m)
{
	get_fixed(b, m->u.erase.account, sizeof m->u.erase.account);
}
