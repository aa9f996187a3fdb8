#include "explore/world.h"

#include <stdio.h>
#include <string.h>

#include "explore/abreast.h"
#include "explore/promise.h"
#include "keeper/code.h"
#include "keeper/desk.h"
#include "keeper/settings.h"

enum { SLOTS_MS = 4, ROUNDS_MOST = 8 };	/* what goes on behind an answer has begun */

struct world world;

void
world_broke(const char *what)
{
	if (world.broken == NULL)
		world.broken = what;
	if (world.loud)
		printf("        BROKEN: %s\n", what);
}

void
world_begin(const struct world *like)
{
	world = (struct world){ .n_walks = like->n_walks, .abreast = like->abreast,
	    .terms = like->terms, .loud = like->loud };
	/* One to spare: a flow may not wait for another, nor for what it left behind. */
	peers_begin(world.n_walks + 1);
	terms_begin();
	world_settle(false);
}

void
world_end(void)
{
	peers_end();
}

void
world_name(const struct walk *w, int i, char name[FLOW_LONGEST + 1])
{
	struct handle h;

	memcpy(name, w->names[0], FLOW_LONGEST + 1);
	for (; i > 0; i--) {
		code_handle(name, &h);
		code_next_name(settings.code_key, &h, name);
	}
}

void
world_code(const struct walk *w, int i, struct secret *code)
{
	char name[FLOW_LONGEST + 1];
	struct handle h;

	world_name(w, i, name);
	code_handle(name, &h);
	code_make(settings.code_key, &h, code);
}

int
world_codes(void)
{
	return world.terms.second ? CODES_MOST : 1;
}

/* ---- What leaves keeper -------------------------------------------------------------- */

static struct walk *
whose(const struct reference *r)
{
	for (unsigned int i = 0; i < world.n_walks; i++)
		if (world.walks[i].heard && memcmp(&world.walks[i].told.reference, r, sizeof *r) == 0)
			return &world.walks[i];
	return NULL;
}

static void
take_question(unsigned int worker, const struct msg *m)
{
	struct job *j = &world.jobs[worker];

	j->busy = true;
	j->asked = *m;
	j->since = peers_now();
	if ((j->walk = whose(&m->reference)) == NULL) {
		world_broke("registrar was asked something on nobody's way");
		return;
	}
	if (world.loud)
		printf("        keeper asks registrar: %c: %s\n", (int)('a' + (j->walk - world.walks)),
		    msg_name(m->type));
	promise_question(j->walk, m);
}

/* Whether the directory is there is not what this is about: it is. */
static bool
hear_worker(unsigned int worker)
{
	bool probed = false;
	struct msg m;
	int r;

	while ((r = peers_hear(peers.workers[worker], ROLE_REGISTRAR, &m)) == 1) {
		if (m.type != MSG_PROBE) {
			take_question(worker, &m);
			continue;
		}
		m.type = MSG_PROBED;
		m.u.verdict = VERDICT_OK;
		peers_say(peers.workers[worker], ROLE_REGISTRAR, &m);
		probed = true;
	}
	/* It took longer than keeper waits. */
	if (r == -1)
		world_lose(&world.jobs[worker]);
	return probed || r == -1;
}

static void
hear_courier(void)
{
	struct msg m;

	while (peers_hear(peers.courier, ROLE_COURIER, &m) == 1) {
		struct walk *w = whose(&m.reference);

		if (world.loud)
			printf("        keeper asks courier: %s\n", msg_name(m.type));
		if (w == NULL || world.n_parcels == PARCELS_MOST) {
			world_broke("courier was asked something on nobody's way");
			continue;
		}
		world.parcels[world.n_parcels++] = (struct parcel){ m.id, w };
		promise_send(w, &m.u.send);
	}
}

static struct ask
answered(uint32_t id)
{
	struct ask found = { 0 };

	for (unsigned int i = 0; i < world.n_asks; i++) {
		if (world.asks[i].id != id)
			continue;
		found = world.asks[i];
		world.asks[i] = world.asks[--world.n_asks];
		break;
	}
	return found;
}

static void
say_step(const struct walk *w, const struct msg_step *s)
{
	printf("        keeper tells portal: %c: %s%s, seq %u", (int)('a' + (w - world.walks)), s->refused ? "no" : word_step[s->step],
	    s->outcome != OUTCOME_NONE ? word_outcome[s->outcome] : "", s->seq);
	if (s->reason != REASON_NONE)
		printf(", %s", word_reason[s->reason]);
	if (s->left > 0)
		printf(", %u left", s->left);
	printf("\n");
}

