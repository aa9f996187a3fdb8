/*
 * store_sweep.c - what is over, table by table.
 */
#include "keeper/store/store_own.h"

static const struct {
	const char	*any, *some;	/* is there one; remove so many of them */
	int64_t		 kept;		/* seconds beyond the time that a row names */
} sweeps[SWEEP__COUNT] = {
	[SWEEP_FLOWS] = { "SELECT 1 FROM flow WHERE until < ?1 LIMIT 1",
	    "DELETE FROM flow WHERE handle IN "
	    "(SELECT handle FROM flow WHERE until < ?1 ORDER BY until LIMIT ?2)", 0 },
	[SWEEP_NUMBERS] = { "SELECT 1 FROM number WHERE seen < ?1 LIMIT 1",
	    "DELETE FROM number WHERE (account, hash) IN "
	    "(SELECT account, hash FROM number WHERE seen < ?1 ORDER BY seen LIMIT ?2)", NUMBER_KEPT },
	[SWEEP_ORDERS] = { "SELECT 1 FROM ordered WHERE at < ?1 LIMIT 1",
	    "DELETE FROM ordered WHERE (account, flow) IN "
	    "(SELECT account, flow FROM ordered WHERE at < ?1 ORDER BY at LIMIT ?2)", ORDER_KEPT },
	[SWEEP_BUDGETS] = { "SELECT 1 FROM budget WHERE until < ?1 LIMIT 1",
	    "DELETE FROM budget WHERE key IN "
	    "(SELECT key FROM budget WHERE until < ?1 ORDER BY until LIMIT ?2)", 0 },
};

int
store_sweep(struct store *s, enum sweep what, int64_t now, int most)
{
	sqlite3_stmt *q = store_reading(s, sweeps[what].any);

	/* Nothing is written, and no disk is waited for, where nothing is over. */
	sqlite3_bind_int64(q, 1, now - sweeps[what].kept);
	if (!store_found(s, q))
		return 0;
	q = store_writing(s, sweeps[what].some);
	sqlite3_bind_int64(q, 1, now - sweeps[what].kept);
	sqlite3_bind_int(q, 2, most);
	store_run(s, q);
	return sqlite3_changes(s->db);
}
