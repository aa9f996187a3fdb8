/*
 * number.h - has a telephone number been somebody's long enough to send a code to?
 *
 * For directories that do not say when a number was changed, keeper remembers which
 * ones it has seen, as keyed hashes that registrar makes.
 */
#ifndef KEEPER_NUMBER_H
#define KEEPER_NUMBER_H

#include <stdbool.h>

#include "keeper/keeper.h"

/**
 * number_is_young(keeper, account, matched):
 * Remember the number of ${matched}, and say whether it was first seen too short a
 * time ago.  The first one ever seen of an account is believed, as there is nothing
 * to compare it with, and so is one that registrar vouches for.
 */
bool number_is_young(struct keeper *, const unsigned char account[ACCOUNT_SIZE],
    const struct msg_matched *);

#endif
