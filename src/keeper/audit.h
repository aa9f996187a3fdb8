/*
 * audit.h - who did what, when, from where, and how it ended.
 *
 * A row is written in the same transaction as the effect it tells of.  The name
 * that was typed and the address are sealed under a key of that account's own:
 * without the key the row still counts, and names nobody.
 */
#ifndef KEEPER_AUDIT_H
#define KEEPER_AUDIT_H

#include "base/seal.h"
#include "keeper/flow.h"

/**
 * audit_who(keeper, account, name, who):
 * Seal the typed name for the rows of this flow; ${account} is NULL for nobodies.
 */
void audit_who(struct keeper *, const unsigned char *account, const struct secret *name,
    struct sealed *who);

/**
 * audit_add(keeper, flow, what, outcome, addr):
 * A row, and the same in the log.  ${what} is one of a few words: see audit.c.
 */
void audit_add(struct keeper *, const struct flow *, const char *what, const char *outcome,
    const char *addr);

/** audit_add_detail(keeper, flow, what, outcome, detail, addr): with a word more; nobody's name. */
void audit_add_detail(struct keeper *, const struct flow *, const char *what, const char *outcome,
    const char *detail, const char *addr);

/** audit_seal_anew(box): a person's key, under the newest audit key; false: it is, or cannot be. */
bool audit_seal_anew(struct sealed *box);

/** audit_unseal(tag, box, len, plain, size): seal_open with the audit key, or that of before. */
long audit_unseal(struct piece tag, const void *box, size_t len, void *plain, size_t size);

/** audit_read(keeper, row, out): unseal a row for the admin; erased fields come back empty. */
void audit_read(struct keeper *, const struct audit_row *, struct msg_audit_row *);

#endif
