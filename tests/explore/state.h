/*
 * state.h - all that the future depends on, in a number.
 */
#ifndef EXPLORE_STATE_H
#define EXPLORE_STATE_H

#include <stdint.h>

/**
 * state_hash():
 * Of the store, what keeper has in memory, and the world.  Two states of one hash go on
 * alike: names and nonces are left out, what has been counted too where there is plenty
 * (terms.h), and times are how far off they are.  What decides about an errand is a list
 * (mix_errand).
 */
uint64_t state_hash(void);

#endif
