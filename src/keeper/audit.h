/*
 * audit.h - who did what, when, from where, and how it ended.
 *
 * A row is written in the same transaction as the effect it tells of, and linked to the
 * one before (chain.h).  The name
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

/**
 * audit_add_change(keeper, flow, outcome, addr):
 * What the flow's wish came to: done, or nobody knows; with the proofs that it was done on.
 */
void audit_add_change(struct keeper *, const struct flow *, const char *outcome, const char *addr);

/**
 * audit_add_admin(keeper, what, outcome, account):
 * What an admin did, or keeper in their place; NULL: to no account alone.
 */
void audit_add_admin(struct keeper *, const char *what, const char *outcome,
    const unsigned char *account);

/**
 * audit_erase(keeper, account):
 * Drop the key of that account: nobody can read any more who its rows were about, and from
 * where.  Return whether there was one.
 */
bool audit_erase(struct keeper *, const unsigned char account[ACCOUNT_SIZE]);

/**
 * audit_nobody(at, months, account):
 * Under which account the key of names that nobody has is kept, so many months before ${at}.
 * One a month: whoever tries a million names makes no million keys, and what was typed can
 * be forgotten all the same.
 */
void audit_nobody(int64_t at, int months, unsigned char account[ACCOUNT_SIZE]);
/* What a person's key is sealed for. */
extern const struct piece audit_person;

/** audit_seal_anew(tag, box): a key, under the newest audit key; false: it is, or cannot be. */
bool audit_seal_anew(struct piece tag, struct sealed *box);

/** audit_unseal(tag, box, len, plain, size): seal_open with the audit key, or that of before. */
long audit_unseal(struct piece tag, const void *box, size_t len, void *plain, size_t size);

/** audit_read(keeper, row, out): unseal a row for the admin; erased fields come back empty. */
void audit_read(struct keeper *, const struct audit_row *, struct msg_audit_row *);

#endif
