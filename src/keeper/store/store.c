#include "keeper/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "keeper/store/store_own.h"

/* ---- Opening ------------------------------------------------------------------- */

struct store *
store_open(const char *folder, char *why, size_t size)
{
	/* 32 MB hold the inner pages of a tree of a million flows: else each write reads some again. */
	static const char how[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
	    "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768";
	struct store *s = calloc(1, sizeof *s);
	char path[512];

	if (s == NULL) {
		snprintf(why, size, "no memory");
		return NULL;
	}
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK && sqlite3_busy_timeout(s->db, 2000) == SQLITE_OK &&
	    sqlite3_exec(s->db, how, NULL, NULL, NULL) == SQLITE_OK && store_migrate(s->db) == 0)
		return s;
	snprintf(why, size, "%s cannot be opened: %s", path, sqlite3_errmsg(s->db));
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_queries; i++)
		sqlite3_finalize(s->queries[i].prepared);
	sqlite3_close(s->db);
	free(s);
}

/* ---- The batch ------------------------------------------------------------------- */

bool
store_holds(const struct store *s)
{
	return s->open;
}

int
store_commit(struct store *s)
{
	if (s->open && !s->failed)
		store_run(s, store_reading(s, "COMMIT"));
	if (s->failed)
		return -1;
	s->open = false;
	return 0;
}

int64_t
store_bytes(struct store *s)
{
	sqlite3_stmt *q = store_reading(s,
	    "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
	int64_t n = store_step(s, q) ? sqlite3_column_int64(q, 0) : 0;

	store_done(q);
	return n;
}

/* ---- A query ----------------------------------------------------------------------- */

static void
failed(struct store *s, const char *doing)
{
	log_warnx("store: %s: %s", doing, sqlite3_errmsg(s->db));
	s->failed = true;
}

sqlite3_stmt *
store_reading(struct store *s, const char *sql)
{
	sqlite3_stmt *q;

	for (size_t i = 0; i < s->n_queries; i++)
		if (s->queries[i].sql == sql)
			return s->queries[i].prepared;
	if (s->n_queries == QUERIES_MOST ||
	    sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL) != SQLITE_OK)
		fatalx("store: %s: %s", sql, sqlite3_errmsg(s->db));
	s->queries[s->n_queries].sql = sql;
	s->queries[s->n_queries++].prepared = q;
	return q;
}

sqlite3_stmt *
store_writing(struct store *s, const char *sql)
{
	if (!s->open) {
		s->open = true;
		store_run(s, store_reading(s, "BEGIN IMMEDIATE"));
	}
	return store_reading(s, sql);
}

bool
store_step(struct store *s, sqlite3_stmt *q)
{
	int rc = sqlite3_step(q);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		failed(s, sqlite3_sql(q));
	return rc == SQLITE_ROW;
}

void
store_done(sqlite3_stmt *q)
{
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

void
store_run(struct store *s, sqlite3_stmt *q)
{
	store_step(s, q);
	store_done(q);
}

void
store_bind_blob(sqlite3_stmt *q, int at, const void *data, size_t len)
{
	/* NULL would be SQL's NULL; an empty value is a value. */
	sqlite3_bind_blob(q, at, len == 0 ? "" : data, (int)len, SQLITE_STATIC);
}

size_t
store_column_blob(sqlite3_stmt *q, int at, void *out, size_t size)
{
	size_t len = (size_t)sqlite3_column_bytes(q, at);

	if (len > size)
		return 0;
	if (len > 0)
		memcpy(out, sqlite3_column_blob(q, at), len);
	return len;
}
