#include "courier/desk.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "courier/gateway.h"
#include "courier/letter.h"
#include "courier/settings.h"
#include "wire/dial.h"

/* Longer than this nobody waits: keeper may ask again. */
enum { WAITING_MOST = 4096, WAIT_LONGEST_MS = 30000 };

/* One SEND, until its SENT. */
struct errand {
	TAILQ_ENTRY(errand)	next;
	uint32_t		id;
	unsigned int		call;		/* the connection it came by */
	enum channel		channel;
	int			gateway;	/* the one that has it, or comes next */
	enum verdict		verdict;	/* the best that a gateway said so far */
	int64_t			since;
	struct letter		letter;
};

TAILQ_HEAD(errands, errand);

static struct event_base *base;
static struct dial *keeper;
static unsigned int calls;
static struct errands waiting = TAILQ_HEAD_INITIALIZER(waiting);
static struct errands away = TAILQ_HEAD_INITIALIZER(away);
static int n_waiting, n_away;

static void pump(void);

static void
errand_free(struct errand *e)
{
	letter_wipe(&e->letter);
	free(e);
}

static void
answer(uint32_t id, enum verdict v, const char *gateway)
{
	struct msg m = { .type = MSG_SENT, .id = id };

	m.u.sent.verdict = v;
	snprintf(m.u.sent.gateway, sizeof m.u.sent.gateway, "%s", gateway);
	if (dial_send(keeper, &m) == -1)
		log_warnx("keeper was not there to hear how a message went");
}

/* An id means nothing to a keeper that started after the question. */
static void
errand_end(struct errand *e, enum verdict v)
{
	if (e->call == calls)
		answer(e->id, v, e->gateway < 0 ? "" : gateway_name(e->gateway));
	errand_free(e);
}

/* ---- On its way --------------------------------------------------------------------- */

static void on_done(enum verdict, void *);

/*
 * Give it to the first gateway, from ${from} on, that takes it.  Return false
 * if none is left.
 */
static bool
set_out(struct errand *e, int from)
{
	int g;

	while ((g = gateway_next(e->channel, from)) != -1) {
		e->gateway = g;
		if (gateway_send(g, &e->letter, on_done, e) == 0)
			return true;
		from = g + 1;
	}
	return false;
}

static void
on_done(enum verdict v, void *arg)
{
	struct errand *e = arg;

	/* If any gateway may do it later, so may a later try. */
	if (v == VERDICT_UNAVAILABLE)
		e->verdict = v;
	if (v != VERDICT_OK && v != VERDICT_UNKNOWN && set_out(e, e->gateway + 1))
		return;
	TAILQ_REMOVE(&away, e, next);
	n_away--;
	errand_end(e, v == VERDICT_OK || v == VERDICT_UNKNOWN ? v : e->verdict);
	pump();
}

static void
pump(void)
{
	struct errand *e;

	while (n_away < settings.in_flight && (e = TAILQ_FIRST(&waiting)) != NULL) {
		TAILQ_REMOVE(&waiting, e, next);
		n_waiting--;
		if (clock_ms() - e->since > WAIT_LONGEST_MS) {
			log_warnx("a message waited too long for its turn");
			errand_end(e, VERDICT_UNAVAILABLE);
		} else if (set_out(e, 0)) {
			TAILQ_INSERT_TAIL(&away, e, next);
			n_away++;
		} else {
			log_warnx("no gateway can take a message by %s", word_channel[e->channel]);
			errand_end(e, VERDICT_REJECTED);
		}
	}
}

/* ---- Keeper --------------------------------------------------------------------------- */

static void
up(void *ctx)
{
	(void)ctx;
	calls++;
	program_notify("READY=1");
	log_info("connected to keeper");
}

static void
heard(struct msg *m, void *ctx)
{
	struct errand *e;

	(void)ctx;
	if (m->type != MSG_SEND)
		return;
	if (n_waiting >= WAITING_MOST || (e = calloc(1, sizeof *e)) == NULL) {
		log_warnx("too many messages wait for their turn");
		answer(m->id, VERDICT_UNAVAILABLE, "");
		return;
	}
	e->id = m->id;
	e->call = calls;
	e->channel = m->u.send.channel;
	e->gateway = -1;
	e->verdict = VERDICT_REJECTED;
	e->since = clock_ms();
	if (letter_write(&e->letter, &m->u.send) == -1) {
		log_warnx("a message in \"%s\" is too long", m->u.send.lang);
		errand_end(e, VERDICT_REJECTED);
		return;
	}
	TAILQ_INSERT_TAIL(&waiting, e, next);
	n_waiting++;
	pump();
}

static void
forget(struct errands *list)
{
	struct errand *e;

	while ((e = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, e, next);
		errand_free(e);
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

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	event_base_loopbreak(base);
}

int
desk_run(void)
{
	static const struct dial_events events = { .up = up, .heard = heard, .down = down };
	static const int stops[] = { SIGTERM, SIGINT };
	struct event *stop[2];

	if ((base = event_base_new()) == NULL)
		fatalx("no event loop");
	for (size_t i = 0; i < 2; i++)
		if ((stop[i] = evsignal_new(base, stops[i], on_stop, NULL)) == NULL ||
		    evsignal_add(stop[i], NULL) == -1)
			fatalx("no event loop");
	gateway_open(base);
	keeper = dial_new(base, ROLE_COURIER, &events, NULL);
	event_base_dispatch(base);
	dial_free(keeper);
	gateway_close();
	forget(&waiting);
	forget(&away);
	letter_forget();
	for (size_t i = 0; i < 2; i++)
		event_free(stop[i]);
	event_base_free(base);
	return 0;
}
