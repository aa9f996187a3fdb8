/*
 * store_chain.c - what holds the rows of the audit together: keys, the head, and stones.
 */
#include "keeper/store/store_own.h"

/* ---- Keys -------------------------------------------------------------------------- */

bool
store_get_chain_key(struct store *s, uint32_t generation, struct sealed *out)
{
	sqlite3_stmt *q = store_reading(s, "SELECT key FROM chain_key WHERE generation = ?1");
	bool found;

	sqlite3_bind_int64(q, 1, generation);
	if ((found = store_step(s, q)))
		out->len = store_column_blob(q, 0, out->data, sizeof out->data);
	store_done(q);
	return found;
}

void
store_put_chain_key(struct store *s, uint32_t generation, const struct sealed *key)
{
	sqlite3_stmt *q = store_writing(s,
	    "INSERT OR REPLACE INTO chain_key (generation, key) VALUES (?1, ?2)");

	sqlite3_bind_int64(q, 1, generation);
	store_bind_blob(q, 2, key->data, key->len);
	store_run(s, q);
}

uint32_t
store_last_generation(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT coalesce(max(generation), 0) FROM chain_key");

	return (uint32_t)store_count(s, q);
}

/* ---- The head ------------------------------------------------------------------------- */

bool
store_get_head(struct store *s, struct chain_head *h)
{
	sqlite3_stmt *q = store_reading(s,
	    "SELECT first, number, generation, mac, seal FROM chain_head");
	bool found;

	*h = (struct chain_head){ 0 };
	if ((found = store_step(s, q))) {
		h->first = sqlite3_column_int64(q, 0);
		h->number = sqlite3_column_int64(q, 1);
		h->generation = (uint32_t)sqlite3_column_int64(q, 2);
		store_column_blob(q, 3, h->mac, sizeof h->mac);
		store_column_blob(q, 4, h->seal, sizeof h->seal);
	}
	store_done(q);
	return found;
}

void
store_put_head(struct store *s, const struct chain_head *h)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO chain_head "
	    "(one, first, number, generation, mac, seal) VALUES (1, ?1, ?2, ?3, ?4, ?5) "
	    "ON CONFLICT (one) DO UPDATE SET first = ?1, number = ?2, generation = ?3, mac = ?4, "
	    "seal = ?5");

	sqlite3_bind_int64(q, 1, h->first);
	sqlite3_bind_int64(q, 2, h->number);
	sqlite3_bind_int64(q, 3, h->generation);
	store_bind_blob(q, 4, h->mac, sizeof h->mac);
	store_bind_blob(q, 5, h->seal, sizeof h->seal);
	store_run(s, q);
}

int64_t
store_get_exported(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT exported FROM chain_head");

	return store_count(s, q);
}

void
store_put_exported(struct store *s, int64_t number)
{
	sqlite3_stmt *q = store_writing(s, "UPDATE chain_head SET exported = ?1");

	sqlite3_bind_int64(q, 1, number);
	store_run(s, q);
}

/* ---- Stones ----------------------------------------------------------------------------- */

#define STONE "SELECT first, last, generation, before, mac, seal FROM chain_stone WHERE "

static bool
read_stone(struct store *s, sqlite3_stmt *q, int64_t at, struct chain_stone *t)
{
	bool found;

	*t = (struct chain_stone){ 0 };
	sqlite3_bind_int64(q, 1, at);
	if ((found = store_step(s, q))) {
		t->first = sqlite3_column_int64(q, 0);
		t->last = sqlite3_column_int64(q, 1);
		t->generation = (uint32_t)sqlite3_column_int64(q, 2);
		store_column_blob(q, 3, t->before, sizeof t->before);
		store_column_blob(q, 4, t->mac, sizeof t->mac);
		store_column_blob(q, 5, t->seal, sizeof t->seal);
	}
	store_done(q);
	return found;
}

bool
store_get_stone(struct store *s, int64_t from, struct chain_stone *t)
{
	return read_stone(s, store_reading(s, STONE "first >= ?1 ORDER BY first LIMIT 1"),
	    from, t);
}

bool
store_get_stone_ending(struct store *s, int64_t last, struct chain_stone *t)
{
	return read_stone(s, store_reading(s, STONE "last = ?1"), last, t);
}

void
store_put_stone(struct store *s, const struct chain_stone *t)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO chain_stone "
	    "(first, last, generation, before, mac, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

	sqlite3_bind_int64(q, 1, t->first);
	sqlite3_bind_int64(q, 2, t->last);
	sqlite3_bind_int64(q, 3, t->generation);
	store_bind_blob(q, 4, t->before, sizeof t->before);
	store_bind_blob(q, 5, t->mac, sizeof t->mac);
	store_bind_blob(q, 6, t->seal, sizeof t->seal);
	store_run(s, q);
}

void
store_drop_stone(struct store *s, int64_t first)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM chain_stone WHERE first = ?1");

	sqlite3_bind_int64(q, 1, first);
	store_run(s, q);
}
