/*
 * store_budget.c - what has been spent, and what an admin has halted.
 */
#include "keeper/store/store_own.h"

/* ---- Budgets --------------------------------------------------------------------- */

size_t
store_get_budget(struct store *s, const struct handle *key, void *out, size_t size)
{
	sqlite3_stmt *q = store_reading(s, "SELECT spent FROM budget WHERE key = ?1");
	size_t len = 0;

	store_bind_blob(q, 1, key->byte, HANDLE_SIZE);
	if (store_step(s, q))
		len = store_column_blob(q, 0, out, size);
	store_done(q);
	return len;
}

void
store_put_budget(struct store *s, const struct handle *key, const unsigned char *account,
    int64_t until, const void *spent, size_t len)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO budget (key, account, until, spent) "
	    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO UPDATE SET until = ?3, spent = ?4, "
	    "account = coalesce(?2, account)");

	store_bind_blob(q, 1, key->byte, HANDLE_SIZE);
	if (account != NULL)
		store_bind_blob(q, 2, account, ACCOUNT_SIZE);
	sqlite3_bind_int64(q, 3, until);
	store_bind_blob(q, 4, spent, len);
	store_run(s, q);
}

void
store_drop_budgets(struct store *s, const unsigned char account[ACCOUNT_SIZE])
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM budget WHERE account = ?1");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_run(s, q);
}

void
store_drop_budget(struct store *s, const struct handle *key)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM budget WHERE key = ?1");

	store_bind_blob(q, 1, key->byte, HANDLE_SIZE);
	store_run(s, q);
}

/* ---- Halts ------------------------------------------------------------------------- */

unsigned int
store_halt_bit(sqlite3_stmt *q)
{
	int what = sqlite3_column_int(q, 0);

	return what >= 0 && what < HALT__COUNT ? 1U << what : 0;
}

unsigned int
store_get_halts(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT what FROM halt");
	unsigned int halts = 0;

	while (store_step(s, q))
		halts |= store_halt_bit(q);
	store_done(q);
	return halts;
}

void
store_put_halts(struct store *s, unsigned int halts)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM halt");

	store_run(s, q);
	q = store_writing(s, "INSERT INTO halt (what) VALUES (?1)");
	for (int what = 0; what < HALT__COUNT; what++) {
		if ((halts & 1U << what) == 0)
			continue;
		sqlite3_bind_int(q, 1, what);
		store_run(s, q);
	}
}
