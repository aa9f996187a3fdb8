/*
 * dialect_ad.h - what the files of the dialect "ad" have in common: Active Directory,
 * and Samba as one.
 */
#ifndef REGISTRAR_DIALECT_AD_H
#define REGISTRAR_DIALECT_AD_H

#include "registrar/ad/sid.h"
#include "registrar/dialect.h"

/* ---- dialect_ad_domain.c ------------------------------------------------------ */

/** ad_domain(dir, dn): the head of the domain that we are connected to. */
enum dir_end ad_domain(struct dir *, const char **dn);

/**
 * ad_attribute(dir, name, wanted, entry):
 * What the schema says of an attribute, as dir_one has it: NONE if there is no such.
 */
enum dir_end ad_attribute(struct dir *, const char *name, const char *const *wanted,
    struct dir_entry **);

/* ---- dialect_ad.c ------------------------------------------------------------- */

/**
 * ad_barred(flags):
 * Which flag of userAccountControl bars an account from being helped, by its name,
 * or NULL.
 */
const char *ad_barred(uint32_t flags);

/**
 * ad_log_remedies(dir, right):
 * After a line of what could not be done for want of it: the commands that give it to
 * the service account.  Once for each right, as a worker may meet its lack every time.
 */
void ad_log_remedies(struct dir *, enum remedy_right);

/* ---- dialect_ad_rules.c ---------------------------------------------------------- */

enum verdict ad_read_rules(struct dir *, const struct account *, struct rules *);

/* How the server that we are connected to can be made to look at the history. */
enum ad_way {
	AD_WAY_HINTS,		/* it is asked to */
	AD_WAY_PLAIN,		/* there is none, or the settings do without */
	AD_WAY_EMULATE,		/* by a reset and a change */
	AD_WAY_NONE		/* not at all, and the settings say that it must */
};

enum dir_end ad_find_way(struct dir *, uint32_t history, enum ad_way *);

/* ---- dialect_ad_set.c -------------------------------------------------------------- */

enum verdict ad_set(struct dir *, const struct account *, const struct rules *,
    const struct secret *password, bool must_change, struct denial *);
enum verdict ad_unlock(struct dir *, const struct account *);

/**
 * ad_password_value(password, value):
 * As unicodePwd takes it: between quotes, in UTF-16.  Return 0, or -1 if it is not
 * UTF-8, or of no length that fits.
 */
int ad_password_value(const struct secret *password, struct secret *value);

/** ad_refused_rule(refusal, rules): the rule that the refusal is about, or -1. */
int ad_refused_rule(const struct dir_refusal *, const struct rules *);

/* ---- dialect_ad_changed.c ------------------------------------------------------------ */

int64_t ad_changed(struct dir *, const struct account *, const char *attribute);

#endif
