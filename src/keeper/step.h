/*
 * step.h - a conversation with a person: what portal may ask of keeper.
 *
 * Each answer goes through the same checks in the same order, then to the take of
 * its step, which names the next one.
 */
#ifndef KEEPER_STEP_H
#define KEEPER_STEP_H

#include "keeper/answers.h"
#include "keeper/flow.h"

/* One answer that is being taken. */
struct turn {
	struct keeper		*keeper;
	struct flow		*flow;
	const struct msg_answer	*answer;
	struct ask		*ask;
	char			 name[FLOW_LONGEST + 1];	/* the flow's, from here on */
};

/* What take returns when an errand will answer the person. */
enum { STEP_BY_ERRAND = STEP__COUNT };

/*
 * A journey is a table of takes.  Each is called with every field of its step
 * (draw.c) filled in and in range, and returns the next step, at which the caller saves
 * the flow.  To stay: turn_wrong, or set flow->reason and return flow->step.  To end:
 * flow_end first, then return STEP_END.  STEP_BY_ERRAND: the take has saved what must
 * last, and an errand has the ask.
 */
extern int (*const step_recover[STEP__COUNT])(struct turn *);

/** step_out_of_order(keeper): what keeps everybody from going on, or NULL. */
const char *step_out_of_order(struct keeper *);

/** step_later(flow, why): told to all alike. */
void step_later(struct flow *, const char *why);

/** turn_wrong(turn, reason, field): what a take returns when the answer does not do. */
int turn_wrong(struct turn *, enum reason, enum field);

/* What portal says, each answered by one STEP. */
void step_open(struct keeper *, struct ask *, const struct msg_open *);
void step_answer(struct keeper *, struct ask *, struct msg_answer *);
void step_again(struct keeper *, struct ask *, const struct msg_flow *);
void step_show(struct keeper *, struct ask *, const struct msg_flow *);
void step_leave(struct keeper *, struct ask *, const struct msg_flow *);

#endif
