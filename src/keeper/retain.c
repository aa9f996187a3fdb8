#include "keeper/retain.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/export.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"
#include "keeper/verify.h"

enum { PIECE = 200 };

/* The look that is under way: from the first row to the first that is not old. */
static struct {
	struct keeper	*keeper;
	struct event	*timer;
	int64_t		 after;
} look;

/* Rows beside each other that are removed together. */
struct pass {
	struct keeper	*keeper;
	int64_t		 now, exported;
	int64_t		 seen;		/* the row that was seen last, */
	bool		 linked;	/* whose mac is ${before} */
	unsigned int	 rows;
	bool		 over;		/* what comes is not old */
	unsigned char	 before[HASH_SIZE];
	struct chain_stone run;		/* first 0: none */
	unsigned char	 accounts[PIECE][ACCOUNT_SIZE];
	unsigned int	 n_accounts;
};

/* ---- Which ---------------------------------------------------------------------------- */

static bool
older(const struct pass *s, const struct audit_row *r, int days)
{
	return days > 0 && r->at < s->now - (int64_t)days * DAY;
}

/* Rows that are on nobody's way are an admin's. */
static bool
is_change(const struct audit_row *r)
{
	if (!reference_given(&r->flow))
		return true;
	return (strcmp(r->what, "reset") == 0 || strcmp(r->what, "activated") == 0 ||
	    strcmp(r->what, "unlocked") == 0) &&
	    (strcmp(r->outcome, "ok") == 0 || strcmp(r->outcome, "unknown") == 0);
}

/* ---- Runs ------------------------------------------------------------------------------- */

/* One stone for what is gone beside each other. */
static void
join(struct store *store, struct chain_stone *s)
{
	struct chain_stone other;

	if (store_get_stone_ending(store, s->first - 1, &other)) {
		store_drop_stone(store, other.first);
		s->first = other.first;
		memcpy(s->before, other.before, sizeof s->before);
	}
	if (store_get_stone(store, s->last + 1, &other) && other.first == s->last + 1) {
		store_drop_stone(store, other.first);
		s->last = other.last;
		memcpy(s->mac, other.mac, sizeof s->mac);
	}
}

/* The key of a person of whom there is no row left is of no use. */
static void
drop_keys(struct pass *s)
{
	for (unsigned int i = 0; i < s->n_accounts; i++)
		if (!store_has_audit(s->keeper->store, s->accounts[i]))
			store_drop_person(s->keeper->store, s->accounts[i]);
	s->n_accounts = 0;
}

static void
remove_run(struct pass *s)
{
	struct store *store = s->keeper->store;

	if (s->run.first == 0)
		return;
	store_drop_audit(store, s->run.first, s->run.last);
	if (s->run.generation != 0) {
		join(store, &s->run);
		s->run.generation = chain_head(s->keeper)->generation;
		chain_stone_seal(s->keeper->chain.key, &s->run, s->run.seal);
		store_put_stone(store, &s->run);
	}
	s->run.first = 0;
	drop_keys(s);
}

/* ---- One row ------------------------------------------------------------------------------ */

/* The mac that the row was linked to: of the one before, or of what stands for it. */
static bool
know_before(struct pass *s, const struct audit_row *r)
{
	struct chain_stone stone;

	if (s->linked && s->seen == r->number - 1)
		return true;
	memset(s->before, 0, sizeof s->before);
	if (r->number == chain_head(s->keeper)->first)
		return true;
	if (!store_get_stone_ending(s->keeper->store, r->number - 1, &stone))
		return false;
	memcpy(s->before, stone.mac, sizeof s->before);
	return true;
}

/* A stone says that all was well below it: nothing goes that is not as it was written. */
static bool
is_whole(struct pass *s, const struct audit_row *r)
{
	unsigned char mac[HASH_SIZE] = { 0 };
	struct key key;
	bool whole = r->generation == 0 || (know_before(s, r) &&
	    chain_key(s->keeper, r->generation, &key));

	if (whole && r->generation != 0) {
		chain_mac(&key, s->before, r, mac);
		whole = memcmp(mac, r->mac, sizeof mac) == 0;
	}
	key_wipe(&key);
	if (!whole)
		log_warnx("row %lld of the audit is not as it was written, so it is kept; run: "
		    "latchkey audit verify", (long long)r->number);
	return whole;
}

