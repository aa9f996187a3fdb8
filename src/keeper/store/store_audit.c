/*
 * store_audit.c - rows of the audit.
 */
#include <stdio.h>

#include "keeper/store/store_own.h"

#define ROWS "SELECT number, at, what, outcome, account, flow, who, addr, detail, generation, mac " \
	"FROM audit WHERE "
#define PART "number > ?1 AND at >= ?2 AND at < ?3 AND (?6 = '' OR what = ?6) " \
	"ORDER BY number LIMIT ?4"

void
store_add_audit(struct store *s, const struct audit_row *r)
{
	sqlite3_stmt *q = store_writing(s, "INSERT INTO audit "
	    "(at, what, outcome, account, flow, who, addr, detail, number, generation, mac) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

	sqlite3_bind_int64(q, 1, r->at);
	sqlite3_bind_text(q, 2, r->what, -1, SQLITE_STATIC);
	sqlite3_bind_text(q, 3, r->outcome, -1, SQLITE_STATIC);
	store_bind_blob(q, 4, r->account, sizeof r->account);
	store_bind_blob(q, 5, r->flow.byte, sizeof r->flow.byte);
	store_bind_blob(q, 6, r->who.data, r->who.len);
	store_bind_blob(q, 7, r->addr.data, r->addr.len);
	sqlite3_bind_text(q, 8, r->detail, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 9, r->number);
	sqlite3_bind_int64(q, 10, r->generation);
	store_bind_blob(q, 11, r->mac, sizeof r->mac);
	store_run(s, q);
}

static void
read_row(sqlite3_stmt *q, struct audit_row *r)
{
	r->number = sqlite3_column_int64(q, 0);
	r->at = sqlite3_column_int64(q, 1);
	snprintf(r->what, sizeof r->what, "%s", (const char *)sqlite3_column_text(q, 2));
	snprintf(r->outcome, sizeof r->outcome, "%s", (const char *)sqlite3_column_text(q, 3));
	store_column_blob(q, 4, r->account, sizeof r->account);
	store_column_blob(q, 5, r->flow.byte, sizeof r->flow.byte);
	r->who.len = store_column_blob(q, 6, r->who.data, sizeof r->who.data);
	r->addr.len = store_column_blob(q, 7, r->addr.data, sizeof r->addr.data);
	snprintf(r->detail, sizeof r->detail, "%s", (const char *)sqlite3_column_text(q, 8));
	r->generation = (uint32_t)sqlite3_column_int64(q, 9);
	store_column_blob(q, 10, r->mac, sizeof r->mac);
}

/* The rows of a flow, of a person, or all of them. */
static sqlite3_stmt *
rows_of(struct store *s, const struct msg_audit *ask, const unsigned char *account)
{
	sqlite3_stmt *q;

	if (reference_given(&ask->flow)) {
		q = store_reading(s, ROWS "flow = ?5 AND " PART);
		store_bind_blob(q, 5, ask->flow.byte, sizeof ask->flow.byte);
	} else if (account != NULL) {
		q = store_reading(s, ROWS "account = ?5 AND " PART);
		store_bind_blob(q, 5, account, ACCOUNT_SIZE);
	} else
		q = store_reading(s, ROWS PART);
	return q;
}

void
store_list_audit(struct store *s, const struct msg_audit *ask, const unsigned char *account,
    void (*each)(void *, const struct audit_row *), void *ctx)
{
	sqlite3_stmt *q = rows_of(s, ask, account);

	sqlite3_bind_int64(q, 1, ask->after);
	sqlite3_bind_int64(q, 2, ask->from);
	sqlite3_bind_int64(q, 3, ask->until == 0 ? INT64_MAX : ask->until);
	sqlite3_bind_int64(q, 4, ask->most);
	sqlite3_bind_text(q, 6, ask->what, -1, SQLITE_STATIC);
	while (store_step(s, q)) {
		struct audit_row r = { 0 };

		read_row(q, &r);
		each(ctx, &r);
	}
	store_done(q);
}

int64_t
store_last_audit(struct store *s)
{
	sqlite3_stmt *q = store_reading(s, "SELECT coalesce(max(number), 0) FROM audit");

	return store_count(s, q);
}

bool
store_has_audit(struct store *s, const unsigned char account[ACCOUNT_SIZE])
{
	sqlite3_stmt *q = store_reading(s, "SELECT 1 FROM audit WHERE account = ?1 LIMIT 1");

	store_bind_blob(q, 1, account, ACCOUNT_SIZE);
	return store_found(s, q);
}

void
store_drop_audit(struct store *s, int64_t first, int64_t last)
{
	sqlite3_stmt *q = store_writing(s, "DELETE FROM audit WHERE number BETWEEN ?1 AND ?2");

	sqlite3_bind_int64(q, 1, first);
	sqlite3_bind_int64(q, 2, last);
	store_run(s, q);
}
