/*
 * errand.h - what has to be asked for a flow, behind its answer or in front of it.
 *
 * An errand asks registrar and courier one thing after another for one flow; each
 * reply leads to the next stage, as a table says.  Errands before the right code
 * have nobody waiting: their answer has left already.  Those after it answer the
 * person, at the latest with "the directory is at work".  There is at most one for
 * a flow.  What an errand carries (a name, a number, a password) is nowhere else.
 */
#ifndef KEEPER_ERRAND_H
#define KEEPER_ERRAND_H

#include "keeper/answers.h"
#include "keeper/flow.h"

/** errands_free(keeper): all of them, when keeper ends. */
void errands_free(struct keeper *);

/* Behind the answer. */

/** errand_find(keeper, flow, name, addr): who is ${name}? */
void errand_find(struct keeper *, const struct flow *, const struct secret *name, const char *addr);

/** errand_match(keeper, flow, answer): are these that person's own proofs?  Then send the code. */
void errand_match(struct keeper *, const struct flow *, const struct msg_answer *);

/** errand_again(keeper, flow, addr): send the same code once more. */
void errand_again(struct keeper *, const struct flow *, const char *addr);

/* In front of it: ${ask} is answered when they are done; ${name} is the flow's. */

/** errand_second(keeper, flow, name, ask, addr): by which way does a second code go?  Then send it. */
void errand_second(struct keeper *, const struct flow *, const char *name, struct ask *,
    const char *addr);

/** errand_rules(keeper, flow, name, ask): draw the password page. */
void errand_rules(struct keeper *, const struct flow *, const char *name, struct ask *);

/** errand_reset(keeper, flow, name, ask, answer): judge the password, then set it, once. */
void errand_reset(struct keeper *, const struct flow *, const char *name, struct ask *,
    const struct msg_answer *);

/** errand_unlock(keeper, flow, name, ask, addr): unlock; doing so twice is doing it once. */
void errand_unlock(struct keeper *, const struct flow *, const char *name, struct ask *,
    const char *addr);

/** errand_resume(keeper, flow, name, ask, addr): a crash came between the order and its outcome. */
void errand_resume(struct keeper *, const struct flow *, const char *name, struct ask *,
    const char *addr);

/** errands_tend(keeper): what became of orders that a crash came behind, whether anybody looks or not. */
void errands_tend(struct keeper *);

/** errand_out_of_reach(verdict): the directory, or our way to it, failed; try later. */
bool errand_out_of_reach(enum verdict);

/** errand_lives(keeper, handle): there is one for this flow. */
bool errand_lives(struct keeper *, const struct handle *);

/** errand_join(keeper, handle, name, ask): wait for the one in front, if there is one. */
bool errand_join(struct keeper *, const struct handle *, const char *name, struct ask *);

#endif
