#include "keeper/flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/code.h"
#include "keeper/counts.h"
#include "keeper/keeper.h"
#include "keeper/price.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"
#include "wire/buf.h"

/* The first byte of a stored flow; a later version reads the older ones too. */
enum {
	FLOW_VERSION = 7, WITHOUT_BY_RIDDLE = 6, WITHOUT_RIDDLES = 5, WITHOUT_SECOND = 4, WITHOUT_LATEST = 3,
	LONG_REFERENCE = 2, WITHOUT_GONE = 1
};
enum { LONG_SIZE = 8 };

size_t
flow_pack(const struct flow *f, unsigned char *state, size_t size)
{
	struct buf b;

	buf_on(&b, state, size);
	buf_put_u8(&b, FLOW_VERSION);
	buf_put_u8(&b, f->journey);
	buf_put_u8(&b, f->wish);
	buf_put_u8(&b, f->asks_wish);
	buf_put_text(&b, f->lang);
	buf_put_u8(&b, f->step);
	buf_put_u32(&b, f->seq);
	buf_put_i64(&b, f->born);
	buf_put_i64(&b, f->until);
	buf_put_u8(&b, f->reason);
	buf_put_u8(&b, f->at);
	buf_put_u8(&b, f->at_field);
	buf_put_u8(&b, f->outcome);
	buf_put_u8(&b, f->behind);
	buf_put_u8(&b, f->matched);
	buf_put_u8(&b, f->moved);
	buf_put_u8(&b, f->left);
	buf_put_u8(&b, f->sends);
	buf_put_i64(&b, f->sent_at);
	buf_put_i64(&b, f->code_until);
	buf_put_i64(&b, f->set_at);
	buf_put_u32(&b, f->broken);
	buf_put_text(&b, f->hint);
	buf_put_text(&b, f->mark);
	buf_put_bytes(&b, f->reference.byte, sizeof f->reference.byte);
	buf_put_bytes(&b, f->account, sizeof f->account);
	buf_put_bytes(&b, f->ticket.data, f->ticket.len);
	buf_put_bytes(&b, f->who.data, f->who.len);
	buf_put_u8(&b, f->gone);
	buf_put_u8(&b, f->suspicious);
	buf_put_i64(&b, f->charged_at);
	buf_put_bytes(&b, f->charged_to.byte, HANDLE_SIZE);
	buf_put_u32(&b, f->proved);
	buf_put_u8(&b, f->price);
	buf_put_u8(&b, f->paid);
	buf_put_i64(&b, f->price_until);
	buf_put_u8(&b, f->by);
	buf_put_u8(&b, f->carried);
	buf_put_u32(&b, f->code_key_id);
	buf_put_u8(&b, f->second);
	buf_put_u8(&b, f->carried_before);
	buf_put_u8(&b, f->riddles);
	buf_put_u8(&b, f->by_riddle);
	if (b.bad)
		abort();
	return b.at;
}

/* It had eight bytes once; see the store's migrations for those of the audit. */
static void
unpack_reference(struct buf *b, struct flow *f, unsigned int version)
{
	unsigned char byte[LONG_SIZE];
	size_t size = version > LONG_REFERENCE ? sizeof f->reference.byte : LONG_SIZE;

	if (buf_get_bytes(b, byte, size) != size)
		b->bad = true;
	else
		memcpy(f->reference.byte, byte, sizeof f->reference.byte);
}

static void
unpack_latest(struct buf *b, struct flow *f)
{
	f->suspicious = buf_get_bool(b);
	f->charged_at = buf_get_i64(b);
	if (buf_get_bytes(b, f->charged_to.byte, HANDLE_SIZE) != HANDLE_SIZE)
		b->bad = true;
	f->proved = buf_get_u32(b);
	f->price = buf_get_u8(b, PRICE_MOST);
	f->paid = buf_get_u8(b, PRICE_MOST);
	f->price_until = buf_get_i64(b);
	f->by = (enum channel)buf_get_u8(b, CHANNEL__COUNT - 1);
	f->carried = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
}

/* Where none was named there was one alone, which by now may be that of before. */
static int
unpack_key(struct buf *b, struct flow *f, unsigned int version)
{
	f->code_key_id = version > WITHOUT_LATEST ? buf_get_u32(b) :
	    key_id(settings.code_key_before != NULL ? settings.code_key_before : settings.code_key);
	if ((f->code_key = settings_code_key(f->code_key_id)) != NULL)
		return 0;
	/* Without its key no code would fit any more; whoever gave it needs none. */
	f->code_key = settings.code_key;
	return f->moved || f->step < STEP_PASSWORD ? -1 : 0;
}