static void
hear_portal(void)
{
	struct msg m;

	while (peers_hear(peers.portal, ROLE_PORTAL, &m) == 1) {
		struct ask a = answered(m.id);

		if (m.type != MSG_STEP || a.walk == NULL) {
			world_broke("portal was told something unasked");
			continue;
		}
		if (world.loud)
			say_step(a.walk, &m.u.step);
		promise_step(&a, &m.u.step);
		if (world.abreast)
			abreast_heard(a.walk, &m.u.step);
	}
}

static void
hear_admin(void)
{
	struct msg m;

	while (peers_hear(peers.admin, ROLE_CTL, &m) == 1)
		if (m.type == MSG_HALTED)
			terms_halted();
}

/*
 * True if keeper has been answered something, and will want to handle it.  The admin hears
 * last: whatever left before has been heard by then.
 */
static bool
hear_all(void)
{
	bool probed = false;

	for (unsigned int i = 0; i < peers.n_workers; i++)
		probed = hear_worker(i) || probed;
	hear_courier();
	hear_portal();
	hear_admin();
	return probed;
}

/* ---- The batch -------------------------------------------------------------------------- */

static void
commit(void)
{
	int rounds = 0;

	do {
		if (rounds > 0)
			peers_handle();
		desk_commit();
		for (unsigned int i = 0; i < world.n_walks; i++)
			world.walks[i].sure = world.walks[i].now;
	} while (hear_all() && ++rounds < ROUNDS_MOST);
	world.holding = false;
	for (unsigned int i = 0; i < world.n_walks; i++)
		if (world.walks[i].heard)
			promise_store(&world.walks[i]);
	if (peers.leak != NULL)
		world_broke(peers.leak);
}

static void
remember(void)
{
	for (unsigned int i = 0; i < world.n_walks; i++) {
		struct walk *w = &world.walks[i];

		w->before = (struct before){ w->n_names, w->outcome, w->seq };
	}
}

void
world_settle(bool hold)
{
	if (!world.holding)
		remember();
	peers_handle();
	if (hold) {
		world.holding = true;
		promise_silence();
		return;
	}
	commit();
	if (world.n_asks > 0) {
		world_wait(SLOTS_MS);
		peers_handle();
		commit();
	}
}

void
world_crash(void)
{
	promise_silence();
	for (unsigned int i = 0; i < world.n_walks; i++) {
		struct walk *w = &world.walks[i];

		w->now = w->sure;
		if (w->order == ORDER_OUT)
			w->order = ORDER_LOST;
	}
	memset(world.jobs, 0, sizeof world.jobs);
	world.n_asks = world.n_parcels = 0;
	remember();
	peers_restart();
	commit();
}

void
world_wait(int64_t ms)
{
	peers_wait(ms);
	for (unsigned int i = 0; i < world.n_walks; i++)
		if (world.walks[i].order == ORDER_LOST && world.walks[i].order_until < peers_now())
			world.walks[i].order = ORDER_NONE;
}

/* ---- What is said to keeper ---------------------------------------------------------------- */

void
world_ask(struct walk *w, struct msg *m, struct ask a)
{
	a.id = m->id = ++world.last_id;
	a.walk = w;
	if (world.n_asks == ASKS_MOST)
		world.n_asks = 0;	/* nobody waits for ever */
	world.asks[world.n_asks++] = a;
	peers_say(peers.portal, ROLE_PORTAL, m);
}

struct job *
world_job(const struct walk *w)
{
	struct job *oldest = NULL;

	for (unsigned int i = 0; i < peers.n_workers; i++) {
		struct job *j = &world.jobs[i];

		if (j->busy && j->walk == w && (oldest == NULL || j->asked.id < oldest->asked.id))
			oldest = j;
	}
	return oldest;
}

void
world_reply(struct job *j, struct msg *m)
{
	m->id = j->asked.id;
	m->type = msg_reply(j->asked.type);
	j->busy = false;
	peers_say(peers.workers[j - world.jobs], ROLE_REGISTRAR, m);
}

void
world_lose(struct job *j)
{
	if (j->busy && j->walk->order == ORDER_OUT)
		j->walk->order = ORDER_LOST;
	j->busy = false;
	peers_replace((unsigned int)(j - world.jobs));
}

void
world_does(struct walk *w)
{
	if (!w->done)
		terms_done(w->ordered);
	if (w->ordered == MSG_SET && !w->done)
		world.passwords++;
	w->done = w->carried = true;
	if (w->order == ORDER_LOST)
		w->order = ORDER_NONE;
	if (w->told_not)
		world_broke("the directory did it, after it was told that it had not");
}
