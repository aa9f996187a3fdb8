/*
 * riddle.h - letters that a picture shows, or digits that a voice says, for whoever is to
 * be asked to read or to hear instead of letting the browser work.
 *
 * Made from the flow's handle, and how many of them it has had: so it is of use in that
 * flow alone, and once.  Portal draws and speaks it.
 */
#ifndef KEEPER_RIDDLE_H
#define KEEPER_RIDDLE_H

#include "keeper/flow.h"

/* So many for a flow; whoever solved none of them is left the wait. */
enum { RIDDLES_MOST = 10 };

/** riddle_of(flow, riddle): the one that is to be solved now; false if there are no more. */
bool riddle_of(const struct flow *, struct riddle *);

/** riddle_solved(flow, typed): either of its halves was typed, however it was written. */
bool riddle_solved(const struct flow *, const struct secret *typed);

/** riddle_other(flow): the next one, from here on; false if there were no more already. */
bool riddle_other(struct flow *);

#endif
