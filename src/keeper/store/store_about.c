/*
 * store_about.c - what is kept of the store itself.
 */
#include "keeper/store/store_own.h"

long
store_get_about(struct store *s, const char *name, void *out, size_t size)
{
	sqlite3_stmt *q = store_reading(s, "SELECT value FROM about WHERE name = ?1");
	long len = -1;

	sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
	if (store_step(s, q))
		len = (long)store_column_blob(q, 0, out, size);
	store_done(q);
	return len;
}

void
store_put_about(struct store *s, const char *name, const void *value, size_t len)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO about (name, value) VALUES (?1, ?2) "
	    "ON CONFLICT (name) DO UPDATE SET value = excluded.value");

	sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
	store_bind_blob(q, 2, value, len);
	store_run(s, q);
}
