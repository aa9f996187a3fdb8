/*
 * errand.h - work that goes on behind an answer.
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

struct errands;

struct errands *errands_new(void);
void errands_free(struct desk *);

/* Behind the answer. */

/** errand_find(desk, flow, name, addr): who is ${name}? */
void errand_find(struct desk *, const struct flow *, const struct secret *name, const char *addr);

/** errand_match(desk, flow, answer): are these that person's own proofs?  Then send the code. */
void errand_match(struct desk *, const struct flow *, const struct msg_answer *);

/** errand_again(desk, flow, addr): send the same code once more. */
void errand_again(struct desk *, const struct flow *, const char *addr);

/* In front of it: ${ask} is answered when they are done; ${name} is the flow's. */

/** errand_rules(desk, flow, name, ask): draw the password page. */
void errand_rules(struct desk *, const struct flow *, const char *name, struct ask *);

/** errand_reset(desk, flow, name, ask, answer): judge the password, then set it, once. */
void errand_reset(struct desk *, const struct flow *, const char *name, struct ask *,
    const struct msg_answer *);

/** errand_unlock(desk, flow, name, ask, addr): unlock; doing so twice is doing it once. */
void errand_unlock(struct desk *, const struct flow *, const char *name, struct ask *,
    const char *addr);

/** errand_resume(desk, flow, name, ask, addr): a crash came between the order and its outcome. */
void errand_resume(struct desk *, const struct flow *, const char *name, struct ask *,
    const char *addr);

/** errand_out_of_reach(verdict): the directory, or our way to it, failed; try later. */
bool errand_out_of_reach(enum verdict);

/** errand_lives(desk, handle): there is one for this flow. */
bool errand_lives(struct desk *, const struct handle *);

/** errand_join(desk, handle, name, ask): wait for the one in front, if there is one. */
bool errand_join(struct desk *, const struct handle *, const char *name, struct ask *);

#endif
