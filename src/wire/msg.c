/*
 * msg.c - the law, and the two sides of every message.
 *
 * To add a message: a type and a struct in msg.h, a pair here, a row in the law.
 * Anything that the law does not allow is refused, by the sender's own pack too.
 */
#include "wire/msg.h"

#include <string.h>

#include "wire/buf.h"

/* ---- Pieces that several messages hold ---------------------------------- */

static void
put_ticket(struct buf *b, const struct ticket *t)
{
	buf_put_bytes(b, t->data, t->len);
}

static void
get_ticket(struct buf *b, struct ticket *t)
{
	t->len = buf_get_bytes(b, t->data, sizeof t->data);
}

static void
put_verdict(struct buf *b, enum verdict v)
{
	buf_put_u8(b, v);
}

static enum verdict
get_verdict(struct buf *b)
{
	return (enum verdict)buf_get_u8(b, VERDICT__COUNT - 1);
}

/* A fixed-size value keeps its size on the wire too. */
static void
get_fixed(struct buf *b, void *out, size_t size)
{
	if (buf_get_bytes(b, out, size) != size)
		b->bad = true;
}

/* ---- Both ways ----------------------------------------------------------- */

static void
pack_hello(struct buf *b, const struct msg *m)
{
	buf_put_u16(b, m->u.hello.version);
	buf_put_u8(b, m->u.hello.role);
}

static void
unpack_hello(struct buf *b, struct msg *m)
{
	m->u.hello.version = (uint16_t)buf_get_u16(b, UINT16_MAX);
	m->u.hello.role = (enum role)buf_get_u8(b, UINT8_MAX);
}

static void
pack_nothing(struct buf *b, const struct msg *m)
{
	(void)b;
	(void)m;
}

static void
unpack_nothing(struct buf *b, struct msg *m)
{
	(void)b;
	(void)m;
}

/* ---- Portal and keeper ---------------------------------------------------- */

static void
pack_open(struct buf *b, const struct msg *m)
{
	buf_put_u8(b, m->u.open.journey);
	buf_put_u8(b, m->u.open.wish);
	buf_put_text(b, m->u.open.lang);
}

static void
unpack_open(struct buf *b, struct msg *m)
{
	m->u.open.journey = (enum journey)buf_get_u8(b, JOURNEY__COUNT - 1);
	m->u.open.wish = (enum wish)buf_get_u8(b, WISH__COUNT - 1);
	buf_get_text(b, m->u.open.lang, sizeof m->u.open.lang);
}

static void
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

static void
unpack_answer(struct buf *b, struct msg *m)
{
	struct msg_answer *a = &m->u.answer;

	buf_get_text(b, a->flow, sizeof a->flow);
	a->seq = buf_get_u32(b);
	a->step = (enum step)buf_get_u8(b, STEP__COUNT - 1);
	buf_get_text(b, a->addr, sizeof a->addr);
	a->n_fields = buf_get_u8(b, FIELDS_MOST);
	for (unsigned int i = 0; i < a->n_fields; i++) {
		a->fields[i].name = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		buf_get_secret(b, &a->fields[i].value);
	}
}

static void
pack_flow(struct buf *b, const struct msg *m)
{
	buf_put_text(b, m->u.flow.flow);
	buf_put_text(b, m->u.flow.addr);
}

static void
unpack_flow(struct buf *b, struct msg *m)
{
	buf_get_text(b, m->u.flow.flow, sizeof m->u.flow.flow);
	buf_get_text(b, m->u.flow.addr, sizeof m->u.flow.addr);
}

static void
put_terms(struct buf *b, unsigned int n, const char terms[][TERM_LONGEST + 1])
{
	buf_put_u8(b, n);
	for (unsigned int i = 0; i < n && i < TERMS_MOST; i++)
		buf_put_text(b, terms[i]);
}

static unsigned int
get_terms(struct buf *b, char terms[][TERM_LONGEST + 1])
{
	unsigned int n = buf_get_u8(b, TERMS_MOST);

	for (unsigned int i = 0; i < n; i++)
		buf_get_text(b, terms[i], TERM_LONGEST + 1);
	return n;
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
}