/* Steps that came in between, in their order, each with the last version that lacks it. */
static void
unpack_step(struct buf *b, struct flow *f, unsigned int version)
{
	static const struct { unsigned int without; enum step step; } added[] = {
		{ WITHOUT_LATEST, STEP_PRICE }, { WITHOUT_SECOND, STEP_SECOND },
	};
	unsigned int step = buf_get_u8(b, STEP__COUNT - 1);

	for (size_t i = 0; i < sizeof added / sizeof added[0]; i++)
		step += version <= added[i].without && step >= added[i].step;
	if (step >= STEP__COUNT)
		b->bad = true;
	f->step = b->bad ? STEP_END : (enum step)step;
}

/* What versions added at the end, or what it was before they did. */
static int
unpack_added(struct buf *b, struct flow *f, unsigned int version)
{
	f->gone = version > WITHOUT_GONE && buf_get_bool(b);
	f->by = CHANNEL_SMS;
	f->carried = 1U << CHANNEL_SMS;
	if (version > WITHOUT_LATEST)
		unpack_latest(b, f);
	if (unpack_key(b, f, version) == -1)
		return -1;
	if (version > WITHOUT_SECOND) {
		f->second = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
		f->carried_before = buf_get_u8(b, (1U << CHANNEL__COUNT) - 1);
	}
	if (version > WITHOUT_RIDDLES)
		f->riddles = buf_get_u8(b, RIDDLES_MOST);
	f->by_riddle = version > WITHOUT_BY_RIDDLE ? buf_get_bool(b) :
	    settings.price_by == PRICE_BY_RIDDLE;
	return 0;
}

/* See flow_pack for the other side. */
int
flow_unpack(struct flow *f, unsigned char *state, size_t len)
{
	unsigned int version;
	struct buf b;

	buf_on(&b, state, len);
	version = buf_get_u8(&b, UINT8_MAX);
	if (version < WITHOUT_GONE || version > FLOW_VERSION)
		return -1;
	f->journey = (enum journey)buf_get_u8(&b, JOURNEY__COUNT - 1);
	f->wish = (enum wish)buf_get_u8(&b, WISH__COUNT - 1);
	f->asks_wish = buf_get_bool(&b);
	buf_get_text(&b, f->lang, sizeof f->lang);
	unpack_step(&b, f, version);
	f->seq = buf_get_u32(&b);
	f->born = buf_get_i64(&b);
	f->until = buf_get_i64(&b);
	f->reason = (enum reason)buf_get_u8(&b, REASON__COUNT - 1);
	f->at = (enum field)buf_get_u8(&b, FIELD__COUNT - 1);
	f->at_field = buf_get_bool(&b);
	f->outcome = (enum outcome)buf_get_u8(&b, OUTCOME__COUNT - 1);
	f->behind = (enum behind)buf_get_u8(&b, BEHIND__COUNT - 1);
	f->matched = buf_get_bool(&b);
	f->moved = buf_get_bool(&b);
	f->left = buf_get_u8(&b, UINT8_MAX);
	f->sends = buf_get_u8(&b, UINT8_MAX);
	f->sent_at = buf_get_i64(&b);
	f->code_until = buf_get_i64(&b);
	f->set_at = buf_get_i64(&b);
	f->broken = buf_get_u32(&b);
	buf_get_text(&b, f->hint, sizeof f->hint);
	buf_get_text(&b, f->mark, sizeof f->mark);
	unpack_reference(&b, f, version);
	if (buf_get_bytes(&b, f->account, sizeof f->account) != sizeof f->account)
		return -1;
	f->ticket.len = buf_get_bytes(&b, f->ticket.data, sizeof f->ticket.data);
	f->who.len = buf_get_bytes(&b, f->who.data, sizeof f->who.data);
	if (unpack_added(&b, f, version) == -1)
		return -1;
	return buf_done(&b) ? 0 : -1;
}

bool
flow_is_late(const struct flow *f)
{
	int64_t now = clock_now();

	return f->until < now || f->until > now + STEP_LIFE_MOST + SET_BACK_MOST ||
	    f->born > now + SET_BACK_MOST;
}

bool
flow_code_is_late(const struct flow *f)
{
	int64_t now = clock_now();

	return f->code_until < now || f->code_until > now + CODE_LIFE_MOST + SET_BACK_MOST;
}

bool
flow_may_send(const struct flow *f, enum channel by)
{
	return f->step == STEP_SECOND ? (f->second & 1U << by) != 0 : settings_may_code(by);
}

