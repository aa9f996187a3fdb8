/*
 * migrations.c - what lies in the database.
 *
 * Each step once, in one transaction with its number; a step that has been released is
 * never changed.
 */
#include <stdio.h>
#include <stdlib.h>

#include "keeper/store/store_own.h"

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
	"CREATE TABLE budget (key BLOB PRIMARY KEY, account BLOB, until INTEGER NOT NULL,"
	"  spent BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX budget_until ON budget (until);"
	"CREATE INDEX budget_account ON budget (account) WHERE account IS NOT NULL;"
	"CREATE TABLE halt (what INTEGER PRIMARY KEY);",
	"ALTER TABLE audit ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;"	/* 0: before the chain */
	"ALTER TABLE audit ADD COLUMN mac BLOB NOT NULL DEFAULT x'';"
	"CREATE TABLE chain_key (generation INTEGER PRIMARY KEY, key BLOB NOT NULL);"
	"CREATE TABLE chain_head (one INTEGER PRIMARY KEY CHECK (one = 1), first INTEGER NOT NULL,"
	"  number INTEGER NOT NULL, generation INTEGER NOT NULL, mac BLOB NOT NULL,"
	"  seal BLOB NOT NULL, exported INTEGER NOT NULL DEFAULT 0);"
	"CREATE TABLE chain_stone (first INTEGER PRIMARY KEY, last INTEGER NOT NULL,"
	"  generation INTEGER NOT NULL, before BLOB NOT NULL, mac BLOB NOT NULL,"
	"  seal BLOB NOT NULL);"
	"CREATE INDEX chain_stone_last ON chain_stone (last);"
	/* Names that nobody has were all under one key; from here on there is one a month. */
	"DELETE FROM person WHERE account = zeroblob(16);",
	"CREATE TABLE about (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;",
	"CREATE TABLE notice (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
	"  due INTEGER NOT NULL, tries INTEGER NOT NULL, state BLOB NOT NULL);"
	"CREATE INDEX notice_due ON notice (due);",
	"CREATE TABLE ordered (account BLOB NOT NULL, flow BLOB NOT NULL, at INTEGER NOT NULL,"
	"  PRIMARY KEY (account, flow)) WITHOUT ROWID;"
	"CREATE INDEX ordered_at ON ordered (at);",
	/* Rows one behind the other: in the order of their handles each would touch a page of its own. */
	"CREATE TABLE way (handle BLOB NOT NULL UNIQUE, until INTEGER NOT NULL, state BLOB NOT NULL);"
	"INSERT INTO way SELECT handle, until, state FROM flow;"
	"DROP TABLE flow;"
	"ALTER TABLE way RENAME TO flow;"
	"CREATE INDEX flow_until ON flow (until);",
	"ALTER TABLE flow ADD COLUMN owes INTEGER;"	/* 1: what became of an order; else nothing */
	"CREATE INDEX flow_owes ON flow (owes) WHERE owes IS NOT NULL;",
};
enum { VERSION = sizeof migrations / sizeof migrations[0] };

int
store_version(void)
{
	return VERSION;
}

static int
version(void *out, int n, char **columns, char **names)
{
	(void)n;
	(void)names;
	*(int *)out = (int)strtol(columns[0], NULL, 10);
	return 0;
}

int
store_migrate(sqlite3 *db)
{
	char text[64];
	int have = 0;

	if (sqlite3_exec(db, "PRAGMA user_version", version, &have, NULL) != SQLITE_OK)
		return -1;
	if (have > VERSION)
		return -1;
	for (; have < VERSION; have++) {
		snprintf(text, sizeof text, "PRAGMA user_version = %d; COMMIT", have + 1);
		if (sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_exec(db, migrations[have], NULL, NULL, NULL) != SQLITE_OK ||
		    sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
			return -1;
	}
	return 0;
}
