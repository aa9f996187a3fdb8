/*
 * dialect.h - what differs from one kind of directory to another.
 *
 * A new kind is a table of these and a line in dialect.c; nothing else in
 * registrar asks which directory it is.
 */
#ifndef REGISTRAR_DIALECT_H
#define REGISTRAR_DIALECT_H

#include "base/secret.h"
#include "registrar/account.h"
#include "registrar/rules.h"

struct dialect {
	const char		 *id;		/* the attribute that names an entry for ever, as text */
	const char *const	 *state;	/* the attributes that read_state looks at; ends with NULL */

	/* Fill the second half of struct account. */
	void		(*read_state)(const struct dir_entry *, struct account *);

	/* The rules that hold for this account.  Anything but OK: they are unknown. */
	enum verdict	(*read_rules)(struct dir *, const struct account *, struct rules *);

	/* Set the password, and unlock; with RULE, say which rule, and leave all as it was. */
	enum verdict	(*set)(struct dir *, const struct account *, const struct rules *,
			    const struct secret *password, bool must_change, enum rule *);

	/* Lift a lock; one that is not there is lifted already. */
	enum verdict	(*unlock)(struct dir *, const struct account *);

	/* Under --check, connected: report what keeps this dialect from working. */
	void		(*check)(struct dir *);
};

/* For the settings; ends with NULL. */
extern const char *const dialect_names[];

extern const struct dialect dialect_openldap;

/** dialect_openldap_rule(refusal): the rule that slapd's refusal is about, or -1. */
int dialect_openldap_rule(const struct dir_refusal *);

/** dialect(): that of the settings. */
const struct dialect *dialect(void);

#endif
