/*
 * control.h - what the latchkey command asks, and portal for its /readyz.
 */
#ifndef KEEPER_CONTROL_H
#define KEEPER_CONTROL_H

#include "wire/link.h"

struct desk;

/** control_status(desk, link, msg): how are we? */
void control_status(struct desk *, struct link *, const struct msg *);

/** control_audit(desk, link, msg): rows of the audit, then their end. */
void control_audit(struct desk *, struct link *, const struct msg *);

/** control_forget(link): it has hung up. */
void control_forget(struct link *);

#endif
