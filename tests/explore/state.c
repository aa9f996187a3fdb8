#include "explore/state.h"

#include <search.h>
#include <string.h>

#include <event2/event.h>

#include "explore/world.h"
#include "keeper/budget.h"
#include "keeper/code.h"
#include "keeper/courier.h"
#include "keeper/errand_stage.h"
#include "keeper/flow.h"
#include "keeper/keeper.h"
#include "keeper/registrar.h"

enum { FAR = 3600 };	/* seconds: no life is longer */

static uint64_t sum;

static void
mix(const void *data, size_t len)
{
	const unsigned char *p = data;

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ p[i]) * 0x100000001b3;
}

static void
mix_number(int64_t n)
{
	sum = (sum ^ (uint64_t)n) * 0x9e3779b97f4a7c15;
	sum ^= sum >> 29;
}

/* How far off, in seconds.  What settles takes milliseconds, and is none. */
static void
mix_time(int64_t ms)
{
	int64_t s = ms == 0 ? INT64_MIN : (ms - peers_now() + 999 + FAR * 1000LL) / 1000;

	mix_number(ms != 0 && s > 2 * FAR ? 2 * FAR : ms != 0 && s < 0 ? 0 : s);
}

/* ---- What keeper has stored, and what it has in memory ------------------------------------ */

static void
mix_errand(const struct errand *e)
{
	const struct { unsigned int n; } numbers[] = { { (unsigned int)e->stage }, { e->pausing },
	    { e->resets }, { e->sets }, { e->unsure }, { e->tries }, { e->unchanged }, { e->answered },
	    { e->n_waiters }, { e->rules.n_rules }, { e->answer.n_fields },
	    { e->channel }, { e->way } };
	struct timeval tv = { 0 };

	mix(numbers, sizeof numbers);
	if (event_pending(e->timer, EV_TIMEOUT, &tv))
		mix_time(tv.tv_sec * 1000LL + tv.tv_usec / 1000);
}

static int
compare(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct handle));
}

/* Whole but for what is random: a field that is new is in it. */
static uint32_t
mix_flow(const char *name)
{
	struct handle h;
	struct flow f;
	uint32_t seq;
	void *at;

	code_handle(name, &h);
	if (flow_load_handle(peers.keeper, &h, &f) == -1) {
		mix_number(0);
		return 0;
	}
	seq = f.seq;
	mix_time(f.born * 1000);
	mix_time(f.until * 1000);
	mix_time(f.sent_at * 1000);
	mix_time(f.code_until * 1000);
	mix_time(f.set_at * 1000);
	mix_time(f.charged_at * 1000);
	mix_time(f.price_until * 1000);
	f.born = f.until = f.sent_at = f.code_until = f.set_at = f.charged_at =
	    f.price_until = 0;
	f.seq = 0;
	memset(&f.handle, 0, sizeof f.handle);
	memset(&f.reference, 0, sizeof f.reference);
	memset(f.who.data, 0, sizeof f.who.data);
	mix(&f, sizeof f);
	if ((at = tfind(&h, &peers.keeper->errands, compare)) != NULL)
		mix_errand(*(struct errand **)at);
	return seq;
}

/* ---- What the world knows ------------------------------------------------------------------- */

static void
mix_said(const struct walk *w, uint32_t seq)
{
	const struct msg_answer *a = &w->said.u.answer;

	mix_number(w->said.type);
	if (w->said.type == MSG_NONE)
		return;
	for (unsigned int i = 0; i < w->n_names; i++)
		mix_number(strcmp(a->flow, w->names[i]) == 0);
	mix_number((int64_t)a->seq - seq);
	mix_number(a->step);
	for (unsigned int i = 0; i < a->n_fields; i++) {
		mix_number(a->fields[i].name);
		mix_number((int64_t)a->fields[i].value.len);
		if (a->step == STEP_CODE || a->step == STEP_SECOND) {
			struct secret code;

			world_code(w, a->step == STEP_SECOND, &code);
			mix_number(secret_equal(&code, &a->fields[i].value));
		} else if (a->step == STEP_PRICE)
			mix_number(strcmp(a->fields[i].value.text, w->told.riddle.letters) == 0);
		else
			mix(a->fields[i].value.text, a->fields[i].value.len);
	}
}