static void
pack_step(struct buf *b, const struct msg *m)
{
	const struct msg_step *s = &m->u.step;

	buf_put_text(b, s->flow);
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
	buf_put_u8(b, s->outcome);
	pack_step_parts(b, s);
}

static void
unpack_step(struct buf *b, struct msg *m)
{
	struct msg_step *s = &m->u.step;

	buf_get_text(b, s->flow, sizeof s->flow);
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
	s->outcome = (enum outcome)buf_get_u8(b, OUTCOME__COUNT - 1);
	unpack_step_parts(b, s);
}

/* ---- Keeper and registrar -------------------------------------------------- */

static void
pack_find(struct buf *b, const struct msg *m)
{
	buf_put_secret(b, &m->u.find.name);
}

static void
unpack_find(struct buf *b, struct msg *m)
{
	buf_get_secret(b, &m->u.find.name);
	if (m->u.find.name.len > NAME_LONGEST)
		b->bad = true;
}

static void
pack_found(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.found.verdict);
	buf_put_bytes(b, m->u.found.account, sizeof m->u.found.account);
	put_ticket(b, &m->u.found.ticket);
}

static void
unpack_found(struct buf *b, struct msg *m)
{
	m->u.found.verdict = get_verdict(b);
	get_fixed(b, m->u.found.account, sizeof m->u.found.account);
	get_ticket(b, &m->u.found.ticket);
}

static void
pack_match(struct buf *b, const struct msg *m)
{
	const struct msg_match *a = &m->u.match;

	put_ticket(b, &a->ticket);
	buf_put_u8(b, a->n_values);
	for (unsigned int i = 0; i < a->n_values && i < VALUES_MOST; i++) {
		buf_put_u8(b, a->values[i].field);
		buf_put_secret(b, &a->values[i].value);
	}
}

static void
unpack_match(struct buf *b, struct msg *m)
{
	struct msg_match *a = &m->u.match;

	get_ticket(b, &a->ticket);
	a->n_values = buf_get_u8(b, VALUES_MOST);
	for (unsigned int i = 0; i < a->n_values; i++) {
		a->values[i].field = (enum field)buf_get_u8(b, FIELD__COUNT - 1);
		buf_get_secret(b, &a->values[i].value);
	}
}

static void
pack_matched(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.matched.verdict);
	put_ticket(b, &m->u.matched.ticket);
}

static void
unpack_matched(struct buf *b, struct msg *m)
{
	m->u.matched.verdict = get_verdict(b);
	get_ticket(b, &m->u.matched.ticket);
}

static void
pack_ticket(struct buf *b, const struct msg *m)
{
	put_ticket(b, &m->u.ticket.ticket);
}

static void
unpack_ticket(struct buf *b, struct msg *m)
{
	get_ticket(b, &m->u.ticket.ticket);
}

static void
pack_ways(struct buf *b, const struct msg *m)
{
	const struct msg_ways *w = &m->u.ways;

	put_verdict(b, w->verdict);
	buf_put_u8(b, w->n_ways);
	for (unsigned int i = 0; i < w->n_ways && i < WAYS_MOST; i++) {
		buf_put_u8(b, w->ways[i].channel);
		buf_put_text(b, w->ways[i].address);
	}
}

static void
unpack_ways(struct buf *b, struct msg *m)
{
	struct msg_ways *w = &m->u.ways;

	w->verdict = get_verdict(b);
	w->n_ways = buf_get_u8(b, WAYS_MOST);
	for (unsigned int i = 0; i < w->n_ways; i++) {
		w->ways[i].channel = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
		buf_get_text(b, w->ways[i].address, sizeof w->ways[i].address);
	}
}

static void
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

static void
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

static void
pack_password(struct buf *b, const struct msg *m)
{
	put_ticket(b, &m->u.password.ticket);
	buf_put_secret(b, &m->u.password.password);
	buf_put_u8(b, m->u.password.must_change);
}

static void
unpack_password(struct buf *b, struct msg *m)
{
	get_ticket(b, &m->u.password.ticket);
	buf_get_secret(b, &m->u.password.password);
	m->u.password.must_change = buf_get_bool(b);
}

static void
pack_judged(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.judged.verdict);
	buf_put_u32(b, m->u.judged.broken);
}

