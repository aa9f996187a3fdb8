/*
 * control.h - what the latchkey command asks, and portal for its /readyz and /metrics.
 */
#ifndef KEEPER_CONTROL_H
#define KEEPER_CONTROL_H

#include "wire/link.h"

struct keeper;

/** control_status(keeper, link, msg): how are we? */
void control_status(struct keeper *, struct link *, struct msg *);

/** control_metrics(keeper, link, msg): what have you counted? */
void control_metrics(struct keeper *, struct link *, struct msg *);

/** control_audit(keeper, link, msg): rows of the audit, then their end. */
void control_audit(struct keeper *, struct link *, struct msg *);

/** control_halt(keeper, link, msg): something stops, or goes on. */
void control_halt(struct keeper *, struct link *, struct msg *);

/** control_pardon(keeper, link, msg): nothing was spent for that person. */
void control_pardon(struct keeper *, struct link *, struct msg *);

/** control_lookup(keeper, link, msg): how does the directory have them, and what was spent? */
void control_lookup(struct keeper *, struct link *, struct msg *);

/** control_policy(keeper, link, msg): which policy is for that person, and why? */
void control_policy(struct keeper *, struct link *, struct msg *);

/** control_erase(keeper, link, msg): drop the key of an account. */
void control_erase(struct keeper *, struct link *, struct msg *);

/** control_forget(link): it has hung up. */
void control_forget(struct link *);

/** control_forget_all(): all have, and registrar is not asked for them any more. */
void control_forget_all(void);

#endif
