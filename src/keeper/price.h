/*
 * price.h - what a flow pays before anybody's proofs are looked at: the work of a browser,
 * or, where there is no script, patience.  Where the settings say so, a riddle (riddle.h)
 * instead of that work.
 *
 * Who is asked, and how much, goes by the settings and by what is counted of the address and
 * of the name as it was typed: never by who that person is.  A flow pays once, unless it
 * becomes dearer.  Nothing of it is stored but how much and until when: the challenge is
 * made from the flow's handle, so a solution is of use in that flow alone, where it is
 * asked for once.
 */
#ifndef KEEPER_PRICE_H
#define KEEPER_PRICE_H

#include "keeper/flow.h"

/* The settings' words for when a price is asked. */
enum price_when { PRICE_NEVER, PRICE_SUSPICIOUS, PRICE_ALWAYS };
extern const char *const price_words[];

/* Likewise for what pays it, besides waiting. */
enum price_by { PRICE_BY_WORK, PRICE_BY_RIDDLE };
extern const char *const price_by_words[];

enum { PRICE_MOST = 2 };

/**
 * price_of(flow):
 * How much a flow is to pay: 0 is nothing, 1 the normal price, up to PRICE_MOST.  It goes
 * by the settings and by flow->suspicious, which budget_begin has said before.
 */
unsigned int price_of(const struct flow *);

/** price_ask(flow): it has to pay price_of; false if that is nothing, or paid already. */
bool price_ask(struct flow *);

/** price_work(flow, work): what there is to solve at STEP_PRICE. */
void price_work(const struct flow *, struct work *);

/** price_solved(flow, solution): true if it is. */
bool price_solved(const struct flow *, const struct secret *);

/** price_wait(flow): how many seconds are as good as what it is asked. */
int price_wait(const struct flow *);

/** price_waited(keeper, flow): they have passed. */
bool price_waited(struct keeper *, struct flow *);

/** price_pay(flow, how): it is paid; return the step behind it. */
enum step price_pay(struct flow *, enum pay);

/** price_next(flow): where a flow goes on that owes nothing. */
enum step price_next(const struct flow *);

#endif
