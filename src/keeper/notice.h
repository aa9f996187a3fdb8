/*
 * notice.h - people are told what was done with their account, by another way than the
 * code came by.
 *
 * What is to be told lies in the store with the outcome itself, and is taken out when
 * courier has answered: a crash may tell it twice, and never loses it.  Nobody waits for it.
 */
#ifndef KEEPER_NOTICE_H
#define KEEPER_NOTICE_H

#include "keeper/flow.h"

/** notice_start(keeper), notice_stop(): send those that are due, until then. */
void notice_start(struct keeper *);
void notice_stop(void);

/** notice_forget(): those that are being sent lie in the store, and are sent from there again. */
void notice_forget(void);

/** notice_add(keeper, flow): it did what it was opened for; its ticket is still there. */
void notice_add(struct keeper *, const struct flow *);

#endif
