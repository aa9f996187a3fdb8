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
#include "registrar/remedy.h"
#include "registrar/rules.h"

/* Why a password was not set. */
struct denial {
	enum rule	rule;	/* with VERDICT_RULE */
	bool		gone;	/* nor is the old one left: nobody knows what is there now */
};

struct dialect {
	const char		 *id;		/* the attribute that names an entry for ever */
	bool			  guards_admins;	/* it says itself who they are: powerful */
	bool			  id_octets;	/* its value is no text: written in hexadecimal */
	const char		 *login_name;	/* the user name proper; NULL: the first of the settings */
	const char *const	 *display;	/* the first of these with a value is the name shown */
	const char *const	 *state;	/* the attributes that read_state looks at */
	/* For settings that leave it to us.  Lists end with NULL. */
	const char		 *person_filter;
	const char *const	 *login_attributes;

	/* Fill the second half of struct account. */
	void		(*read_state)(const struct dir_entry *, struct account *);

	/*
	 * The i-th group of a list of the settings, by its name as it is now; 0, or -1 if it is
	 * not there, which is logged.  See guard_ready.
	 */
	int		(*find_group)(struct dir *, const char *name, enum group_list, size_t i);

	/* When all are found: which of them the person is in.  What cannot be told is not OK. */
	enum verdict	(*read_groups)(struct dir *, struct account *);

	/* The rules that hold for this account.  Anything but OK: they are unknown. */
	enum verdict	(*read_rules)(struct dir *, const struct account *, struct rules *);

	/* Was a password set between two marks of one server? */
	bool		(*set_since)(const char *before, const char *now);

	/* Set the password, and unlock; where it is not set, say why. */
	enum verdict	(*set)(struct dir *, const struct account *, const struct rules *,
			    const struct secret *password, bool must_change, struct denial *);

	/* Lift a lock; one that is not there is lifted already. */
	enum verdict	(*unlock)(struct dir *, const struct account *);

	/*
	 * When ${attribute} of the account was last given another value, and not by
	 * whoever made the account, within a day: seconds since 1970.  0: long ago, as far
	 * as the directory knows; -1: it does not say.
	 */
	int64_t		(*changed)(struct dir *, const struct account *, const char *attribute);

	/* Under --check, connected: report what keeps this dialect from working. */
	void		(*check)(struct dir *);

	/* Likewise of the one server that we are connected to; NULL: nothing. */
	void		(*check_server)(struct dir *, const char *setting, const char *uri);

	/* After how many wrong passwords the account is locked; 0: never; -1: not known. */
	int		(*lockout)(struct dir *, const struct account *);

	/* What gives the service account a right; return how many commands that is. */
	size_t		(*remedies)(struct dir *, enum remedy_right, struct finding_remedy out[REMEDIES]);
};

/* For the settings; ends with NULL. */
extern const char *const dialect_names[];

extern const struct dialect dialect_openldap, dialect_ad;

/** dialect_openldap_rule(refusal): the rule that slapd's refusal is about, or -1. */
int dialect_openldap_rule(const struct dir_refusal *);

/** dialect(): that of the settings. */
const struct dialect *dialect(void);

#endif
