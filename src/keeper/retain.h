/*
 * retain.h - how long the audit keeps what.
 *
 * Three classes.  The steps of a way (audit_days): who tried what, for as long as somebody
 * may ask.  What was changed, and what admins did (audit_change_days): that is answered
 * for years later.  Names that nobody has (audit_nobody_days): mostly mistyped, sometimes a
 * password in the wrong field; they are of use while an attack is looked into.
 *
 * Rows that are removed leave a stone in the chain.
 */
#ifndef KEEPER_RETAIN_H
#define KEEPER_RETAIN_H

#include <stdbool.h>
#include <stdint.h>

struct keeper;

/** retain_begin(keeper): look now, and once a day, in small pieces. */
void retain_begin(struct keeper *);

/** retain_again(): the settings are others. */
void retain_again(void);

void retain_end(void);

/**
 * retain_piece(keeper, after, most):
 * Look at up to ${most} rows behind number *${after}, which is moved on, and remove those
 * whose time is over.  Return false when no row behind may be old.
 */
bool retain_piece(struct keeper *, int64_t *after, unsigned int most);

/** retain_nobodies(keeper): drop the keys of the months that are over. */
void retain_nobodies(struct keeper *);

#endif
