#include "keeper/store/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "keeper/store/store_own.h"

/* How long another process may hold it: nobody is answered meanwhile. */
enum { PATIENCE_MS = 500 };

/* Free on its disk, in bytes, before it is begun with, or again. */
enum { ROOM_LEAST = 1 << 20 };

/* ---- What is wrong, in words ------------------------------------------------------- */

static const struct ailment {
	int		 code, error;	/* SQLite's own, or the system's */
	const char	*is, *mend;	/* the folder stands behind it */
} ailments[] = {
	{ SQLITE_FULL, ENOSPC, "its disk is full", "make room in" },
	{ SQLITE_FULL, EDQUOT, "its disk is full", "make room in" },
	{ SQLITE_BUSY, 0, "another process keeps it locked", "end it; fuser names it, of the files in" },
	{ SQLITE_READONLY, EROFS, "it may only be read",
	    "see who owns and how is mounted the folder" },
	{ SQLITE_PERM, EACCES, "it may only be read", "see who owns and how is mounted the folder" },
	{ SQLITE_CANTOPEN, ENOENT, "it is not there", "make, for latchkeyd's user, the folder" },
	{ SQLITE_CORRUPT, 0, "it is damaged",
	    "end latchkey, and put back a copy with \"latchkey restore FILE\"; it lies in" },
	{ SQLITE_NOTADB, 0, "it is damaged",
	    "end latchkey, and put back a copy with \"latchkey restore FILE\"; it lies in" },
};

void
store_why(sqlite3 *db, const char *folder, char *why, size_t size)
{
	int code = sqlite3_errcode(db) & 0xff;
	int error = code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? sqlite3_system_errno(db) : 0;

	for (size_t i = 0; i < sizeof ailments / sizeof ailments[0]; i++)
		if ((error != 0 && ailments[i].error == error) ||
		    (error == 0 && ailments[i].code == code)) {
			snprintf(why, size, "%s; %s %s", ailments[i].is, ailments[i].mend, folder);
			return;
		}
	snprintf(why, size, "%s%s%s; look at the disk under %s", sqlite3_errstr(code),
	    error != 0 ? ", " : "", error != 0 ? strerror(error) : "", folder);
}

/* ---- Looking ------------------------------------------------------------------------ */

static int
read_number(void *out, int n, char **columns, char **names)
{
	(void)n;
	(void)names;
	*(int *)out = (int)strtol(columns[0], NULL, 10);
	return 0;
}

static int
read_verdict(void *out, int n, char **columns, char **names)
{
	(void)n;
	(void)names;
	*(bool *)out = strcmp(columns[0], "ok") == 0;
	return 0;
}

static bool
is_lasting(int rc)
{
	return rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB;
}

/* What lies in an open one. */
static int
look_into(sqlite3 *db, const char *folder, enum look how, char *why, size_t size)
{
	static const char *const checks[] = {
		[LOOK_HEAD] = "", [LOOK_PAGES] = "PRAGMA quick_check(1)",
		[LOOK_COPY] = "PRAGMA integrity_check(1)",
	};
	int version = 0, tables = 0, rc;
	bool good = true;

	if ((rc = sqlite3_exec(db, "PRAGMA user_version", read_number, &version, NULL)) == SQLITE_OK)
		rc = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", read_number, &tables, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, checks[how], read_verdict, &good, NULL);
	if (rc != SQLITE_OK) {
		store_why(db, folder, why, size);
		return is_lasting(rc) ? -1 : 1;
	}
	if (!good)
		snprintf(why, size, "it is damaged; end latchkey, and put back a copy with \"latchkey "
		    "restore FILE\"; it lies in %s", folder);
	else if (version > store_version())
		snprintf(why, size, "it was made by a later version of latchkeyd; install that one, or "
		    "put back a copy of before; it lies in %s", folder);
	else if (version == 0 && (tables > 0 || how == LOOK_COPY))
		snprintf(why, size, "it is a database of somebody else; move it out of %s", folder);
	else
		return 0;
	return -1;
}

int
store_look_at(const char *path, const char *folder, enum look how, char *why, size_t size)
{
	sqlite3 *db = NULL;
	int r = 1;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
	    sqlite3_busy_timeout(db, PATIENCE_MS) == SQLITE_OK)
		r = look_into(db, folder, how, why, size);
	else
		store_why(db, folder, why, size);
	sqlite3_close(db);
	return r;
}

/*
 * All of it is read after an end that was none of ours, because a machine that fell may have
 * lost what its disk had promised.  An orderly end leaves no log of what is not in its
 * place yet.
 */
int
store_look(const char *folder, char *why, size_t size)
{
	char path[512], log[sizeof path + 4];
	struct stat st;

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	snprintf(log, sizeof log, "%s-wal", path);
	if (stat(path, &st) == -1 && errno == ENOENT)
		return 0;
	return store_look_at(path, folder, stat(log, &st) == 0 && st.st_size > 0 ? LOOK_PAGES :
	    LOOK_HEAD, why, size);
}

