/*
 * store_flow.c - flows, as bytes under handles.
 */
#include "keeper/store/store_own.h"

long
store_get_flow(struct store *s, const struct handle *h, void *out, size_t size)
{
	sqlite3_stmt *q = store_reading(s, "SELECT state FROM flow WHERE handle = ?1");
	long len = -1;

	store_bind_blob(q, 1, h->byte, HANDLE_SIZE);
	if (store_step(s, q))
		len = (long)store_column_blob(q, 0, out, size);
	store_done(q);
	return len;
}

void
store_put_flow(struct store *s, const struct handle *h, int64_t until, const void *state, size_t len)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO flow (handle, until, state) "
	    "VALUES (?1, ?2, ?3) ON CONFLICT (handle) DO UPDATE SET until = ?2, state = ?3");

	store_bind_blob(q, 1, h->byte, HANDLE_SIZE);
	sqlite3_bind_int64(q, 2, until);
	store_bind_blob(q, 3, state, len);
	store_run(s, q);
}

uint32_t
store_flows(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT count(*) FROM flow");
	uint32_t n = store_step(s, q) ? (uint32_t)sqlite3_column_int64(q, 0) : 0;

	store_done(q);
	return n;
}

static bool
any_over(struct store *s, int64_t now)
{
	sqlite3_stmt *q = store_reading(s, "SELECT 1 FROM flow WHERE until < ?1 LIMIT 1");
	bool found;

	sqlite3_bind_int64(q, 1, now);
	found = store_step(s, q);
	store_done(q);
	return found;
}

int
store_sweep_flows(struct store *s, int64_t now, int most)
{
	sqlite3_stmt *q;

	/* Nothing is written, and no disk is waited for, where nothing is over. */
	if (!any_over(s, now))
		return 0;
	q = store_writing(s, "DELETE FROM flow WHERE handle IN "
	    "(SELECT handle FROM flow WHERE until < ?1 ORDER BY until LIMIT ?2)");

	sqlite3_bind_int64(q, 1, now);
	sqlite3_bind_int(q, 2, most);
	store_run(s, q);
	return sqlite3_changes(s->db);
}

void
store_drop_flows(struct store *s)
{
	store_run(s, store_writing(s, "DELETE FROM flow"));
}
