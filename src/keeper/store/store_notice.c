/*
 * store_notice.c - what people are still to be told.
 */
#include "keeper/store/store_own.h"

/*
 * Who has taken one and does not come back has crashed: then it is due again.  One that is
 * due in a far future was put off before the clock was set back.
 */
enum { LEASE = 300 };

void
store_add_notice(struct store *s, int64_t at, const void *state, size_t len)
{
	sqlite3_stmt *q = store_writing(s,
	    "INSERT INTO notice (at, due, tries, state) VALUES (?1, ?1, 0, ?2)");

	sqlite3_bind_int64(q, 1, at);
	store_bind_blob(q, 2, state, len);
	store_run(s, q);
}

static bool
first_due(struct store *s, int64_t now, struct notice_row *out)
{
	sqlite3_stmt *q = store_reading(s, "SELECT number, at, tries, state FROM notice "
	    "WHERE due <= ?1 OR due > ?2 ORDER BY due LIMIT 1");
	bool found;

	sqlite3_bind_int64(q, 1, now);
	sqlite3_bind_int64(q, 2, now + LEASE);
	if ((found = store_step(s, q))) {
		out->number = sqlite3_column_int64(q, 0);
		out->at = sqlite3_column_int64(q, 1);
		out->tries = (unsigned int)sqlite3_column_int64(q, 2) + 1;
		out->len = store_column_blob(q, 3, out->state, sizeof out->state);
	}
	store_done(q);
	return found;
}

bool
store_take_notice(struct store *s, int64_t now, struct notice_row *out)
{
	sqlite3_stmt *q;

	if (!first_due(s, now, out))
		return false;
	q = store_writing(s, "UPDATE notice SET due = ?2, tries = ?3 WHERE number = ?1");
	sqlite3_bind_int64(q, 1, out->number);
	sqlite3_bind_int64(q, 2, now + LEASE);
	sqlite3_bind_int64(q, 3, out->tries);
	store_run(s, q);
	return true;
}

void
store_put_off_notice(struct store *s, int64_t number, int64_t due)
{
	sqlite3_stmt *q = store_writing(s, "UPDATE notice SET due = ?2 WHERE number = ?1");

	sqlite3_bind_int64(q, 1, number);
	sqlite3_bind_int64(q, 2, due);
	store_run(s, q);
}

void
store_drop_notice(struct store *s, int64_t number)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM notice WHERE number = ?1");

	sqlite3_bind_int64(q, 1, number);
	store_run(s, q);
}
