/*
 * password.h - judging and setting a new password.
 */
#ifndef REGISTRAR_PASSWORD_H
#define REGISTRAR_PASSWORD_H

#include "registrar/account.h"
#include "registrar/dialect.h"
#include "registrar/rules.h"

/** password_rules(dir, account, rules): the directory's, and the names that it may not hold. */
enum verdict password_rules(struct dir *, const struct account *, struct rules *);

/** password_judge(dir, account, typed, broken): RULE, with a bit for each that is broken. */
enum verdict password_judge(struct dir *, const struct account *, const struct secret *typed,
    uint32_t *broken);

/**
 * password_set(dir, account, typed, must_change, no):
 * Judge again, count the write, and write.  Setting also unlocks.  Where it is not
 * set, ${no} says why.
 */
enum verdict password_set(struct dir *, const struct account *, const struct secret *typed,
    bool must_change, struct denial *);

/**
 * password_compose(typed, out):
 * What is written: nothing trimmed, nothing folded, but composed (NFC), so that
 * an é is the same from every keyboard.  What is not UTF-8 stays as it is.
 */
void password_compose(const struct secret *typed, struct secret *out);

#endif
