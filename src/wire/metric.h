/*
 * metric.h - figures for Prometheus: tables of what is counted, and where it stands.
 *
 * A table is the law: a name, a help, a type, and for each label its closed list of
 * words, so nothing that people type can become a label.  All combinations are kept
 * and shown, also those at nought: then the first one that happens is seen as a rise.
 * Keeper's table is here, because its figures cross the wire as bare numbers in the
 * table's order, and portal writes them out.
 */
#ifndef WIRE_METRIC_H
#define WIRE_METRIC_H

#include <stdbool.h>

#include "wire/msg.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM };

struct metric_label {
	const char		 *name;		/* NULL: none */
	const char *const	 *words;
	unsigned int		  count;
};

struct metric {
	const char		*name, *help;	/* one line, without a backslash */
	enum metric_type	 type;
	bool			 micro;		/* kept in millionths: seconds, with what is behind the dot */
	struct metric_label	 label[2];
};

/* A histogram's cells: how many in each bucket, from the bound before it; the rest; the sum. */
enum { METRIC_BOUNDS = 9, METRIC_BUCKETS = METRIC_BOUNDS + 1, METRIC_TIMES = METRIC_BUCKETS + 1 };
extern const int64_t metric_bounds[METRIC_BOUNDS];

struct metrics {
	const struct metric	*table;
	size_t			 n;
	int64_t			 cell[METRIC_CELLS_MOST];
};

/** metrics_size(metrics): how many cells its table has. */
size_t metrics_size(const struct metrics *);

/** metrics_read(metrics, which): all cells of that row, in the order of its words. */
const int64_t *metrics_read(const struct metrics *, unsigned int which);

/** metrics_at(metrics, which, a, b): the first cell of that row for the a-th and b-th words. */
int64_t *metrics_at(struct metrics *, unsigned int which, unsigned int a, unsigned int b);

/** metrics_time(metrics, which, a, microseconds): one more that took so long, in a histogram. */
void metrics_time(struct metrics *, unsigned int which, unsigned int a, int64_t);

/* ---- Keeper's ------------------------------------------------------------------------- */

enum {
	KEPT_OPENED, KEPT_ANSWERS, KEPT_CODES, KEPT_ENDED, KEPT_REQUESTS,
	KEPT_REQUEST_TIME, KEPT_LOST, KEPT_WORKERS, KEPT_BUSY, KEPT_WAITING, KEPT_DIRECTORY_UP,
	KEPT_COURIER_UP, KEPT_FLOWS, KEPT_STORE, KEPT_COMMIT_TIME, KEPT_HALTED,
	KEPT_STARTED,
	KEPT_STORE_UP, KEPT_STORE_FAULTS,
	KEPT_PAID,
	KEPT__COUNT
};

extern const struct metric metric_kept[KEPT__COUNT];

#endif
