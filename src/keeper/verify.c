#include "keeper/verify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/chain.h"
#include "keeper/keeper.h"

enum { PIECE = 500, TELL_MS = 250 };

struct walk {
	LIST_ENTRY(walk)	 next;
	struct keeper		*keeper;
	int64_t			 expected;	/* the number that is next */
	unsigned char		 before[HASH_SIZE];	/* the mac of the row before that */
	uint32_t		 generation;	/* of the key; 0: none was needed yet */
	struct key		 key;
	int64_t			 seen;		/* the last row that was read */
	bool			 searching;	/* there is a fault: does what is expected stand elsewhere? */
	struct msg_verified	 result;
	/* Who asked. */
	struct link		*link;
	uint32_t		 id;
	struct event		*timer;
	int64_t			 told;
};

static LIST_HEAD(, walk) walks = LIST_HEAD_INITIALIZER(walks);

/* ---- One row ------------------------------------------------------------------------ */

static bool
takes_key(struct walk *w, uint32_t generation)
{
	if (generation != w->generation)
		w->generation = chain_key(w->keeper, generation, &w->key) ? generation : 0;
	return w->generation != 0;
}

static void
blame(struct walk *w, enum fault fault, int64_t number, int64_t to)
{
	w->result.fault = fault;
	w->result.number = number;
	w->result.to = to;
}

static void
blame_row(struct walk *w, enum fault fault, const struct audit_row *r)
{
	blame(w, fault, r->number, r->number);
	w->result.at = r->at;
	memcpy(w->result.what, r->what, sizeof w->result.what);
	memcpy(w->result.outcome, r->outcome, sizeof w->result.outcome);
}

/* Was ${row} written as the one that is expected, whatever number it has now? */
static bool
is_expected(struct walk *w, const struct audit_row *row)
{
	struct audit_row r = *row;
	unsigned char mac[HASH_SIZE];

	if (!takes_key(w, row->generation))
		return false;
	r.number = w->expected;
	chain_mac(&w->key, w->before, &r, mac);
	return memcmp(mac, row->mac, sizeof mac) == 0;
}

/* Pass over rows that are no longer kept, on the way to ${number}; false: there is a fault. */
static bool
passes_stone(struct walk *w, int64_t number)
{
	unsigned char seal[HASH_SIZE] = { 0 };
	struct chain_stone s;

	if (!store_get_stone(w->keeper->store, w->expected, &s) || s.first > number)
		s.first = number;
	if (s.first > w->expected) {
		blame(w, FAULT_MISSING, w->expected, s.first - 1);
		w->searching = true;
		return false;
	}
	if (takes_key(w, s.generation))
		chain_stone_seal(&w->key, &s, seal);
	if (w->generation == 0 || memcmp(seal, s.seal, sizeof seal) != 0 ||
	    memcmp(s.before, w->before, sizeof s.before) != 0) {
		blame(w, FAULT_STONE, s.first, s.last);
		return false;
	}
	if (number <= s.last) {
		blame(w, FAULT_ADDED, number, number);
		return false;
	}
	w->result.gone += s.last - s.first + 1;
	w->expected = s.last + 1;
	memcpy(w->before, s.mac, sizeof w->before);
	return true;
}

static void
search_row(struct walk *w, const struct audit_row *r)
{
	if (!is_expected(w, r))
		return;
	w->searching = false;
	blame_row(w, FAULT_MOVED, r);
	w->result.number = w->expected;
}

static void
check_row(struct walk *w, const struct audit_row *r)
{
	const struct chain_head *head = chain_head(w->keeper);

	while (r->number > w->expected && w->expected <= head->number)
		if (!passes_stone(w, r->number <= head->number ? r->number : head->number + 1))
			return;
	if (r->number > head->number)
		blame_row(w, FAULT_ADDED, r);
	else if (is_expected(w, r)) {
		memcpy(w->before, r->mac, sizeof w->before);
		w->expected++;
		w->result.rows++;
	} else if (w->generation == 0 && r->generation > 0 && r->generation <= head->generation)
		blame_row(w, FAULT_KEY, r);
	else {
		blame_row(w, FAULT_CHANGED, r);
		w->searching = true;
	}
}

static void
on_row(void *ctx, const struct audit_row *r)
{
	struct walk *w = ctx;

	w->seen = r->number;
	if (w->result.fault == FAULT_NONE)
		check_row(w, r);
	if (w->searching && r->number != w->expected)
		search_row(w, r);
}

/* ---- The whole ------------------------------------------------------------------------ */

struct walk *
walk_new(struct keeper *k)
{
	const struct chain_head *head = chain_head(k);
	struct walk *w = calloc(1, sizeof *w);

	if (w == NULL)
		fatal("no memory");
	w->keeper = k;
	w->expected = w->result.first = head->first;
	w->seen = head->first - 1;
	return w;
}

void
walk_free(struct walk *w)
{
	key_wipe(&w->key);
	free(w);
}

/* No row is left: are those that are missing at the end no longer kept, or gone? */
static void
check_end(struct walk *w)
{
	const struct chain_head *head = chain_head(w->keeper);

	while (w->expected <= head->number)
		if (!passes_stone(w, head->number + 1))
			return;
	if (memcmp(w->before, head->mac, sizeof w->before) != 0 || !chain_head_holds(w->keeper))
		blame(w, FAULT_HEAD, head->number, head->number);
}

bool
walk_on(struct walk *w, unsigned int most)
{
	struct msg_audit ask = { .after = w->seen, .most = most };
	int64_t seen = w->seen;

	store_list_audit(w->keeper->store, &ask, NULL, on_row, w);
	w->result.last = chain_head(w->keeper)->number;
	if (w->result.fault != FAULT_NONE)
		return w->searching && w->seen > seen;
	if (w->seen > seen)
		return true;
	check_end(w);
	return false;
}

const struct msg_verified *
walk_result(const struct walk *w)
{
	return &w->result;
}

/* ---- For the admin ----------------------------------------------------------------------- */

static void
end(struct walk *w)
{
	LIST_REMOVE(w, next);
	event_free(w->timer);
	walk_free(w);
}

static void
on_piece(evutil_socket_t none, short what, void *arg)
{
	static const struct timeval at_once = { 0 };
	struct walk *w = arg;
	struct msg m = { .type = MSG_VERIFIED, .id = w->id };
	bool more = walk_on(w, PIECE);

	(void)none;
	(void)what;
	m.u.verified = *walk_result(w);
	if (!more) {
		link_send(w->link, &m);
		end(w);
		return;
	}
	if (clock_ms() > w->told + TELL_MS) {
		m.type = MSG_VERIFYING;
		link_send(w->link, &m);
		w->told = clock_ms();
	}
	evtimer_add(w->timer, &at_once);
}

void
verify_hear(struct keeper *k, struct link *link, struct msg *m)
{
	struct walk *w = walk_new(k);

	w->link = link;
	w->id = m->id;
	w->told = clock_ms();
	if ((w->timer = evtimer_new(k->base, on_piece, w)) == NULL)
		fatalx("no memory");
	LIST_INSERT_HEAD(&walks, w, next);
	event_active(w->timer, 0, 0);
}

void
verify_forget(struct link *link)
{
	struct walk *w = LIST_FIRST(&walks), *after;

	for (; w != NULL; w = after) {
		after = LIST_NEXT(w, next);
		if (w->link == link)
			end(w);
	}
}

bool
verify_under_way(void)
{
	return !LIST_EMPTY(&walks);
}
