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
store_put_flow(struct store *s, const struct handle *h, int64_t until, bool owes,
    const void *state, size_t len)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO flow (handle, until, state, owes) "
	    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (handle) DO UPDATE SET until = ?2, state = ?3, "
	    "owes = ?4");

	store_bind_blob(q, 1, h->byte, HANDLE_SIZE);
	sqlite3_bind_int64(q, 2, until);
	store_bind_blob(q, 3, state, len);
	if (owes)
		sqlite3_bind_int(q, 4, 1);
	store_run(s, q);
}

void
store_list_owing(struct store *s, store_handle_fn *each, void *ctx)
{
	sqlite3_stmt *q = store_reading(s, "SELECT handle FROM flow WHERE owes IS NOT NULL");
	struct handle h;

	while (store_step(s, q))
		if (store_column_blob(q, 0, h.byte, HANDLE_SIZE) == HANDLE_SIZE)
			each(ctx, &h);
	store_done(q);
}

uint32_t
store_flows(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT count(*) FROM flow");

	return (uint32_t)store_count(s, q);
}

void
store_drop_flows(struct store *s)
{
	store_run(s, store_writing(s, "DELETE FROM flow"));
}
