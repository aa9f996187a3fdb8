#include "keeper/counts.h"

#include <string.h>

#include "keeper/courier.h"
#include "keeper/keeper.h"
#include "keeper/registrar.h"

struct metrics counts = { .table = metric_kept, .n = KEPT__COUNT };

void
counts_add(unsigned int which, unsigned int a, unsigned int b)
{
	++*metrics_at(&counts, which, a, b);
}

static void
stand(unsigned int which, int64_t value)
{
	*metrics_at(&counts, which, 0, 0) = value;
}

void
counts_tell(struct keeper *k, struct msg_metrics *m)
{
	struct msg_status s;

	registrar_count(k->registrar, &s);
	stand(KEPT_WORKERS, s.workers);
	stand(KEPT_BUSY, s.busy);
	stand(KEPT_WAITING, s.queued);
	stand(KEPT_DIRECTORY_UP, s.registrar);
	stand(KEPT_COURIER_UP, courier_up(k->courier));
	stand(KEPT_FLOWS, store_flows(k->store));
	stand(KEPT_STORE, store_bytes(k->store));
	stand(KEPT_AUDIT, store_audit_rows(k->store));
	stand(KEPT_STARTED, k->since);
	m->n = (unsigned int)metrics_size(&counts);
	memcpy(m->cell, counts.cell, m->n * sizeof m->cell[0]);
}
