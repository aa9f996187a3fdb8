#include "keeper/counts.h"

struct metrics counts = { .table = metric_kept, .n = KEPT__COUNT };

void
counts_add(unsigned int which, unsigned int a, unsigned int b)
{
	++*metrics_at(&counts, which, a, b);
}
