/*
 * msg.c - the law.
 *
 * To add a message: in msg.h a type, a struct, its member of the union, and one more
 * WIRE_VERSION; in pairs.h its PAIR, in a pairs_*.c the pair; a row here, and BEGINS if
 * registrar replies with it.  Then who hears it: keeper/desk.c (hears; outage.c says what
 * is heard without a store, and how the rest is answered then), or
 * registrar/answer.c (answers), with a TASK in word.h and in keeper/registrar.c if the
 * directory is asked.  Then doc/PROTOCOL, and a seed in tests/fuzz/seeds/msg.
 * Anything that the law does not allow is refused, by the sender's own pack too.
 */
#include "wire/msg.h"

#include <string.h>

#include "wire/pairs.h"

/* ---- The law --------------------------------------------------------------------- */

#define PORTAL	 ROLE_PORTAL
#define KEEPER	 ROLE_KEEPER
#define REGISTRAR ROLE_REGISTRAR
#define COURIER	 ROLE_COURIER
#define CTL	 ROLE_CTL
#define BODY(name) pack_##name, unpack_##name
#define SERVANTS (PORTAL | REGISTRAR | COURIER)
#define PEERS	 (PORTAL | REGISTRAR | COURIER | CTL)

static const struct law {
	const char	*name;
	int		 from, to;
	size_t		 longest;
	void		(*pack)(struct buf *, const struct msg *);
	void		(*unpack)(struct buf *, struct msg *);
	enum msg_type	 reply;		/* to a question that is answered by one */
} laws[MSG__COUNT] = {
	/* type               name         from           to           longest  body  reply */
	[MSG_HELLO]	  = { "HELLO",	   PEERS | KEEPER, PEERS | KEEPER, 24, BODY(hello) },

	[MSG_OPEN]	  = { "OPEN",	   PORTAL,	   KEEPER,	   40, BODY(open), MSG_STEP },
	[MSG_ANSWER]	  = { "ANSWER",	   PORTAL,	   KEEPER,	 4360, BODY(answer), MSG_STEP },
	[MSG_AGAIN]	  = { "AGAIN",	   PORTAL,	   KEEPER,	  136, BODY(flow), MSG_STEP },
	[MSG_SHOW]	  = { "SHOW",	   PORTAL,	   KEEPER,	  136, BODY(flow), MSG_STEP },
	[MSG_LEAVE]	  = { "LEAVE",	   PORTAL,	   KEEPER,	  136, BODY(flow), MSG_STEP },
	[MSG_STEP]	  = { "STEP",	   KEEPER,	   PORTAL,	 2104, BODY(step) },

	[MSG_FIND]	  = { "FIND",	   KEEPER,	   REGISTRAR,	  280, BODY(find), MSG_FOUND },
	[MSG_FOUND]	  = { "FOUND",	   REGISTRAR,	   KEEPER,	  608, BODY(found) },
	[MSG_MATCH]	  = { "MATCH",	   KEEPER,	   REGISTRAR,	 4680, BODY(match), MSG_MATCHED },
	[MSG_MATCHED]	  = { "MATCHED",   REGISTRAR,	   KEEPER,	  552, BODY(matched) },
	[MSG_WAYS]	  = { "WAYS",	   KEEPER,	   REGISTRAR,	  552, BODY(ticket), MSG_WAYS_ARE },
	[MSG_WAYS_ARE]	  = { "WAYS_ARE",  REGISTRAR,	   KEEPER,	 1056, BODY(ways) },
	[MSG_RULES]	  = { "RULES",	   KEEPER,	   REGISTRAR,	  552, BODY(ticket), MSG_RULES_ARE },
	[MSG_RULES_ARE]	  = { "RULES_ARE", REGISTRAR,	   KEEPER,	 1160, BODY(rules) },
	[MSG_JUDGE]	  = { "JUDGE",	   KEEPER,	   REGISTRAR,	 1640, BODY(password), MSG_JUDGED },
	[MSG_JUDGED]	  = { "JUDGED",	   REGISTRAR,	   KEEPER,	   88, BODY(judged) },
	[MSG_SET]	  = { "SET",	   KEEPER,	   REGISTRAR,	 1640, BODY(password), MSG_DONE },
	[MSG_UNLOCK]	  = { "UNLOCK",	   KEEPER,	   REGISTRAR,	  552, BODY(ticket), MSG_DONE },
	[MSG_DONE]	  = { "DONE",	   REGISTRAR,	   KEEPER,	   24, BODY(done) },
	[MSG_STATE]	  = { "STATE",	   KEEPER,	   REGISTRAR,	  624, BODY(state_of), MSG_STATE_IS },
	[MSG_STATE_IS]	  = { "STATE_IS",  REGISTRAR,	   KEEPER,	   16, BODY(state) },
	[MSG_PROBE]	  = { "PROBE",	   KEEPER,	   REGISTRAR,	   16, BODY(nothing), MSG_PROBED },
	[MSG_PROBED]	  = { "PROBED",	   REGISTRAR,	   KEEPER,	   16, BODY(verdict) },

	[MSG_SEND]	  = { "SEND",	   KEEPER,	   COURIER,	 1344, BODY(send), MSG_SENT },
	[MSG_SENT]	  = { "SENT",	   COURIER,	   KEEPER,	   56, BODY(sent) },

	[MSG_STATUS]	  = { "STATUS",	   PORTAL | CTL,   KEEPER,	   16, BODY(nothing), MSG_STATUS_IS },
	[MSG_STATUS_IS]	  = { "STATUS_IS", KEEPER,	   PORTAL | CTL,  568, BODY(status) },
	[MSG_METRICS]	  = { "METRICS",   PORTAL,	   KEEPER,	   16, BODY(nothing), MSG_METRICS_ARE },
	[MSG_METRICS_ARE] = { "METRICS_ARE", KEEPER,	   PORTAL,	 5136, BODY(metrics) },
	[MSG_AUDIT]	  = { "AUDIT",	   CTL,		   KEEPER,	  352, BODY(audit) },
	[MSG_AUDIT_ROW]	  = { "AUDIT_ROW", KEEPER,	   CTL,		  608, BODY(audit_row) },
	[MSG_AUDIT_END]	  = { "AUDIT_END", KEEPER,	   CTL,		   16, BODY(verdict) },
	[MSG_RELOAD]	  = { "RELOAD",	   CTL,		   KEEPER,	   16, BODY(nothing) },
	[MSG_RELOADED]	  = { "RELOADED",  KEEPER,	   CTL,		   16, BODY(reloaded) },
	[MSG_READ_AGAIN]  = { "READ_AGAIN", KEEPER,	   SERVANTS,	   16, BODY(nothing), MSG_HAS_READ },
	[MSG_HAS_READ]	  = { "HAS_READ",  SERVANTS,	   KEEPER,	   16, BODY(verdict) },
	[MSG_HALT]	  = { "HALT",	   CTL,		   KEEPER,	   16, BODY(halt), MSG_HALTED },
	[MSG_HALTED]	  = { "HALTED",	   KEEPER,	   CTL,		   16, BODY(verdict) },
	[MSG_PARDON]	  = { "PARDON",	   CTL,		   KEEPER,	  280, BODY(name), MSG_PARDONED },
	[MSG_PARDONED]	  = { "PARDONED",  KEEPER,	   CTL,		   16, BODY(verdict) },
	[MSG_LOOKUP]	  = { "LOOKUP",	   CTL,		   KEEPER,	  280, BODY(name), MSG_LOOKED_UP },
	[MSG_LOOKED_UP]	  = { "LOOKED_UP", KEEPER,	   CTL,		   64, BODY(looked_up) },
	[MSG_VERIFY]	  = { "VERIFY",	   CTL,		   KEEPER,	   16, BODY(nothing) },
	[MSG_VERIFYING]	  = { "VERIFYING", KEEPER,	   CTL,		  136, BODY(verified) },
	[MSG_VERIFIED]	  = { "VERIFIED",  KEEPER,	   CTL,		  136, BODY(verified) },
	[MSG_ERASE]	  = { "ERASE",	   CTL,		   KEEPER,	   32, BODY(erase), MSG_ERASED },
	[MSG_ERASED]	  = { "ERASED",	   KEEPER,	   CTL,		   16, BODY(verdict) },
	[MSG_POLICY]	  = { "POLICY",	   CTL,		   KEEPER,	  280, BODY(name), MSG_POLICY_IS },
	[MSG_POLICY_IS]	  = { "POLICY_IS", KEEPER,	   CTL,		  608, BODY(explained) },
	[MSG_EXPLAIN]	  = { "EXPLAIN",   KEEPER,	   REGISTRAR,	  280, BODY(name), MSG_EXPLAINED },
	[MSG_EXPLAINED]	  = { "EXPLAINED", REGISTRAR,	   KEEPER,	  608, BODY(explained) },
};