static void
unpack_judged(struct buf *b, struct msg *m)
{
	m->u.judged.verdict = get_verdict(b);
	m->u.judged.broken = buf_get_u32(b);
	if (m->u.judged.broken >> RULE__COUNT != 0)
		b->bad = true;
}

static void
pack_done(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.done.verdict);
	buf_put_u8(b, m->u.done.rule);
}

static void
unpack_done(struct buf *b, struct msg *m)
{
	m->u.done.verdict = get_verdict(b);
	m->u.done.rule = (enum rule)buf_get_u8(b, RULE__COUNT - 1);
}

static void
pack_state(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.state.verdict);
	buf_put_u8(b, m->u.state.locked);
	buf_put_text(b, m->u.state.mark);
}

static void
unpack_state(struct buf *b, struct msg *m)
{
	m->u.state.verdict = get_verdict(b);
	m->u.state.locked = buf_get_bool(b);
	buf_get_text(b, m->u.state.mark, sizeof m->u.state.mark);
}

static void
pack_probed(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.probed.verdict);
}

static void
unpack_probed(struct buf *b, struct msg *m)
{
	m->u.probed.verdict = get_verdict(b);
}

/* ---- Keeper and courier ----------------------------------------------------- */

static void
pack_send(struct buf *b, const struct msg *m)
{
	const struct msg_send *s = &m->u.send;

	buf_put_u8(b, s->channel);
	buf_put_text(b, s->address);
	buf_put_u8(b, s->template);
	buf_put_text(b, s->lang);
	buf_put_secret(b, &s->code);
	buf_put_u32(b, s->minutes);
}

static void
unpack_send(struct buf *b, struct msg *m)
{
	struct msg_send *s = &m->u.send;

	s->channel = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
	buf_get_text(b, s->address, sizeof s->address);
	s->template = (enum text_template)buf_get_u8(b, TEXT__COUNT - 1);
	buf_get_text(b, s->lang, sizeof s->lang);
	buf_get_secret(b, &s->code);
	s->minutes = buf_get_u32(b);
}

static void
pack_sent(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.sent.verdict);
	buf_put_text(b, m->u.sent.gateway);
}

static void
unpack_sent(struct buf *b, struct msg *m)
{
	m->u.sent.verdict = get_verdict(b);
	buf_get_text(b, m->u.sent.gateway, sizeof m->u.sent.gateway);
}

/* ---- Control ------------------------------------------------------------------ */

static void
pack_status(struct buf *b, const struct msg *m)
{
	const struct msg_status *s = &m->u.status;

	buf_put_u8(b, s->registrar);
	buf_put_u8(b, s->courier);
	buf_put_u32(b, s->flows);
	buf_put_u32(b, s->workers);
	buf_put_u32(b, s->busy);
	buf_put_u32(b, s->queued);
	buf_put_i64(b, s->since);
}

static void
unpack_status(struct buf *b, struct msg *m)
{
	struct msg_status *s = &m->u.status;

	s->registrar = buf_get_bool(b);
	s->courier = buf_get_bool(b);
	s->flows = buf_get_u32(b);
	s->workers = buf_get_u32(b);
	s->busy = buf_get_u32(b);
	s->queued = buf_get_u32(b);
	s->since = buf_get_i64(b);
}

static void
pack_audit(struct buf *b, const struct msg *m)
{
	const struct msg_audit *a = &m->u.audit;

	buf_put_i64(b, a->after);
	buf_put_i64(b, a->from);
	buf_put_i64(b, a->until);
	buf_put_u32(b, a->most);
	buf_put_text(b, a->name);
}

static void
unpack_audit(struct buf *b, struct msg *m)
{
	struct msg_audit *a = &m->u.audit;

	a->after = buf_get_i64(b);
	a->from = buf_get_i64(b);
	a->until = buf_get_i64(b);
	a->most = buf_get_u32(b);
	buf_get_text(b, a->name, sizeof a->name);
}

static void
pack_audit_row(struct buf *b, const struct msg *m)
{
	const struct msg_audit_row *r = &m->u.audit_row;

	buf_put_i64(b, r->number);
	buf_put_i64(b, r->at);
	buf_put_text(b, r->what);
	buf_put_text(b, r->outcome);
	buf_put_bytes(b, r->account, sizeof r->account);
	buf_put_bytes(b, r->flow, sizeof r->flow);
	buf_put_text(b, r->who);
	buf_put_text(b, r->addr);
}

