#include "wire/metric.h"

#include <stdlib.h>

const int64_t metric_bounds[METRIC_BOUNDS] = {
	1000, 3000, 10000, 30000, 100000, 300000, 1000000, 3000000, 10000000
};

/* ---- Cells ---------------------------------------------------------------------------- */

static size_t
words(const struct metric_label *l)
{
	return l->name == NULL ? 1 : l->count;
}

static size_t
size_of(const struct metric *m)
{
	return words(&m->label[0]) * words(&m->label[1]) *
	    (m->type == METRIC_HISTOGRAM ? METRIC_TIMES : 1);
}

size_t
metrics_size(const struct metrics *all)
{
	size_t size = 0;

	for (size_t i = 0; i < all->n; i++)
		size += size_of(&all->table[i]);
	return size;
}

/* Where a row begins.  Another row, or one beyond the room, is our own mistake. */
static size_t
begin(const struct metrics *all, unsigned int which)
{
	size_t at = 0;

	for (unsigned int i = 0; i < which; i++)
		at += size_of(&all->table[i]);
	if (which >= all->n || at + size_of(&all->table[which]) > METRIC_CELLS_MOST)
		abort();
	return at;
}

const int64_t *
metrics_read(const struct metrics *all, unsigned int which)
{
	return &all->cell[begin(all, which)];
}

int64_t *
metrics_at(struct metrics *all, unsigned int which, unsigned int a, unsigned int b)
{
	const struct metric *m = &all->table[which];
	size_t each = m->type == METRIC_HISTOGRAM ? METRIC_TIMES : 1;

	if (a >= words(&m->label[0]) || b >= words(&m->label[1]))
		abort();
	return &all->cell[begin(all, which) + (a * words(&m->label[1]) + b) * each];
}

void
metrics_time(struct metrics *all, unsigned int which, unsigned int a, int64_t microseconds)
{
	int64_t *cell = metrics_at(all, which, a, 0);
	size_t bucket = 0;

	while (bucket < METRIC_BOUNDS && microseconds > metric_bounds[bucket])
		bucket++;
	cell[bucket]++;
	cell[METRIC_BUCKETS] += microseconds;
}

/* ---- Keeper's --------------------------------------------------------------------------- */

#define LABEL(name, list, count) { name, list, count }

/*
 * A step's answers and reasons: the last page takes none, and setting is no page.
 *
 * Whoever reads figures may also type a name and look again.  So nothing is counted that
 * tells somebody from nobody: what is a person's own of a verdict is "ok" (counts.h), and
 * rows of the audit are not counted at all.  That a code was sent has to be told.
 */
const struct metric metric_kept[KEPT__COUNT] = {
	[KEPT_OPENED] = { "latchkey_flows_opened_total",
	    "Flows that got a first answer, by what the link asked for.", METRIC_COUNTER, false,
	    { LABEL("wish", word_wish, WISH__COUNT) } },
	[KEPT_ANSWERS] = { "latchkey_answers_total",
	    "Answers of people, by the page and why the answer did not do.", METRIC_COUNTER, false,
	    { LABEL("step", word_step, STEP_SETTING), LABEL("reason", word_reason, REASON__COUNT) } },
	[KEPT_CODES] = { "latchkey_codes_sent_total",
	    "Codes that were given to gateways, by channel and what became of it.", METRIC_COUNTER,
	    false, { LABEL("channel", word_channel, CHANNEL__COUNT),
	    LABEL("verdict", word_verdict, VERDICT__COUNT) } },
	[KEPT_ENDED] = { "latchkey_flows_ended_total",
	    "Flows that came to an end, by what was wished and how it ended.", METRIC_COUNTER, false,
	    { LABEL("wish", word_wish, WISH__COUNT), LABEL("outcome", word_outcome, OUTCOME__COUNT) } },
	[KEPT_REQUESTS] = { "latchkey_directory_requests_total",
	    "Requests to registrar, by what came of them.", METRIC_COUNTER, false,
	    { LABEL("request", word_task, TASK__COUNT),
	    LABEL("verdict", word_verdict, VERDICT__COUNT) } },
	[KEPT_REQUEST_TIME] = { "latchkey_directory_request_seconds",
	    "From asking registrar to its answer, waiting for a worker included.", METRIC_HISTOGRAM,
	    true, { LABEL("request", word_task, TASK__COUNT) } },
	[KEPT_LOST] = { "latchkey_workers_lost_total",
	    "Registrar's workers that went away with a request.", METRIC_COUNTER, false, { { 0 } } },
	[KEPT_WORKERS] = { "latchkey_workers", "Registrar's workers that are connected.",
	    METRIC_GAUGE, false, { { 0 } } },
	[KEPT_BUSY] = { "latchkey_workers_busy", "Workers that have a request.", METRIC_GAUGE, false,
	    { { 0 } } },
	[KEPT_WAITING] = { "latchkey_requests_waiting", "Requests that no worker has taken yet.",
	    METRIC_GAUGE, false, { { 0 } } },
	[KEPT_DIRECTORY_UP] = { "latchkey_directory_up",
	    "1 if a worker is here and its directory answered when it was last asked.", METRIC_GAUGE,
	    false, { { 0 } } },
	[KEPT_COURIER_UP] = { "latchkey_courier_up", "1 if courier is here.", METRIC_GAUGE, false,
	    { { 0 } } },
	[KEPT_FLOWS] = { "latchkey_flows", "Flows in the store, also those that are over but kept.",
	    METRIC_GAUGE, false, { { 0 } } },
	[KEPT_STORE] = { "latchkey_store_bytes", "Size of the store.", METRIC_GAUGE, false,
	    { { 0 } } },
	[KEPT_COMMIT_TIME] = { "latchkey_store_commit_seconds",
	    "How long it took to put a batch on disk.", METRIC_HISTOGRAM, true, { { 0 } } },
	[KEPT_HALTED] = { "latchkey_halted", "1 if an admin, or too many wrong codes, stopped it.",
	    METRIC_GAUGE, false, { LABEL("what", word_halt, HALT__COUNT) } },
	[KEPT_STARTED] = { "latchkey_keeper_start_time_seconds", "When keeper started, since 1970.",
	    METRIC_GAUGE, false, { { 0 } } },
	[KEPT_STORE_UP] = { "latchkey_store_up", "1 if what is decided can be put on disk.",
	    METRIC_GAUGE, false, { { 0 } } },
	[KEPT_STORE_FAULTS] = { "latchkey_store_faults_total",
	    "How often it turned out that nothing can be put on disk.", METRIC_COUNTER, false,
	    { { 0 } } },
	[KEPT_PAID] = { "latchkey_prices_paid_total",
	    "Prices that flows were asked and have paid, by how.", METRIC_COUNTER, false,
	    { LABEL("by", word_pay, PAY__COUNT) } },
};
