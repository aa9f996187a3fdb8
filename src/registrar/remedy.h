/*
 * remedy.h - the commands with which an admin of Active Directory mends a right.
 *
 * Each is said for samba-tool, dsacls and PowerShell, ready to be typed: no log
 * line, no check and no manual page says them in other words.
 */
#ifndef REGISTRAR_REMEDY_H
#define REGISTRAR_REMEDY_H

#include <stddef.h>

#include "base/finding.h"

enum remedy_right {
	REMEDY_RESET,		/* set a new password without the old one */
	REMEDY_UNLOCK,		/* write lockoutTime */
	REMEDY_MUST_CHANGE,	/* write pwdLastSet */
	REMEDY_STATE,		/* read userAccountControl and the like */
	REMEDY_READ,		/* read an attribute */
	REMEDY_READ_SECRET,	/* likewise, one that the schema calls confidential */
	REMEDY_POLICIES,	/* read password settings objects */
	REMEDY_DOMAIN,		/* read the domain's own policy */
	REMEDY__COUNT
};

enum { REMEDIES = 3 };

/* To whom. */
struct remedy_account {
	char	sid[192];	/* S-1-5-21-... */
	char	name[320];	/* latchkey@example.nl */
};

/* An attribute that REMEDY_READ and REMEDY_READ_SECRET are about. */
struct remedy_attribute {
	const char	*name;
	const char	*guid;	/* its schemaIDGUID, as text */
};

/**
 * remedy_grant(right, where, account, attribute, out):
 * The commands that give ${account} the right on people below ${where}; for
 * REMEDY_POLICIES on what is in that container, for REMEDY_DOMAIN on the domain itself.
 */
void remedy_grant(enum remedy_right, const char *where, const struct remedy_account *,
    const struct remedy_attribute *, struct finding_remedy out[REMEDIES]);

/** remedy_own(where, attribute, out): those that keep people below from writing it themselves. */
void remedy_own(const char *where, const struct remedy_attribute *,
    struct finding_remedy out[REMEDIES]);

#endif