static void
remove_row(struct pass *s, const struct audit_row *r)
{
	bool chained = r->generation != 0;

	if (s->run.first != 0 && (s->run.last != r->number - 1 || (s->run.generation != 0) != chained))
		remove_run(s);
	if (s->run.first == 0) {
		s->run = (struct chain_stone){ .first = r->number, .generation = r->generation };
		memcpy(s->run.before, s->before, sizeof s->run.before);
	}
	s->run.last = r->number;
	memcpy(s->run.mac, r->mac, sizeof s->run.mac);
	memcpy(s->accounts[s->n_accounts++], r->account, ACCOUNT_SIZE);
}

/* A piece begins behind a row that the one before has seen, and may have removed. */
static void
note_before(void *ctx, const struct audit_row *r)
{
	struct pass *s = ctx;

	s->linked = r->number == s->seen;
	memcpy(s->before, r->mac, sizeof s->before);
}

static void
on_row(void *ctx, const struct audit_row *r)
{
	struct pass *s = ctx;
	bool old = older(s, r, settings.audit_days), change = is_change(r);
	/* Written when the clock was ahead: what stands behind it may be old all the same. */
	bool ahead = r->at > s->now;

	s->rows++;
	s->over = s->over || (!ahead && !old && !older(s, r, settings.audit_change_days)) ||
	    r->number > s->exported;
	if (s->over)
		return;
	if (change ? older(s, r, settings.audit_change_days) : old) {
		if (!is_whole(s, r)) {
			s->over = true;
			return;
		}
		remove_row(s, r);
	}
	s->seen = r->number;
	s->linked = true;
	memcpy(s->before, r->mac, sizeof s->before);
}

bool
retain_piece(struct keeper *k, int64_t *after, unsigned int most)
{
	struct msg_audit ask = { .after = *after, .most = most < PIECE ? most : PIECE },
	    last = { .after = *after - 1, .most = 1 };
	struct pass s = { .keeper = k, .now = clock_now(), .exported = export_reached(k),
	    .seen = *after };

	store_list_audit(k->store, &last, NULL, note_before, &s);
	store_list_audit(k->store, &ask, NULL, on_row, &s);
	remove_run(&s);
	*after = s.seen;
	return !s.over && s.rows == ask.most;
}

void
retain_nobodies(struct keeper *k)
{
	static const unsigned char none[ACCOUNT_SIZE];
	unsigned char last[ACCOUNT_SIZE];

	if (settings.audit_nobody_days == 0)
		return;
	audit_nobody(clock_now() - (int64_t)settings.audit_nobody_days * DAY, 1, last);
	store_drop_persons(k->store, none, last);
}

/* ---- When ------------------------------------------------------------------------------------ */

static void
on_look(evutil_socket_t none, short what, void *arg)
{
	static const struct timeval soon = { .tv_usec = 10000 }, tomorrow = { .tv_sec = DAY },
	    later = { .tv_sec = 10 };
	bool busy = look.keeper->store == NULL || verify_under_way();

	(void)none;
	(void)what;
	(void)arg;
	if (!busy && look.after == 0)
		retain_nobodies(look.keeper);
	if (busy || retain_piece(look.keeper, &look.after, PIECE)) {
		evtimer_add(look.timer, busy ? &later : &soon);
		return;
	}
	look.after = 0;
	evtimer_add(look.timer, &tomorrow);
}

void
retain_begin(struct keeper *k)
{
	look.keeper = k;
	look.after = 0;
	if ((look.timer = evtimer_new(k->base, on_look, NULL)) == NULL)
		fatalx("no memory");
	event_active(look.timer, 0, 0);
}

void
retain_again(void)
{
	look.after = 0;
	event_active(look.timer, 0, 0);
}

void
retain_end(void)
{
	event_free(look.timer);
}
