/*
 * store.h - what survives a crash.
 *
 * Nothing is on disk before store_commit returns 0; everything that was put since
 * the last commit gets there together.  The store decides nothing and knows nobody: flows,
 * persons' keys, numbers, budgets and notices are bytes to it, under handles and keyed
 * hashes; rows of the audit and their chain, orders, halts, and what the store itself is.
 */
#ifndef KEEPER_STORE_H
#define KEEPER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

enum { HANDLE_SIZE = 16, STATE_LONGEST = 1280, SEALED_LONGEST = 320 };
enum { STORE_WHY = 512 };	/* bytes: a sentence, with the path of a folder in it */
enum { NUMBER_KEPT = 2 * 366 * 24 * 60 * 60, ORDER_KEPT = 24 * 60 * 60 };	/* seconds */

struct handle {
	unsigned char	byte[HANDLE_SIZE];
};

struct sealed {
	size_t		len;
	unsigned char	data[SEALED_LONGEST];
};

struct store;

/**
 * store_look(folder, why, size):
 * Is what lies there a store that this version can use?  Return 0; 1 if that cannot be seen
 * now, and later it may be; -1 if no waiting will help: it is damaged, or not ours.  Other
 * than 0 with a sentence in ${why}.
 */
int store_look(const char *folder, char *why, size_t size);

/** store_open(folder, why, size): return the store, or NULL with a sentence in ${why}. */
struct store *store_open(const char *folder, char *why, size_t size);
void store_close(struct store *);

/**
 * store_try(store):
 * Put something on disk that does no harm, without waiting for anybody.  Return 0, or -1 if it
 * cannot be written.
 */
int store_try(struct store *);

/** store_fault(store): why nothing can be kept, and what mends it; NULL: nothing has failed. */
const char *store_fault(const struct store *);

/** store_is_damaged(store): and no waiting will help. */
bool store_is_damaged(const struct store *);

/** store_holds(store): something was put since the last commit. */
bool store_holds(const struct store *);

/** store_before_commit(store, last, ctx): ${last} has the last word in each batch from here on. */
void store_before_commit(struct store *, void (*last)(void *), void *);

/** store_commit(store): return 0, or -1 if what was put since the last commit is lost. */
int store_commit(struct store *);

/** store_wipe(store): what was erased, and a copy kept from being wiped, once more. */
void store_wipe(struct store *);

/** store_get_flow(store, handle, state, size): return its length, or -1 if there is none. */
long store_get_flow(struct store *, const struct handle *, void *, size_t);
void store_put_flow(struct store *, const struct handle *, int64_t until, bool owes,
    const void *, size_t);

/** store_list_owing(store, each, ctx): all flows that were put as ones that owe something. */
typedef void store_handle_fn(void *ctx, const struct handle *);
void store_list_owing(struct store *, store_handle_fn *, void *ctx);

enum sweep {
	SWEEP_FLOWS, SWEEP_BUDGETS,
	SWEEP_NUMBERS,		/* not seen for NUMBER_KEPT */
	SWEEP_ORDERS,		/* of before ORDER_KEPT */
	SWEEP__COUNT
};

/** store_sweep(store, what, now, most): remove what is over, at most so many rows; return how many. */
int store_sweep(struct store *, enum sweep what, int64_t now, int most);

/** store_drop_flows(store): all of them. */
void store_drop_flows(struct store *);

/** store_flows(store): about how many flows there are. */
uint32_t store_flows(struct store *);

/** store_bytes(store): its size. */
int64_t store_bytes(struct store *);

/* The key of a person's audit rows, itself sealed. */
bool store_get_person(struct store *, const unsigned char account[ACCOUNT_SIZE], struct sealed *);
void store_put_person(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const struct sealed *);

/** store_change_person(store, account, key): another one for an account that has one. */
void store_change_person(struct store *, const unsigned char account[ACCOUNT_SIZE],
    const struct sealed *);

/**
 * store_next_persons(store, after, most, each, ctx):
 * Call ${each} for those behind the account ${after}, or from the first one on, at most ${most};
 * return how many those were.
 */
int store_next_persons(struct store *, const unsigned char *after, int most,
    void (*each)(void *, const unsigned char account[ACCOUNT_SIZE], const struct sealed *), void *);

/* What is kept of the store itself; the length, or -1. */
long store_get_about(struct store *, const char *name, void *, size_t);
void store_put_about(struct store *, const char *name, const void *, size_t);

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
void store_drop_budgets(struct store *, const unsigned char account[ACCOUNT_SIZE]);

/* What is halted: a bit (1 << what) for each. */
unsigned int store_get_halts(struct store *);
void store_put_halts(struct store *, unsigned int);

