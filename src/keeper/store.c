#include "keeper/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum query {
	BEGIN, COMMIT, GET_FLOW, PUT_FLOW, SWEEP, COUNT, GET_PERSON, PUT_PERSON, GET_NUMBER,
	HAS_NUMBERS, PUT_NUMBER, SWEEP_NUMBERS, ADD_AUDIT, LIST_AUDIT, LIST_PERSON,
	LIST_FLOW, RESET_ELSEWHERE, BYTES, AUDIT_ROWS, QUERY__COUNT
};

static const char *const sql[QUERY__COUNT] = {
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[GET_FLOW] = "SELECT state FROM flow WHERE handle = ?1",
	[PUT_FLOW] = "INSERT INTO flow (handle, until, state) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (handle) DO UPDATE SET until = ?2, state = ?3",
	[SWEEP] = "DELETE FROM flow WHERE handle IN "
	    "(SELECT handle FROM flow WHERE until < ?1 ORDER BY until LIMIT ?2)",
	[COUNT] = "SELECT count(*) FROM flow",
	[BYTES] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	[AUDIT_ROWS] = "SELECT seq FROM sqlite_sequence WHERE name = 'audit'",
	[GET_PERSON] = "SELECT key FROM person WHERE account = ?1",
	[PUT_PERSON] = "INSERT OR IGNORE INTO person (account, key) VALUES (?1, ?2)",
	[GET_NUMBER] = "SELECT since FROM number WHERE account = ?1 AND hash = ?2",
	[HAS_NUMBERS] = "SELECT 1 FROM number WHERE account = ?1 LIMIT 1",
	[PUT_NUMBER] = "INSERT INTO number (account, hash, since, seen) VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT (account, hash) DO UPDATE SET since = ?3, seen = ?4",
	[SWEEP_NUMBERS] = "DELETE FROM number WHERE (account, hash) IN "
	    "(SELECT account, hash FROM number WHERE seen < ?1 ORDER BY seen LIMIT ?2)",
	[ADD_AUDIT] = "INSERT INTO audit (at, what, outcome, account, flow, who, addr, detail) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
#define AUDIT_ROW "SELECT number, at, what, outcome, account, flow, who, addr, detail FROM audit "
#define AUDIT_PART "number > ?1 AND at >= ?2 AND at < ?3 ORDER BY number LIMIT ?4"
	[LIST_AUDIT] = AUDIT_ROW "WHERE " AUDIT_PART,
	[RESET_ELSEWHERE] = "SELECT 1 FROM audit WHERE account = ?1 AND "
	    "what IN ('reset', 'activated') AND outcome = 'ok' AND flow <> ?2 AND at >= ?3 LIMIT 1",
	[LIST_PERSON] = AUDIT_ROW "WHERE account = ?5 AND " AUDIT_PART,
	[LIST_FLOW] = AUDIT_ROW "WHERE flow = ?5 AND " AUDIT_PART,
};

/* One step a version; the store of an older version walks the rest of them. */
static const char *const migrations[] = {
	"CREATE TABLE flow (handle BLOB PRIMARY KEY, until INTEGER NOT NULL, state BLOB NOT NULL)"
	"  WITHOUT ROWID;"
	"CREATE INDEX flow_until ON flow (until);"
	"CREATE TABLE person (account BLOB PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
	"  what TEXT NOT NULL, outcome TEXT NOT NULL, account BLOB NOT NULL, flow BLOB NOT NULL,"
	"  who BLOB NOT NULL, addr BLOB NOT NULL);"
	"CREATE INDEX audit_account ON audit (account, number);",
	"CREATE TABLE number (account BLOB NOT NULL, hash BLOB NOT NULL, since INTEGER NOT NULL,"
	"  seen INTEGER NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;"
	"CREATE INDEX number_seen ON number (seen);",
	"UPDATE audit SET flow = substr(flow, 1, 5);"	/* what people can say by telephone */
	"ALTER TABLE audit ADD COLUMN detail TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX audit_flow ON audit (flow, number);",
};
enum { VERSION = sizeof migrations / sizeof migrations[0] };

struct store {
	sqlite3		*db;
	sqlite3_stmt	*query[QUERY__COUNT];
	bool		 open;		/* a transaction is */
	bool		 failed;	/* something in it did not work */
};

/* ---- One query --------------------------------------------------------------- */

static void
failed(struct store *s, const char *doing)
{
	log_warnx("store: %s: %s", doing, sqlite3_errmsg(s->db));
	s->failed = true;
}

/* Run a query to its first row: true if there is one. */
static bool
step(struct store *s, enum query q)
{
	int rc = sqlite3_step(s->query[q]);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		failed(s, sql[q]);
	return rc == SQLITE_ROW;
}

static void
done(struct store *s, enum query q)
{
	sqlite3_reset(s->query[q]);
	sqlite3_clear_bindings(s->query[q]);
}

static void
run(struct store *s, enum query q)
{
	step(s, q);
	done(s, q);
}

