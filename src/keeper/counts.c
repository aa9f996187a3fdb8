#include "keeper/counts.h"

struct metrics counts = { .table = metric_kept, .n = KEPT__COUNT };

void
counts_add(unsigned int which, unsigned int a, unsigned int b)
{
	++*metrics_at(&counts, which, a, b);
}

enum verdict
counts_verdict(enum verdict v)
{
	static const enum verdict told[VERDICT__COUNT] = {
		[VERDICT_RULE] = VERDICT_RULE, [VERDICT_LIMIT] = VERDICT_LIMIT,
		[VERDICT_FORBIDDEN] = VERDICT_FORBIDDEN, [VERDICT_REJECTED] = VERDICT_REJECTED,
		[VERDICT_UNAVAILABLE] = VERDICT_UNAVAILABLE, [VERDICT_UNKNOWN] = VERDICT_UNKNOWN,
	};

	/* What is not in the table is nought, which is OK. */
	return told[v];
}