struct audit_row {
	int64_t		number, at;
	char		what[32], outcome[32], detail[48];
	unsigned char	account[ACCOUNT_SIZE];
	struct reference flow;
	struct sealed	who, addr;
	uint32_t	generation;	/* of the key that ${mac} is made with; 0: before the chain */
	unsigned char	mac[HASH_SIZE];
};

/* What a person is still to be told: when it was done, and how it stood then. */
struct notice_row {
	int64_t		number, at;
	unsigned int	tries;		/* with this one */
	size_t		len;
	unsigned char	state[STATE_LONGEST];
};

void store_add_notice(struct store *, int64_t at, const void *, size_t);

/** store_take_notice(store, now, row): one that is due, and for a while no longer is. */
bool store_take_notice(struct store *, int64_t now, struct notice_row *);

/** store_put_off_notice, store_drop_notice(store, number): it is due then; it is over. */
void store_put_off_notice(struct store *, int64_t number, int64_t due);
void store_drop_notice(struct store *, int64_t number);

/** store_add_audit(store, row): under the number that it has. */
void store_add_audit(struct store *, const struct audit_row *);

/** store_list_audit: call ${each} for rows in order, at most ${ask->most}. */
void store_list_audit(struct store *, const struct msg_audit *ask,
    const unsigned char *account, void (*each)(void *, const struct audit_row *), void *);

/** store_last_audit(store): the greatest number of a row; 0 if there is none. */
int64_t store_last_audit(struct store *);

/** store_has_audit(store, account): there is a row of that account. */
bool store_has_audit(struct store *, const unsigned char account[ACCOUNT_SIZE]);

/** store_drop_audit(store, first, last): remove those rows. */
void store_drop_audit(struct store *, int64_t first, int64_t last);

/** store_drop_person(store, account): return whether there was one; it is in no file any more. */
bool store_drop_person(struct store *, const unsigned char account[ACCOUNT_SIZE]);

/** store_drop_persons(store, first, last): all whose account is from ${first} to ${last}. */
void store_drop_persons(struct store *, const unsigned char first[ACCOUNT_SIZE],
    const unsigned char last[ACCOUNT_SIZE]);

/* ---- The chain of the rows: see keeper/chain.h ------------------------------------ */

/* Which rows there are: from ${first} to ${number}, whose mac is ${mac}. */
struct chain_head {
	int64_t		first, number;
	uint32_t	generation;	/* of the key that ${seal} is made with */
	unsigned char	mac[HASH_SIZE], seal[HASH_SIZE];
};

/* What stands for rows that are gone: the mac before them, and that of their last. */
struct chain_stone {
	int64_t		first, last;
	uint32_t	generation;
	unsigned char	before[HASH_SIZE], mac[HASH_SIZE], seal[HASH_SIZE];
};

bool store_get_chain_key(struct store *, uint32_t generation, struct sealed *);
void store_put_chain_key(struct store *, uint32_t generation, const struct sealed *);

/** store_last_generation(store): the greatest that there is a key of; 0 if there is none. */
uint32_t store_last_generation(struct store *);

bool store_get_head(struct store *, struct chain_head *);
void store_put_head(struct store *, const struct chain_head *);

/* The first stone that begins at ${from} or behind it; the one that ends at ${last}. */
bool store_get_stone(struct store *, int64_t from, struct chain_stone *);
bool store_get_stone_ending(struct store *, int64_t last, struct chain_stone *);
void store_put_stone(struct store *, const struct chain_stone *);
void store_drop_stone(struct store *, int64_t first);

/* Up to which number rows were written to the file, as far as was known when it was saved. */
int64_t store_get_exported(struct store *);
void store_put_exported(struct store *, int64_t number);
/* The lock of who works with the store. */
#define KEEPER_LOCK "latchkeyd"

/* ---- Copies, for who has no store open --------------------------------------------------- */

/** store_lock(folder, name): hold it until this process ends; -1: another one does. */
int store_lock(const char *folder, const char *name);

/** store_copy_out(folder, fd, why, size): write a copy of it as it is now, in use or not. */
int store_copy_out(const char *folder, int fd, char *why, size_t size);

/**
 * store_copy_in(folder, fd, why, size):
 * Put a copy beside the store, in its folder "restore", where store_open finds it.  0: it is
 * whole; else as of store_look.
 */
int store_copy_in(const char *folder, int fd, char *why, size_t size);
void store_drop_copy(const char *folder);

/** store_halts_of(folder): what is halted, as a bit each, in the store that lies there; -1: it cannot be read. */
int store_halts_of(const char *folder);

/** store_take_copy(folder): in place of the store, which is called before.db then. */
int store_take_copy(const char *folder);

#endif
