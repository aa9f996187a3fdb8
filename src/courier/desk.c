#include "courier/desk.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/program.h"
#include "base/sandbox.h"
#include "base/supervisor.h"
#include "courier/gateway.h"
#include "courier/letter.h"
#include "courier/settings.h"
#include "wire/dial.h"

/* Longer than this nobody waits: keeper may ask again. */
enum { WAITING_MOST = 4096, WAIT_LONGEST_MS = 30000 };

/* One SEND, until its SENT. */
struct delivery {
	TAILQ_ENTRY(delivery) next;
	uint32_t		id;
	unsigned int		call;		/* the connection it came by */
	enum channel		channel;
	struct gateways		*gateways;	/* as they were when it set out, or NULL */
	int			gateway;	/* the one that has it, or comes next */
	enum verdict		verdict;	/* the best that a gateway said so far */
	int64_t			since;
	struct letter		letter;
};

TAILQ_HEAD(deliveries, delivery);

static struct dial *keeper;
static unsigned int calls;
static struct deliveries waiting = TAILQ_HEAD_INITIALIZER(waiting);
static struct deliveries away = TAILQ_HEAD_INITIALIZER(away);
static int n_waiting, n_away;

static void pump(void);

static void
delivery_free(struct delivery *d)
{
	letter_wipe(&d->letter);
	gateway_release(d->gateways);
	free(d);
}

static void
answer(uint32_t id, const struct reference *r, enum verdict v, const char *gateway)
{
	struct msg m = { .type = MSG_SENT, .id = id, .reference = *r };

	m.u.sent.verdict = v;
	snprintf(m.u.sent.gateway, sizeof m.u.sent.gateway, "%s", gateway);
	if (dial_send(keeper, &m) == -1)
		log_warnx("keeper was not there to hear how a message went");
}

/* An id means nothing to a keeper that started after the question. */
static void
delivery_end(struct delivery *d, enum verdict v)
{
	if (d->call == calls)
		answer(d->id, &d->letter.reference, v,
		    d->gateway < 0 ? "" : gateway_name(d->gateways, d->gateway));
	delivery_free(d);
}

/* ---- On its way --------------------------------------------------------------------- */

static void on_done(enum verdict, void *);

/*
 * Give it to the first gateway, from ${from} on, that takes it.  Return false
 * if none is left.
 */
static bool
set_out(struct delivery *d, int from)
{
	int g;

	while ((g = gateway_next(d->gateways, d->channel, from)) != -1) {
		d->gateway = g;
		if (gateway_send(d->gateways, g, &d->letter, on_done, d) == 0)
			return true;
		from = g + 1;
	}
	return false;
}

static void
on_done(enum verdict v, void *arg)
{
	struct delivery *d = arg;

	/* If any gateway may do it later, so may a later try. */
	if (v == VERDICT_UNAVAILABLE)
		d->verdict = v;
	if (v != VERDICT_OK && v != VERDICT_UNKNOWN && set_out(d, d->gateway + 1))
		return;
	TAILQ_REMOVE(&away, d, next);
	n_away--;
	delivery_end(d, v == VERDICT_OK || v == VERDICT_UNKNOWN ? v : d->verdict);
	pump();
}

static void
pump(void)
{
	struct delivery *d;

	while (n_away < settings.in_flight && (d = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, d, next);
		n_waiting--;
		log_about(&d->letter.reference);
		d->gateways = gateway_hold();
		if (clock_ms() - d->since > WAIT_LONGEST_MS) {
			log_warnx("a message waited too long for its turn");
			delivery_end(d, VERDICT_UNAVAILABLE);
		} else if (set_out(d, 0)) {
			TAILQ_INSERT_TAIL(&away, d, next);
			n_away++;
		} else {
			log_warnx("no gateway can take a message by %s", word_channel[d->channel]);
			delivery_end(d, VERDICT_REJECTED);
		}
		log_about(NULL);
	}
}

/* ---- Keeper --------------------------------------------------------------------------- */

static void
up(void *ctx)
{
	(void)ctx;
	calls++;
	supervisor_tell("READY=1");
	log_info("connected to keeper");
}

static void
heard(struct msg *m, void *ctx)
{
	struct delivery *d;

	(void)ctx;
	if (m->type != MSG_SEND)
		return;
	if (n_waiting >= WAITING_MOST || (d = calloc(1, sizeof *d)) == NULL) {
		log_warnx("too many messages wait for their turn");
		answer(m->id, &m->reference, VERDICT_UNAVAILABLE, "");
		return;
	}
	d->id = m->id;
	d->call = calls;
	d->channel = m->u.send.channel;
	d->gateway = -1;
	d->verdict = VERDICT_REJECTED;
	d->since = clock_ms();
	d->letter.reference = m->reference;
	if (letter_write(&d->letter, &m->u.send) == -1) {
		log_warnx("a message in \"%s\" is too long", m->u.send.lang);
		delivery_end(d, VERDICT_REJECTED);
		return;
	}
	TAILQ_INSERT_TAIL(&waiting, d, next);
	n_waiting++;
	pump();
}

static void
forget(struct deliveries *list)
{
	struct delivery *d;

	while ((d = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, d, next);
		delivery_free(d);
	}
}

static void
down(void *ctx)
{
	(void)ctx;
	calls++;
	/* Who asked is gone, and would not know of these: they stay unsent. */
	forget(&waiting);
	n_waiting = 0;
}

/* Gateways, and whoever knows where they are. */
static void
confine(void)
{
	sandbox_begin(program_settings());
	sandbox_names();
	sandbox_read(settings.share);
	gateway_confine();
	sandbox_enter(false);
}

int
desk_run(void)
{
	static const struct dial_events events = { .up = up, .heard = heard, .down = down };
	struct event_base *base = loop_open();

	gateway_open(base);
	confine();
	keeper = dial_new(base, ROLE_COURIER, &events, NULL);
	loop_run(NULL);
	dial_free(keeper);
	gateway_close();
	forget(&waiting);
	forget(&away);
	letter_forget();
	loop_close();
	return 0;
}