static void
mix_code(const struct walk *w, int i, uint32_t seq)
{
	const struct told_code *c = &w->codes[i];
	const struct { unsigned int n; } numbers[] = { { w->now.rights[i] != 0 },
	    { w->sure.rights[i] != 0 }, { (unsigned int)__builtin_popcountll(c->judged) },
	    { c->at_old }, { c->sends }, { c->carried } };

	mix(numbers, sizeof numbers);
	mix_number((int)w->n_names > i + 1 ? (int64_t)c->seq - seq : 0);
}

static void
mix_walk(const struct walk *w)
{
	const struct { unsigned int n; } numbers[] = { { w->n_names }, { w->heard }, { w->told.step },
	    { w->told.n_fields }, { w->now.matched }, { w->now.cleared }, { w->sure.matched },
	    { w->sure.cleared }, { w->order }, { w->ordered }, { w->done }, { w->carried },
	    { w->told_not }, { w->outcome }, { w->opened > 0 },
	    { w->now.paid }, { w->sure.paid }, { w->riddle_before[0] != '\0' }, { w->in_at_halt } };
	uint32_t seq = 0;

	mix(numbers, sizeof numbers);
	/* Also what it will be called, and nobody has been told yet. */
	for (int i = 0; i <= world_codes() && w->n_names > 0; i++) {
		char name[FLOW_LONGEST + 1];
		uint32_t at;

		world_name(w, i, name);
		if ((at = mix_flow(name)) != 0)
			seq = at;
	}
	mix_number((int64_t)w->told.seq - seq);
	mix_number((int64_t)w->seq - seq);
	for (int i = 0; i < world_codes(); i++)
		mix_code(w, i, seq);
	mix_said(w, seq);
	if (w->ordered != MSG_NONE)
		mix_time(w->order_until);
	mix_time(w->patience);
}

/* Whose turn it is among those that are idle makes no difference. */
static void
mix_jobs(const struct walk *w)
{
	const struct job *j = world_job(w);
	unsigned int asks = 0, parcels = 0;
	uint64_t all = 0;

	for (unsigned int i = 0; i < peers.n_workers; i++)
		if (world.jobs[i].busy && world.jobs[i].walk == w)
			all |= 1ULL << world.jobs[i].asked.type;
	mix_number((int64_t)all);
	mix_number(j == NULL ? MSG_NONE : j->asked.type);
	if (j != NULL)
		mix_time(j->since);
	for (unsigned int i = 0; i < world.n_asks; i++)
		asks += world.asks[i].walk == w;
	for (unsigned int i = 0; i < world.n_parcels; i++)
		parcels += world.parcels[i].walk == w;
	mix_number(asks);
	mix_number(parcels);
}

static void
mix_terms(void)
{
	static const unsigned char account[ACCOUNT_SIZE] = { 7 };
	struct msg_looked_up spent = { 0 };

	mix_number(peers.keeper->halts);
	mix_number(world.halts);
	if (!world.terms.scarce)
		return;
	budget_tell(peers.keeper, account, &spent);
	mix(&spent, sizeof spent);
	mix_number(world.messages);
	mix(world.changes, sizeof world.changes);
}

uint64_t
state_hash(void)
{
	struct msg_status s = { 0 };

	sum = 0xcbf29ce484222325;
	for (unsigned int i = 0; i < world.n_walks; i++) {
		mix_walk(&world.walks[i]);
		mix_jobs(&world.walks[i]);
	}
	mix_terms();
	registrar_count(peers.keeper->registrar, &s);
	mix_number(s.registrar);
	mix_number(s.queued);
	mix_number(courier_up(peers.keeper->courier));
	mix_number(store_holds(peers.keeper->store));
	mix_number(world.holding);
	return sum;
}