static void
unpack_audit_row(struct buf *b, struct msg *m)
{
	struct msg_audit_row *r = &m->u.audit_row;

	r->number = buf_get_i64(b);
	r->at = buf_get_i64(b);
	buf_get_text(b, r->what, sizeof r->what);
	buf_get_text(b, r->outcome, sizeof r->outcome);
	get_fixed(b, r->account, sizeof r->account);
	get_fixed(b, r->flow, sizeof r->flow);
	buf_get_text(b, r->who, sizeof r->who);
	buf_get_text(b, r->addr, sizeof r->addr);
}

static void
pack_audit_end(struct buf *b, const struct msg *m)
{
	put_verdict(b, m->u.audit_end.verdict);
}

static void
unpack_audit_end(struct buf *b, struct msg *m)
{
	m->u.audit_end.verdict = get_verdict(b);
}

/* ---- The law --------------------------------------------------------------------- */

#define PORTAL	 ROLE_PORTAL
#define KEEPER	 ROLE_KEEPER
#define REGISTRAR ROLE_REGISTRAR
#define COURIER	 ROLE_COURIER
#define CTL	 ROLE_CTL
#define PEERS	 (PORTAL | REGISTRAR | COURIER | CTL)

static const struct law {
	const char	*name;
	int		 from, to;
	size_t		 longest;
	void		(*pack)(struct buf *, const struct msg *);
	void		(*unpack)(struct buf *, struct msg *);
} laws[MSG__COUNT] = {
	/* type               name         from           to           longest */
	[MSG_HELLO]	  = { "HELLO",	   PEERS | KEEPER, PEERS | KEEPER, 16, pack_hello, unpack_hello },

	[MSG_OPEN]	  = { "OPEN",	   PORTAL,	   KEEPER,	   32, pack_open, unpack_open },
	[MSG_ANSWER]	  = { "ANSWER",	   PORTAL,	   KEEPER,	 4352, pack_answer, unpack_answer },
	[MSG_AGAIN]	  = { "AGAIN",	   PORTAL,	   KEEPER,	  128, pack_flow, unpack_flow },
	[MSG_SHOW]	  = { "SHOW",	   PORTAL,	   KEEPER,	  128, pack_flow, unpack_flow },
	[MSG_LEAVE]	  = { "LEAVE",	   PORTAL,	   KEEPER,	  128, pack_flow, unpack_flow },
	[MSG_STEP]	  = { "STEP",	   KEEPER,	   PORTAL,	 2048, pack_step, unpack_step },

	[MSG_FIND]	  = { "FIND",	   KEEPER,	   REGISTRAR,	  272, pack_find, unpack_find },
	[MSG_FOUND]	  = { "FOUND",	   REGISTRAR,	   KEEPER,	  560, pack_found, unpack_found },
	[MSG_MATCH]	  = { "MATCH",	   KEEPER,	   REGISTRAR,	 4672, pack_match, unpack_match },
	[MSG_MATCHED]	  = { "MATCHED",   REGISTRAR,	   KEEPER,	  544, pack_matched, unpack_matched },
	[MSG_WAYS]	  = { "WAYS",	   KEEPER,	   REGISTRAR,	  544, pack_ticket, unpack_ticket },
	[MSG_WAYS_ARE]	  = { "WAYS_ARE",  REGISTRAR,	   KEEPER,	  160, pack_ways, unpack_ways },
	[MSG_RULES]	  = { "RULES",	   KEEPER,	   REGISTRAR,	  544, pack_ticket, unpack_ticket },
	[MSG_RULES_ARE]	  = { "RULES_ARE", REGISTRAR,	   KEEPER,	 1152, pack_rules, unpack_rules },
	[MSG_JUDGE]	  = { "JUDGE",	   KEEPER,	   REGISTRAR,	 1552, pack_password, unpack_password },
	[MSG_JUDGED]	  = { "JUDGED",	   REGISTRAR,	   KEEPER,	   16, pack_judged, unpack_judged },
	[MSG_SET]	  = { "SET",	   KEEPER,	   REGISTRAR,	 1552, pack_password, unpack_password },
	[MSG_UNLOCK]	  = { "UNLOCK",	   KEEPER,	   REGISTRAR,	  544, pack_ticket, unpack_ticket },
	[MSG_DONE]	  = { "DONE",	   REGISTRAR,	   KEEPER,	   16, pack_done, unpack_done },
	[MSG_STATE]	  = { "STATE",	   KEEPER,	   REGISTRAR,	  544, pack_ticket, unpack_ticket },
	[MSG_STATE_IS]	  = { "STATE_IS",  REGISTRAR,	   KEEPER,	   80, pack_state, unpack_state },
	[MSG_PROBE]	  = { "PROBE",	   KEEPER,	   REGISTRAR,	    8, pack_nothing, unpack_nothing },
	[MSG_PROBED]	  = { "PROBED",	   REGISTRAR,	   KEEPER,	    8, pack_probed, unpack_probed },

	[MSG_SEND]	  = { "SEND",	   KEEPER,	   COURIER,	 1152, pack_send, unpack_send },
	[MSG_SENT]	  = { "SENT",	   COURIER,	   KEEPER,	   48, pack_sent, unpack_sent },

	[MSG_STATUS]	  = { "STATUS",	   PORTAL | CTL,   KEEPER,	    8, pack_nothing, unpack_nothing },
	[MSG_STATUS_IS]	  = { "STATUS_IS", KEEPER,	   PORTAL | CTL,   40, pack_status, unpack_status },
	[MSG_AUDIT]	  = { "AUDIT",	   CTL,		   KEEPER,	  304, pack_audit, unpack_audit },
	[MSG_AUDIT_ROW]	  = { "AUDIT_ROW", KEEPER,	   CTL,		  512, pack_audit_row, unpack_audit_row },
	[MSG_AUDIT_END]	  = { "AUDIT_END", KEEPER,	   CTL,		    8, pack_audit_end, unpack_audit_end },
};

