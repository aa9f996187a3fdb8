/*
 * store_order.c - who ordered a password to be set: by it a flow whose own order was lost
 * knows whether another's may have come between.
 */
#include "keeper/store/store_own.h"

void
store_put_order(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const struct reference *flow, int64_t at)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO ordered (account, flow, at) "
	    "VALUES (?1, ?2, ?3) ON CONFLICT (account, flow) DO UPDATE SET at = ?3");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, flow->byte, sizeof flow->byte);
	sqlite3_bind_int64(q, 3, at);
	store_run(s, q);
}

bool
store_ordered_elsewhere(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const struct reference *flow, int64_t since)
{
	sqlite3_stmt *q = store_reading(s, "SELECT 1 FROM ordered WHERE account = ?1 AND "
	    "flow <> ?2 AND at >= ?3 LIMIT 1");
	bool found;

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, flow->byte, sizeof flow->byte);
	sqlite3_bind_int64(q, 3, since);
	found = store_step(s, q);
	store_done(q);
	return found;
}

int
store_sweep_orders(struct store *s, int64_t now, int most)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM ordered WHERE (account, flow) IN "
	    "(SELECT account, flow FROM ordered WHERE at < ?1 ORDER BY at LIMIT ?2)");

	sqlite3_bind_int64(q, 1, now - ORDER_KEPT);
	sqlite3_bind_int(q, 2, most);
	store_run(s, q);
	return sqlite3_changes(s->db);
}