/* ---- Opening ------------------------------------------------------------------- */

struct store *
store_open(const char *folder, char *why, size_t size)
{
	/* 32 MB hold the inner pages of a tree of a million flows: else each write reads some again. */
	static const char how[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
	    "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32768";
	struct store *s = calloc(1, sizeof *s);
	char path[512];

	if (s == NULL)
		fatal("no memory");
	s->unwiped = true;	/* for all that is known: a crash may have come between */
	snprintf(s->folder, sizeof s->folder, "%s", folder);
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    sqlite3_busy_timeout(s->db, PATIENCE_MS) != SQLITE_OK ||
	    sqlite3_exec(s->db, how, NULL, NULL, NULL) != SQLITE_OK)
		store_why(s->db, folder, why, size);
	else if (look_into(s->db, folder, LOOK_HEAD, why, size) == 0) {
		if (store_migrate(s->db) == 0)
			return s;
		store_why(s->db, folder, why, size);
	}
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

/* What closing it gave back is room enough for a write, and gone with the next few. */
static bool
has_room(struct store *s)
{
	struct statvfs disk;

	if (statvfs(s->folder, &disk) == -1 || disk.f_bavail * disk.f_frsize >= ROOM_LEAST)
		return true;
	snprintf(s->why, sizeof s->why, "%s; %s %s", ailments[0].is, ailments[0].mend, s->folder);
	s->failed = true;
	return false;
}

int
store_try(struct store *s)
{
	int r;

	if (!has_room(s))
		return -1;
	sqlite3_busy_timeout(s->db, 0);
	store_run(s, store_writing(s, "INSERT INTO about (name, value) VALUES ('room', "
	    "zeroblob(65536)) ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
	r = store_commit(s);
	sqlite3_busy_timeout(s->db, PATIENCE_MS);
	return r;
}

const char *
store_fault(const struct store *s)
{
	return s->failed ? s->why : NULL;
}

bool
store_is_damaged(const struct store *s)
{
	return s->damaged;
}

/* ---- The batch ------------------------------------------------------------------- */

bool
store_holds(const struct store *s)
{
	return s->open;
}

void
store_before_commit(struct store *s, void (*last)(void *), void *ctx)
{
	s->last = last;
	s->ctx = ctx;
}

int
store_commit(struct store *s)
{
	if (s->open && !s->failed && s->last != NULL)
		s->last(s->ctx);
	if (s->open)
		store_run(s, store_reading(s, "COMMIT"));
	if (s->failed)
		return -1;
	s->open = false;
	s->unwiped = s->unwiped || s->erased;
	if (s->erased)
		store_wipe(s);
	s->erased = false;
	return 0;
}

/*
 * The log of SQLite would have what was erased for as long as nothing is written over it.
 * While a copy is being made it cannot be emptied, and nobody waits for that.
 */
void
store_wipe(struct store *s)
{
	if (!s->unwiped || s->open)
		return;
	sqlite3_busy_timeout(s->db, 0);
	s->unwiped = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) !=
	    SQLITE_OK;
	sqlite3_busy_timeout(s->db, PATIENCE_MS);
}

int64_t
store_bytes(struct store *s)
{
	sqlite3_stmt *q = store_reading(s,
	    "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");

	return store_count(s, q);
}

/* ---- A query ----------------------------------------------------------------------- */

static void
failed(struct store *s)
{
	if (!s->failed) {
		store_why(s->db, s->folder, s->why, sizeof s->why);
		s->damaged = is_lasting(sqlite3_errcode(s->db) & 0xff);
	}
	s->failed = true;
}

sqlite3_stmt *
store_reading(struct store *s, const char *sql)
{
	sqlite3_stmt *q;
	int rc;

	if (s->failed)
		return NULL;
	for (size_t i = 0; i < s->n_queries; i++)
		if (s->queries[i].sql == sql)
			return s->queries[i].prepared;
	rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &q, NULL);
	/* A query that SQLite does not understand is our own mistake. */
	if (s->n_queries == QUERIES_MOST || rc == SQLITE_ERROR)
		fatalx("store: %s: %s", sql, sqlite3_errmsg(s->db));
	if (rc != SQLITE_OK) {
		failed(s);
		return NULL;
	}
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
	int rc = q == NULL ? SQLITE_DONE : sqlite3_step(q);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		failed(s);
	return rc == SQLITE_ROW;
}

void
store_done(sqlite3_stmt *q)
{
	if (q == NULL)
		return;
	sqlite3_reset(q);
	sqlite3_clear_bindings(q);
}

void
store_run(struct store *s, sqlite3_stmt *q)
{
	store_step(s, q);
	store_done(q);
}

bool
store_found(struct store *s, sqlite3_stmt *q)
{
	bool found = store_step(s, q);

	store_done(q);
	return found;
}

int64_t
store_count(struct store *s, sqlite3_stmt *q)
{
	int64_t n = store_step(s, q) ? sqlite3_column_int64(q, 0) : 0;

	store_done(q);
	return n;
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
