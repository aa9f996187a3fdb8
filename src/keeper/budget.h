/*
 * budget.h - how much of what there is, for whom.
 *
 * Each is spent in the transaction of what it is spent for, so neither parallel requests
 * nor a crash make more of it.  What anybody may see before the right code depends on
 * where it is asked from and on totals, never on whom it is about: an account's and a
 * number's budgets are spent in silence, and a name's raises the price.  doc/DESIGN, 17,
 * says why nobody can deny another's recovery.
 */
#ifndef KEEPER_BUDGET_H
#define KEEPER_BUDGET_H

#include "keeper/flow.h"

struct keeper;

/* ---- Before it is known who asks -------------------------------------------------- */

/** budget_welcome(keeper, addr): REASON_NONE, or why nobody may begin from there just now. */
enum reason budget_welcome(struct keeper *, const char *addr);

/**
 * budget_come(keeper, flow, addr):
 * It was answered for the first time, with whatever.  Until its right code it counts for
 * ${addr} as one that failed.
 */
void budget_come(struct keeper *, struct flow *, const char *addr);

/** budget_not_failed(keeper, flow): it does not count for its network, as yet or any more. */
void budget_not_failed(struct keeper *, struct flow *);

/**
 * budget_begin(keeper, name, addr):
 * A name is typed.  Return true if there have been so many, for this name or from there,
 * that it has its price.
 */
bool budget_begin(struct keeper *, const struct secret *name, const char *addr);

/* ---- Messages ------------------------------------------------------------------------ */

/** budget_out_of_messages(keeper): of all together; told to all alike. */
bool budget_out_of_messages(struct keeper *);

/* What a message was counted by, and when. */
enum { PURSES_MOST = 5 };
struct spent {
	struct handle	from[PURSES_MOST];
	unsigned int	n;
	int64_t		at;
};

/**
 * budget_message(keeper, flow, to, addr, spent):
 * A message may leave to this address, and is counted; NULL.  Or it may not: the name
 * of the budget that is spent.
 */
const char *budget_message(struct keeper *, const struct flow *, const char *to, const char *addr,
    struct spent *);

/** budget_message_back(keeper, spent): it surely did not leave. */
void budget_message_back(struct keeper *, const struct spent *);

/* ---- After the right code -------------------------------------------------------------- */

/**
 * budget_wrong_code(keeper, flow):
 * One was typed where one had been sent.  Too many, for several accounts, halt it all.
 */
void budget_wrong_code(struct keeper *, const struct flow *);

/** budget_proved(keeper, flow, addr): it has not failed, and its person is known to come from there. */
void budget_proved(struct keeper *, struct flow *, const char *addr);

/** budget_allows(keeper, flow): what was wished has not been done too often today. */
bool budget_allows(struct keeper *, const struct flow *);

/** budget_order(keeper, flow, at), budget_take_back: it is ordered now; it surely was not done. */
void budget_order(struct keeper *, const struct flow *, int64_t at);
void budget_take_back(struct keeper *, const struct flow *, int64_t at);

/* ---- An admin's word -------------------------------------------------------------------- */

/** budget_tell(keeper, account, looked_up): what has been spent for them. */
void budget_tell(struct keeper *, const unsigned char account[ACCOUNT_SIZE], struct msg_looked_up *);

/** budget_forget_wrong_codes(keeper): an admin has looked: what there was halts nothing any more. */
void budget_forget_wrong_codes(struct keeper *);

/** budget_pardon(keeper, account, name): all that was spent for them counts no more. */
void budget_pardon(struct keeper *, const unsigned char account[ACCOUNT_SIZE], const char *name);

#endif
