/*
 * abreast.h - people of each kind who do the same at the same time, and are told the same.
 *
 * One of them is known, and their proofs are right; the others are nobody, disabled,
 * without a number, and so on.  A choice is made for all of them; registrar answers each
 * as that one is.  Up to the first right code portal must hear the same bytes of all.
 */
#ifndef EXPLORE_ABREAST_H
#define EXPLORE_ABREAST_H

#include "explore/world.h"

/* How many there are; each is a walk. */
enum { ABREAST_KINDS = 7 };

/** abreast_verdict(walk, question): what registrar says of that one. */
enum verdict abreast_verdict(const struct walk *, enum msg_type question);

/** abreast_heard(walk, step): portal is told that. */
void abreast_heard(const struct walk *, const struct msg_step *);

/** abreast_compare(): all were told the same since it was asked last. */
void abreast_compare(void);

#endif
