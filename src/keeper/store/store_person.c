/*
 * store_person.c - what is kept of people: a sealed key, and hashes of their numbers.
 */
#include "keeper/store/store_own.h"

/* ---- Keys ------------------------------------------------------------------------ */

bool
store_get_person(struct store *s, const unsigned char account[ACCOUNT_SIZE], struct sealed *out)
{
	sqlite3_stmt *q = store_reading(s, "SELECT key FROM person WHERE account = ?1");
	bool found;

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	if ((found = store_step(s, q)))
		out->len = store_column_blob(q, 0, out->data, sizeof out->data);
	store_done(q);
	return found;
}

void
store_put_person(struct store *s, const unsigned char account[ACCOUNT_SIZE], const struct sealed *key)
{
	sqlite3_stmt *q = store_writing(s,
	    "INSERT OR IGNORE INTO person (account, key) VALUES (?1, ?2)");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, key->data, key->len);
	store_run(s, q);
}

bool
store_drop_person(struct store *s, const unsigned char account[ACCOUNT_SIZE])
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM person WHERE account = ?1");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_run(s, q);
	if (sqlite3_changes(s->db) == 0)
		return false;
	s->erased = true;
	return true;
}

void
store_drop_persons(struct store *s, const unsigned char first[ACCOUNT_SIZE],
    const unsigned char last[ACCOUNT_SIZE])
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM person WHERE account BETWEEN ?1 AND ?2");

	store_bind_blob(q, 1, first, ACCOUNT_SIZE);
	store_bind_blob(q, 2, last, ACCOUNT_SIZE);
	store_run(s, q);
	s->erased = s->erased || sqlite3_changes(s->db) > 0;
}

void
store_change_person(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const struct sealed *key)
{
	sqlite3_stmt *q = store_writing(s, "UPDATE person SET key = ?2 WHERE account = ?1");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, key->data, key->len);
	store_run(s, q);
}

int
store_next_persons(struct store *s, const unsigned char *after, int most,
    void (*each)(void *, const unsigned char account[ACCOUNT_SIZE], const struct sealed *), void *ctx)
{
	sqlite3_stmt *q = store_reading(s, "SELECT account, key FROM person WHERE account > ?1 "
	    "ORDER BY account LIMIT ?2");
	int n = 0;

	store_bind_blob(q, 1, after, after == NULL ? 0 : ACCOUNT_SIZE);
	sqlite3_bind_int(q, 2, most);
	for (; store_step(s, q); n++) {
		unsigned char next[ACCOUNT_SIZE];
		struct sealed key;

		store_column_blob(q, 0, next, sizeof next);
		key.len = store_column_blob(q, 1, key.data, sizeof key.data);
		each(ctx, next, &key);
	}
	store_done(q);
	return n;
}

/* ---- Numbers ---------------------------------------------------------------------- */

bool
store_get_number(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t *since)
{
	sqlite3_stmt *q = store_reading(s,
	    "SELECT since FROM number WHERE account = ?1 AND hash = ?2");
	bool found;

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, hash, ACCOUNT_SIZE);
	if ((found = store_step(s, q)))
		*since = sqlite3_column_int64(q, 0);
	store_done(q);
	return found;
}

bool
store_has_numbers(struct store *s, const unsigned char account[ACCOUNT_SIZE])
{
	sqlite3_stmt *q = store_reading(s, "SELECT 1 FROM number WHERE account = ?1 LIMIT 1");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	return store_found(s, q);
}

void
store_put_number(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t since, int64_t seen)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO number (account, hash, since, seen) "
	    "VALUES (?1, ?2, ?3, ?4) ON CONFLICT (account, hash) DO UPDATE SET since = ?3, seen = ?4");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	store_bind_blob(q, 2, hash, ACCOUNT_SIZE);
	sqlite3_bind_int64(q, 3, since);
	sqlite3_bind_int64(q, 4, seen);
	store_run(s, q);
}
