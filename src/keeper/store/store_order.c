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

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, flow->byte, sizeof flow->byte);
	sqlite3_bind_int64(q, 3, since);
	return store_found(s, q);
}
