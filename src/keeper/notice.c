#include "keeper/notice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/errand.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/message.h"
#include "keeper/registrar.h"
#include "keeper/settings.h"
#include "keeper/wish.h"

enum {
	AWAY_MOST = 16,		/* people who wait come first: so many at a time */
	AGAIN = 60,		/* seconds until the next try, */
	TRIES_MOST = 30,	/* of so many; the ticket lives no longer */
	DOUBTS_MOST = 2		/* it may be on its way: told twice is enough */
};

/* One that is being sent. */
struct notice {
	LIST_ENTRY(notice)	 next;
	struct keeper		*keeper;
	struct notice_row	 row;
	struct flow		 flow;
	enum channel		 by;
};

static struct {
	struct keeper	*keeper;
	struct event	*tick;
	unsigned int	 n_away;
} now;

static LIST_HEAD(, notice) away = LIST_HEAD_INITIALIZER(away);

static void
forget(struct notice *n)
{
	LIST_REMOVE(n, next);
	now.n_away--;
	explicit_bzero(n, sizeof *n);
	free(n);
}

/* ---- By which way --------------------------------------------------------------------- */

static bool
may_go(enum channel by)
{
	return (settings.notices & settings_gateways() & 1U << by) != 0;
}

/*
 * How well a way does: 0, not at all.  One that carried a code may be in the hands of whoever
 * did it; but where it took two of them, that tells more people than it would miss.
 */
static unsigned int
worth(const struct msg_ways *w, unsigned int i, const struct flow *f)
{
	enum channel by = w->ways[i].channel;
	bool same = ((f->carried | f->carried_before) & 1U << by) != 0 &&
	    (by != CHANNEL_SMS || w->ways[i].matched);

	if (!may_go(by) || (same && !settings.notice_same && f->carried_before == 0))
		return 0;
	return (same ? 1U : 3U) + (by == CHANNEL_MAIL);
}

static int
best_way(const struct msg_ways *w, const struct flow *f)
{
	unsigned int best = 0;
	int way = -1;

	for (unsigned int i = 0; i < w->n_ways; i++) {
		if (worth(w, i, f) <= best)
			continue;
		best = worth(w, i, f);
		way = (int)i;
	}
	return way;
}

/* ---- How it ended ----------------------------------------------------------------------- */

static void
end(struct notice *n, const char *outcome, const char *by)
{
	audit_add_detail(n->keeper, &n->flow, "notice", outcome, by, "");
	store_drop_notice(n->keeper->store, n->row.number);
	forget(n);
}

/* It stays in the store, and is due again. */
static bool
later(struct notice *n, enum verdict v)
{
	if (!errand_out_of_reach(v) || n->row.tries >= TRIES_MOST ||
	    (v == VERDICT_UNKNOWN && n->row.tries >= DOUBTS_MOST))
		return false;
	store_put_off_notice(n->keeper->store, n->row.number, clock_now() + AGAIN);
	forget(n);
	return true;
}

static void
on_sent(void *ctx, enum verdict v, const char *gateway)
{
	struct notice *n = ctx;
	char by[sizeof ((struct audit_row *)0)->detail];

	log_about(&n->flow.reference);
	snprintf(by, sizeof by, "%s%s%s", word_channel[n->by], gateway[0] != '\0' ? " " : "", gateway);
	if (!later(n, v))
		end(n, word_verdict[v], by);
	log_about(NULL);
}

static void
send_by(struct notice *n, const struct msg_ways *w, unsigned int way)
{
	struct msg m = { .type = MSG_SEND };

	n->by = w->ways[way].channel;
	m.u.send.channel = n->by;
	memcpy(m.u.send.address, w->ways[way].address, sizeof m.u.send.address);
	m.u.send.template = wish_rows[n->flow.wish].notice;
	m.u.send.at = n->row.at;
	message_send(n->keeper, &n->flow, &m, on_sent, n);
	msg_wipe(&m);
}

static void
on_ways(void *ctx, enum verdict v, const struct msg *m)
{
	struct notice *n = ctx;
	int way;

	log_about(&n->flow.reference);
	/* As many as there are resets and unlocks, which are counted themselves; but not now. */
	if (v == VERDICT_OK && (halt_holds(n->keeper, HALT_SMS) || budget_out_of_messages(n->keeper)))
		v = VERDICT_UNAVAILABLE;
	if (v == VERDICT_OK && (way = best_way(&m->u.ways, &n->flow)) != -1)
		send_by(n, &m->u.ways, (unsigned int)way);
	else if (v == VERDICT_OK)
		end(n, "no_way", "");
	else if (!later(n, v))
		end(n, word_verdict[v], "");
	log_about(NULL);
}

/* ---- From the store --------------------------------------------------------------------- */

static void
begin(struct keeper *k, const struct notice_row *row)
{
	struct notice *n = calloc(1, sizeof *n);
	struct msg m = { .type = MSG_WAYS };

	if (n == NULL)
		fatal("no memory");
	n->keeper = k;
	n->row = *row;
	LIST_INSERT_HEAD(&away, n, next);
	now.n_away++;
	if (flow_unpack(&n->flow, n->row.state, n->row.len) == -1) {
		store_drop_notice(k->store, row->number);
		forget(n);
		return;
	}
	m.reference = n->flow.reference;
	m.u.ticket.ticket = n->flow.ticket;
	registrar_ask(k->registrar, &m, on_ways, n);
}

static void
on_tick(evutil_socket_t none, short what, void *arg)
{
	struct keeper *k = arg;
	struct notice_row row;

	(void)none;
	(void)what;
	if (k->store == NULL)
		return;
	while (now.n_away < AWAY_MOST && registrar_up(k->registrar) && courier_up(k->courier) &&
	    store_take_notice(k->store, clock_now(), &row))
		begin(k, &row);
	explicit_bzero(&row, sizeof row);
}

void
notice_start(struct keeper *k)
{
	const struct timeval each = { .tv_sec = 1 };

	now.keeper = k;
	if ((now.tick = event_new(k->base, -1, EV_PERSIST, on_tick, k)) == NULL ||
	    event_add(now.tick, &each) == -1)
		fatalx("no memory");
}

void
notice_forget(void)
{
	struct notice *n;

	while ((n = LIST_FIRST(&away)) != NULL) {
		registrar_forget(now.keeper->registrar, n);
		forget(n);
	}
}

void
notice_stop(void)
{
	event_free(now.tick);
}

void
notice_add(struct keeper *k, const struct flow *f)
{
	unsigned char state[STATE_LONGEST];

	if ((settings.notices & settings_gateways()) != 0)
		store_add_notice(k->store, clock_now(), state, flow_pack(f, state, sizeof state));
	explicit_bzero(state, sizeof state);
}
