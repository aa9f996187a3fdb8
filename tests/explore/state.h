/*
 * state.h - all that the future depends on, in a number.
 */
#ifndef EXPLORE_STATE_H
#define EXPLORE_STATE_H

#include <stdint.h>

/**
 * state_hash():
 * Of the store, what keeper has in memory, and the world.  Two states of one hash go on
 * alike: names, nonces and what has been counted are left out, times are how far off
 * they are.
 */
uint64_t state_hash(void);

#endif