/* u.verdict reads the verdict of each of registrar's replies, and is one in keeper's to ctl. */
#define BEGINS(reply)	_Static_assert(offsetof(struct reply, verdict) == 0, #reply)
BEGINS(msg_found);
BEGINS(msg_matched);
BEGINS(msg_ways);
BEGINS(msg_rules);
BEGINS(msg_judged);
BEGINS(msg_done);
BEGINS(msg_state);
BEGINS(msg_explained);
BEGINS(msg_looked_up);
#undef BEGINS

#undef PORTAL
#undef KEEPER
#undef REGISTRAR
#undef COURIER
#undef CTL
#undef SERVANTS
#undef PEERS
#undef BODY

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
	put_reference(&b, &m->reference);
	law->pack(&b, m);
	return b.bad ? 0 : b.at;
}

enum msg_fault
msg_unpack(struct msg *m, const void *packet, size_t len, enum role from, enum role to)
{
	const struct law *law;
	unsigned char *bytes = (unsigned char *)(uintptr_t)packet;	/* only read */
	struct buf b;

	if (len < MSG_HEAD || len > MSG_LONGEST)
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
	get_reference(&b, &m->reference);
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

enum msg_type
msg_reply(enum msg_type question)
{
	return laws[question].reply;
}

const struct secret *
msg_value(const struct msg_answer *a, enum field name)
{
	static const struct secret none;

	for (unsigned int i = 0; i < a->n_fields; i++)
		if (a->fields[i].name == name)
			return &a->fields[i].value;
	return &none;
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