/* Every write goes through here, so that a batch is one transaction. */
static sqlite3_stmt *
writing(struct store *s, enum query q)
{
	if (!s->open) {
		s->open = true;
		run(s, BEGIN);
	}
	return s->query[q];
}

static void
bind_blob(sqlite3_stmt *q, int at, const void *data, size_t len)
{
	/* NULL would be SQL's NULL; an empty value is a value. */
	sqlite3_bind_blob(q, at, len == 0 ? "" : data, (int)len, SQLITE_STATIC);
}

static size_t
column_blob(sqlite3_stmt *q, int at, void *out, size_t size)
{
	size_t len = (size_t)sqlite3_column_bytes(q, at);

	if (len > size)
		return 0;
	if (len > 0)
		memcpy(out, sqlite3_column_blob(q, at), len);
	return len;
}

/* ---- Opening ------------------------------------------------------------------- */

static int
version(void *out, int n, char **columns, char **names)
{
	(void)n;
	(void)names;
	*(int *)out = (int)strtol(columns[0], NULL, 10);
	return 0;
}

static int
migrate(sqlite3 *db)
{
	char text[64];
	int have = 0;

	if (sqlite3_exec(db, "PRAGMA user_version", version, &have, NULL) != SQLITE_OK)
		return -1;
	if (have > VERSION) {
		log_warnx("store: this database is of a later version of latchkeyd");
		return -1;
	}
	for (; have < VERSION; have++) {
		snprintf(text, sizeof text, "PRAGMA user_version = %d; COMMIT", have + 1);
		if (sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_exec(db, migrations[have], NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
			return -1;
	}
	return 0;
}

struct store *
store_open(const char *folder, char *why, size_t size)
{
	static const char how[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
	    "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY";
	struct store *s = calloc(1, sizeof *s);
	char path[512];

	if (s == NULL) {
		snprintf(why, size, "no memory");
		return NULL;
	}
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK || sqlite3_busy_timeout(s->db, 2000) != SQLITE_OK ||
	    sqlite3_exec(s->db, how, NULL, NULL, NULL) != SQLITE_OK || migrate(s->db) == -1)
		goto err;
	for (int q = 0; q < QUERY__COUNT; q++)
		if (sqlite3_prepare_v3(s->db, sql[q], -1, SQLITE_PREPARE_PERSISTENT, &s->query[q],
		    NULL) != SQLITE_OK)
			goto err;
	return s;
err:
	snprintf(why, size, "%s cannot be opened: %s", path, sqlite3_errmsg(s->db));
	store_close(s);
	return NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	for (int q = 0; q < QUERY__COUNT; q++)
		sqlite3_finalize(s->query[q]);
	sqlite3_close(s->db);
	free(s);
}

bool
store_holds(const struct store *s)
{
	return s->open;
}

int
store_commit(struct store *s)
{
	if (s->open && !s->failed)
		run(s, COMMIT);
	if (s->failed)
		return -1;
	s->open = false;
	return 0;
}

/* ---- Flows ------------------------------------------------------------------------ */

long
store_get_flow(struct store *s, const struct handle *h, void *out, size_t size)
{
	sqlite3_stmt *q = s->query[GET_FLOW];
	long len = -1;

	bind_blob(q, 1, h->byte, HANDLE_SIZE);
	if (step(s, GET_FLOW))
		len = (long)column_blob(q, 0, out, size);
	done(s, GET_FLOW);
	return len;
}

void
store_put_flow(struct store *s, const struct handle *h, int64_t until, const void *state, size_t len)
{
	sqlite3_stmt *q = writing(s, PUT_FLOW);

	bind_blob(q, 1, h->byte, HANDLE_SIZE);
	sqlite3_bind_int64(q, 2, until);
	bind_blob(q, 3, state, len);
	run(s, PUT_FLOW);
}

static int
sweep(struct store *s, enum query which, int64_t before, int most)
{
	sqlite3_stmt *q = writing(s, which);

	sqlite3_bind_int64(q, 1, before);
	sqlite3_bind_int(q, 2, most);
	run(s, which);
	return sqlite3_changes(s->db);
}

int
store_sweep(struct store *s, int64_t now, int most)
{
	int flows = sweep(s, SWEEP, now, most);

	sweep(s, SWEEP_NUMBERS, now - NUMBER_KEPT, most);
	return flows;
}

/* Nought where there is no row. */
static int64_t
number(struct store *s, enum query which)
{
	int64_t n = 0;

	if (step(s, which))
		n = sqlite3_column_int64(s->query[which], 0);
	done(s, which);
	return n;
}

uint32_t
store_flows(struct store *s)
{
	return (uint32_t)number(s, COUNT);
}

int64_t
store_bytes(struct store *s)
{
	return number(s, BYTES);
}

int64_t
store_audit_rows(struct store *s)
{
	return number(s, AUDIT_ROWS);
}

/* ---- People ---------------------------------------------------------------------------- */

bool
store_get_person(struct store *s, const unsigned char account[ACCOUNT_SIZE], struct sealed *out)
{
	sqlite3_stmt *q = s->query[GET_PERSON];
	bool found;

	bind_blob(q, 1, account, ACCOUNT_SIZE);
	if ((found = step(s, GET_PERSON)))
		out->len = column_blob(q, 0, out->data, sizeof out->data);
	done(s, GET_PERSON);
	return found;
}

void
store_put_person(struct store *s, const unsigned char account[ACCOUNT_SIZE], const struct sealed *key)
{
	sqlite3_stmt *q = writing(s, PUT_PERSON);

	bind_blob(q, 1, account, ACCOUNT_SIZE);
	bind_blob(q, 2, key->data, key->len);
	run(s, PUT_PERSON);
}

/* ---- Numbers --------------------------------------------------------------------------- */

bool
store_get_number(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t *since)
{
	sqlite3_stmt *q = s->query[GET_NUMBER];
	bool found;

	bind_blob(q, 1, account, ACCOUNT_SIZE);
	bind_blob(q, 2, hash, ACCOUNT_SIZE);
	if ((found = step(s, GET_NUMBER)))
		*since = sqlite3_column_int64(q, 0);
	done(s, GET_NUMBER);
	return found;
}

bool
store_has_numbers(struct store *s, const unsigned char account[ACCOUNT_SIZE])
{
	bool found;

	bind_blob(s->query[HAS_NUMBERS], 1, account, ACCOUNT_SIZE);
	found = step(s, HAS_NUMBERS);
	done(s, HAS_NUMBERS);
	return found;
}

void
store_put_number(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t since, int64_t seen)
{
	sqlite3_stmt *q = writing(s, PUT_NUMBER);

	bind_blob(q, 1, account, ACCOUNT_SIZE);
	bind_blob(q, 2, hash, ACCOUNT_SIZE);
	sqlite3_bind_int64(q, 3, since);
	sqlite3_bind_int64(q, 4, seen);
	run(s, PUT_NUMBER);
}

/* ---- Audit ---------------------------------------------------------------------------- */

bool
store_reset_elsewhere(struct store *s, const unsigned char account[ACCOUNT_SIZE],
    const struct reference *flow, int64_t since)
{
	sqlite3_stmt *q = s->query[RESET_ELSEWHERE];
	bool found;

	bind_blob(q, 1, account, ACCOUNT_SIZE);
	bind_blob(q, 2, flow->byte, sizeof flow->byte);
	sqlite3_bind_int64(q, 3, since);
	found = step(s, RESET_ELSEWHERE);
	done(s, RESET_ELSEWHERE);
	return found;
}

void
store_add_audit(struct store *s, const struct audit_row *r)
{
	sqlite3_stmt *q = writing(s, ADD_AUDIT);

	sqlite3_bind_int64(q, 1, r->at);
	sqlite3_bind_text(q, 2, r->what, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, r->outcome, -1, SQLITE_STATIC);
	bind_blob(q, 4, r->account, sizeof r->account);
	bind_blob(q, 5, r->flow.byte, sizeof r->flow.byte);
	bind_blob(q, 6, r->who.data, r->who.len);
	bind_blob(q, 7, r->addr.data, r->addr.len);
	sqlite3_bind_text(q, 8, r->detail, -1, SQLITE_STATIC);
	run(s, ADD_AUDIT);
}

static void
read_audit(sqlite3_stmt *q, struct audit_row *r)
{
	r->number = sqlite3_column_int64(q, 0);
	r->at = sqlite3_column_int64(q, 1);
	snprintf(r->what, sizeof r->what, "%s", (const char *)sqlite3_column_text(q, 2));
	snprintf(r->outcome, sizeof r->outcome, "%s", (const char *)sqlite3_column_text(q, 3));
	column_blob(q, 4, r->account, sizeof r->account);
	column_blob(q, 5, r->flow.byte, sizeof r->flow.byte);
	r->who.len = column_blob(q, 6, r->who.data, sizeof r->who.data);
	r->addr.len = column_blob(q, 7, r->addr.data, sizeof r->addr.data);
	snprintf(r->detail, sizeof r->detail, "%s", (const char *)sqlite3_column_text(q, 8));
}

void
store_list_audit(struct store *s, const struct msg_audit *ask, const unsigned char *account,
    void (*each)(void *, const struct audit_row *), void *ctx)
{
	enum query which = reference_given(&ask->flow) ? LIST_FLOW :
	    account == NULL ? LIST_AUDIT : LIST_PERSON;
	sqlite3_stmt *q = s->query[which];

	sqlite3_bind_int64(q, 1, ask->after);
	sqlite3_bind_int64(q, 2, ask->from);
	sqlite3_bind_int64(q, 3, ask->until == 0 ? INT64_MAX : ask->until);
	sqlite3_bind_int64(q, 4, ask->most);
	if (which == LIST_FLOW)
		bind_blob(q, 5, ask->flow.byte, sizeof ask->flow.byte);
	else if (account != NULL)
		bind_blob(q, 5, account, ACCOUNT_SIZE);
	while (step(s, which)) {
		struct audit_row r = { 0 };

		read_audit(q, &r);
		each(ctx, &r);
	}
	done(s, which);
}
