/*
 * store.h - what survives a crash.
 *
 * Nothing is on disk before store_commit returns 0; everything that was put since
 * the last commit gets there together.  The store knows neither flows nor people:
 * it keeps bytes under handles, and rows of the audit.
 */
#ifndef KEEPER_STORE_H
#define KEEPER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

enum { HANDLE_SIZE = 16, STATE_LONGEST = 1024, SEALED_LONGEST = 320 };
enum { NUMBER_KEPT = 2 * 366 * 24 * 60 * 60, ORDER_KEPT = 24 * 60 * 60 };	/* seconds */

struct handle {
	unsigned char	byte[HANDLE_SIZE];
};

struct sealed {
	size_t		len;
	unsigned char	data[SEALED_LONGEST];
};

struct store;

/** store_open(folder, why, size): return the store, or NULL with a sentence in ${why}. */
struct store *store_open(const char *folder, char *why, size_t size);
void store_close(struct store *);

/** store_holds(store): something was put since the last commit. */
bool store_holds(const struct store *);

/** store_commit(store): return 0, or -1 if what was put since the last commit is lost. */
int store_commit(struct store *);

/** store_get_flow(store, handle, state, size): return its length, or -1 if there is none. */
long store_get_flow(struct store *, const struct handle *, void *, size_t);
void store_put_flow(struct store *, const struct handle *, int64_t until, const void *, size_t);

/* Sweeping: what is over, at most ${most} rows at once; return how many those were. */
int store_sweep_flows(struct store *, int64_t now, int most);
int store_sweep_budgets(struct store *, int64_t now, int most);
int store_sweep_orders(struct store *, int64_t now, int most);	/* of before ORDER_KEPT */
int store_sweep_numbers(struct store *, int64_t now, int most);	/* not seen for NUMBER_KEPT */

/** store_flows(store): about how many flows there are. */
uint32_t store_flows(struct store *);

/** store_bytes(store): its size. */
int64_t store_bytes(struct store *);

/* The key of a person's audit rows, itself sealed. */
bool store_get_person(struct store *, const unsigned char account[ACCOUNT_SIZE], struct sealed *);
void store_put_person(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const struct sealed *);

/* A number, by its hash, that was seen of an account: since when, and when last. */
bool store_get_number(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t *since);
bool store_has_numbers(struct store *, const unsigned char account[ACCOUNT_SIZE]);
void store_put_number(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const unsigned char hash[ACCOUNT_SIZE], int64_t since, int64_t seen);

/** store_put_order(store, account, flow, at): that flow orders that account's password to be set. */
void store_put_order(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const struct reference *flow, int64_t at);

/** store_ordered_elsewhere(store, account, flow, since): another flow than ${flow} did, since then. */
bool store_ordered_elsewhere(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const struct reference *flow, int64_t since);

/**
 * store_get_budget(store, key, spent, size): what has been spent of it; 0: nothing.
 * store_put_budget(store, key, account, until, spent, len): ${account}, whose it is, may be NULL.
 */
size_t store_get_budget(struct store *, const struct handle *key, void *, size_t);
void store_put_budget(struct store *, const struct handle *key, const unsigned char *account,
    int64_t until, const void *, size_t);

/** store_drop_budget(store, key), store_drop_budgets(store, account): nothing has been spent. */
void store_drop_budget(struct store *, const struct handle *key);
int store_drop_budgets(struct store *, const unsigned char account[ACCOUNT_SIZE]);

/* What is halted: a bit (1 << what) for each. */
unsigned int store_get_halts(struct store *);
void store_put_halts(struct store *, unsigned int);

struct audit_row {
	int64_t		number, at;
	char		what[32], outcome[32], detail[48];
	unsigned char	account[ACCOUNT_SIZE];
	struct reference flow;
	struct sealed	who, addr;
};

void store_add_audit(struct store *, const struct audit_row *);

/** store_list_audit: call ${each} for rows in order, at most ${ask->most}. */
void store_list_audit(struct store *, const struct msg_audit *ask,
    const unsigned char *account, void (*each)(void *, const struct audit_row *), void *);

#endif
