/*
 * store_own.h - the store from the inside, for the files that know a table each.
 *
 * A query stands where it is used; it is prepared the first time, and found again by
 * where its text lies.  What fails is remembered, nothing more is done, and the batch is
 * lost: nobody has to look at each.
 */
#ifndef KEEPER_STORE_OWN_H
#define KEEPER_STORE_OWN_H

#include <sqlite3.h>

#include "keeper/store/store.h"

enum { QUERIES_MOST = 64 };

struct store {
	sqlite3		*db;
	struct {
		const char	*sql;
		sqlite3_stmt	*prepared;
	} queries[QUERIES_MOST];
	size_t		 n_queries;
	bool		 open;		/* a transaction is */
	void		(*last)(void *);	/* before each commit, with ${ctx}; or NULL */
	void		*ctx;
	bool		 erased;	/* something in it must not be found any more, */
	bool		 unwiped;	/* and is in its log still */
	bool		 failed;	/* something in it did not work: */
	char		 why[STORE_WHY];	/* that, */
	bool		 damaged;	/* because of what lies there */
	char		 folder[256];
};

/* What lies in the database, a step a version: migrations.c. */
int store_migrate(sqlite3 *);

/** store_version(): of what store_migrate makes. */
int store_version(void);

/** store_why(db, folder, why, size): a sentence on what ${db} failed at last, and what mends it. */
void store_why(sqlite3 *, const char *folder, char *why, size_t size);

/* How much of it is read: what it says it is; each page; all, and it must be no empty one. */
enum look { LOOK_HEAD, LOOK_PAGES, LOOK_COPY };

/** store_look_at(path, folder, how, why, size): store_look for one file. */
int store_look_at(const char *path, const char *folder, enum look, char *why, size_t size);

/**
 * store_reading(store, sql):
 * The query, to be bound; ${sql} is a literal.  NULL once something has failed, which all that
 * takes a query allows.
 */
sqlite3_stmt *store_reading(struct store *, const char *sql);

/** store_writing(store, sql): likewise; every write goes through here, so that a batch is one. */
sqlite3_stmt *store_writing(struct store *, const char *sql);

/** store_step(store, query): run it to its next row; true if there is one. */
bool store_step(struct store *, sqlite3_stmt *);

/** store_done(query): it may be asked again. */
void store_done(sqlite3_stmt *);

/** store_run(store, query): one that has no rows, from bound to done. */
void store_run(struct store *, sqlite3_stmt *);

/* One that has a row at most, from bound to done: whether there is one; its number, or 0. */
bool store_found(struct store *, sqlite3_stmt *);
int64_t store_count(struct store *, sqlite3_stmt *);

/** store_halt_bit(query): of a row of the table halt; 0 if it is none. */
unsigned int store_halt_bit(sqlite3_stmt *);

void store_bind_blob(sqlite3_stmt *, int at, const void *, size_t);

/** store_column_blob(query, at, out, size): its length; 0 also if it is longer than ${size}. */
size_t store_column_blob(sqlite3_stmt *, int at, void *out, size_t size);

#endif