#undef PORTAL
#undef KEEPER
#undef REGISTRAR
#undef COURIER
#undef CTL
#undef PEERS

size_t
msg_pack(const struct msg *m, enum role from, void *packet, size_t size)
{
	const struct law *law;
	struct buf b;

	if (m->type <= MSG_NONE || m->type >= MSG__COUNT)
		return 0;
	law = &laws[m->type];
	if ((law->from & (int)from) == 0)
		return 0;
	buf_on(&b, packet, size < law->longest ? size : law->longest);
	buf_put_u8(&b, m->type);
	buf_put_u32(&b, m->id);
	law->pack(&b, m);
	return b.bad ? 0 : b.at;
}

enum msg_fault
msg_unpack(struct msg *m, const void *packet, size_t len, enum role from, enum role to)
{
	const struct law *law;
	unsigned char *bytes = (unsigned char *)(uintptr_t)packet;	/* only read */
	struct buf b;

	if (len < 5 || len > MSG_LONGEST)
		return MSG_BAD_SIZE;
	if (bytes[0] <= MSG_NONE || bytes[0] >= MSG__COUNT)
		return MSG_BAD_TYPE;
	law = &laws[bytes[0]];
	if (len > law->longest)
		return MSG_BAD_SIZE;
	if ((law->from & (int)from) == 0 || (law->to & (int)to) == 0)
		return MSG_BAD_SENDER;
	buf_on(&b, bytes, len);
	m->type = (enum msg_type)buf_get_u8(&b, MSG__COUNT - 1);
	m->id = buf_get_u32(&b);
	law->unpack(&b, m);
	if (b.bad)
		return MSG_BAD_FIELD;
	return buf_done(&b) ? MSG_GOOD : MSG_BAD_REST;
}

void
msg_wipe(struct msg *m)
{
	explicit_bzero(m, sizeof *m);
}

const char *
msg_name(enum msg_type type)
{
	return type > MSG_NONE && type < MSG__COUNT ? laws[type].name : "?";
}

const char *
msg_fault_text(enum msg_fault fault)
{
	static const char *const text[] = {
		[MSG_GOOD] = "good", [MSG_BAD_SIZE] = "its size is not allowed",
		[MSG_BAD_TYPE] = "no such type", [MSG_BAD_SENDER] = "this sender may not send it",
		[MSG_BAD_FIELD] = "a field is out of range", [MSG_BAD_REST] = "something is left over",
	};

	return text[fault];
}
