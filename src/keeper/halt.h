/*
 * halt.h - what an admin, or too many wrong codes, has stopped until further notice.
 */
#ifndef KEEPER_HALT_H
#define KEEPER_HALT_H

#include <stdbool.h>

#include "wire/word.h"

struct keeper;

/** halt_read(keeper): as it is in the store. */
void halt_read(struct keeper *);

/** halt_holds(keeper, what): it is stopped, or a stop that is wider holds. */
bool halt_holds(const struct keeper *, enum halt);

/** halt_set(keeper, what, on): stop it, or let it go on, from the next commit on and for good. */
void halt_set(struct keeper *, enum halt, bool on);

#endif
