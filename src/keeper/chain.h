/*
 * chain.h - what makes a row of the audit that was changed, removed, moved or added show.
 *
 * Each row carries a MAC over all that is stored of it and over the MAC of the row before.
 * The head says which is the last, and is sealed once a batch.  Rows that are no longer
 * kept leave a stone: from which number to which, and the MACs at both ends.
 *
 * Chain keys are random, and lie in the store, sealed under the audit key.  Each has a
 * generation, and a row says which it was made with: so the audit key can be another one
 * tomorrow, and no row has to be written again.
 */
#ifndef KEEPER_CHAIN_H
#define KEEPER_CHAIN_H

#include "keeper/store/store.h"

struct keeper;

/* Begins as zeroes; what it remembers is read when it is needed. */
struct chain {
	bool			 known;
	bool			 grown;	/* by rows that the head in the store does not tell of yet */
	struct chain_head	 head;	/* the last row; its generation is the newest */
	struct key		*key;	/* of that generation */
};

/** chain_add(keeper, row): number ${row}, link it to the one before, and put it into the batch. */
void chain_add(struct keeper *, struct audit_row *);

/** chain_seal_anew(keeper): all chain keys are sealed under the newest audit key. */
void chain_seal_anew(struct keeper *);

/** chain_turn(keeper): rows from here on are made with a key of the next generation. */
void chain_turn(struct keeper *);

/** chain_forget(keeper): the batch was lost; what is remembered is read again. */
void chain_forget(struct keeper *);

/** chain_head(keeper): the last row, also one that is not committed yet. */
const struct chain_head *chain_head(struct keeper *);

/** chain_head_holds(keeper): the head in the store is what was sealed there. */
bool chain_head_holds(struct keeper *);

/** chain_key(keeper, generation, key): false if there is none, or the audit key is another. */
bool chain_key(struct keeper *, uint32_t generation, struct key *);

/** chain_mac(key, before, row, mac): of ${row}, behind one whose mac is ${before}. */
void chain_mac(const struct key *, const unsigned char before[HASH_SIZE], const struct audit_row *,
    unsigned char mac[HASH_SIZE]);

/** chain_stone_seal(key, stone, seal): over all else that is in it. */
void chain_stone_seal(const struct key *, const struct chain_stone *, unsigned char seal[HASH_SIZE]);

#endif