bool
flow_asks_code(const struct flow *f)
{
	return f->step == STEP_CODE || (f->step == STEP_SECOND && f->sends > 0);
}

void
flow_promise_code(struct flow *f)
{
	int64_t last = f->born + FLOW_LIFE;

	f->sent_at = clock_now();
	f->code_until = f->sent_at + settings.code_life < last ? f->sent_at + settings.code_life : last;
}

bool
flow_is_unsent(const struct flow *f)
{
	return f->step == STEP_SECOND && f->sends == 0;
}

int
flow_load_handle(struct keeper *k, const struct handle *h, struct flow *f)
{
	unsigned char state[STATE_LONGEST];
	long len = store_get_flow(k->store, h, state, sizeof state);

	memset(f, 0, sizeof *f);
	if (len < 0 || flow_unpack(f, state, (size_t)len) == -1)
		return -1;
	f->handle = *h;
	log_about(&f->reference);
	return 0;
}

/*
 * An opening whose flow is not stored yet.  Stored flows outlive their opening
 * (see flow_save), so an opening can never begin a second flow.
 */
static int
load_opening(const struct keeper *k, const char *name, struct flow *f)
{
	const struct key *key = settings.code_key;
	int64_t now = clock_now();
	struct opening o;
	int r = code_opened(key, name, &o);

	if (r == -1 && (key = settings.code_key_before) != NULL)
		r = code_opened(key, name, &o);
	if (r == -1 || o.at > now + SET_BACK_MOST ||
	    o.at + OPENING_LIFE < now || o.at < k->seals.openings_from)
		return -1;
	code_handle(name, &f->handle);
	f->fresh = true;
	f->code_key = key;
	f->code_key_id = key_id(key);
	f->journey = o.journey;
	f->wish = settings_wish(o.wish);
	f->asks_wish = f->wish == WISH_NONE;
	memcpy(f->lang, o.lang, sizeof f->lang);
	f->step = STEP_NAME;
	f->seq = 1;
	f->born = o.at;
	f->until = o.at + OPENING_LIFE;
	f->left = (unsigned int)settings.code_tries;
	code_reference(f->code_key, &f->handle, &f->reference);
	log_about(&f->reference);
	return 0;
}

int
flow_load(struct keeper *k, const char *name, struct flow *f)
{
	struct handle h;

	code_handle(name, &h);
	if (flow_load_handle(k, &h, f) == 0)
		return 0;
	return load_opening(k, name, f);
}

void
flow_save(struct keeper *k, const struct flow *f)
{
	unsigned char state[STATE_LONGEST];
	size_t len = flow_pack(f, state, sizeof state);
	int64_t until = f->until > f->born + OPENING_LIFE ? f->until : f->born + OPENING_LIFE;

	store_put_flow(k->store, &f->handle, until + FLOW_GRACE, f->step == STEP_SETTING, state, len);
}

void
flow_go(struct keeper *k, struct flow *f, enum step step, enum reason reason)
{
	f->step = step;
	f->reason = reason;
	f->seq++;
	f->until = clock_now() + settings.step_life;
	/* A code may have been promised for longer than a page. */
	if (flow_asks_code(f) && f->until < f->code_until)
		f->until = f->code_until;
	if (f->until > f->born + FLOW_LIFE && step != STEP_END && step != STEP_SETTING)
		f->until = f->born + FLOW_LIFE;
	flow_save(k, f);
}

void
flow_end(struct keeper *k, struct flow *f, enum outcome outcome, enum reason reason)
{
	counts_add(KEPT_ENDED, f->wish, outcome);
	log_event("ended", word_outcome[outcome], "ended: %s%s%s", word_outcome[outcome],
	    reason != REASON_NONE ? ", " : "", reason != REASON_NONE ? word_reason[reason] : "");
	f->outcome = outcome;
	f->at_field = false;
	f->behind = BEHIND_NOTHING;
	memset(&f->ticket, 0, sizeof f->ticket);
	flow_go(k, f, STEP_END, reason);
}

/*
 * Whoever knew the name before the right code must not know it after.  The stone
 * lets a doubled submit of that very code follow (follow in step.c), at the
 * price of the same tries.
 */
void
flow_move(struct keeper *k, struct flow *f, char name[FLOW_LONGEST + 1])
{
	struct flow stone = *f;

	stone.moved = true;
	memset(&stone.ticket, 0, sizeof stone.ticket);
	flow_save(k, &stone);
	code_next_name(f->code_key, &f->handle, name);
	code_handle(name, &f->handle);
}
