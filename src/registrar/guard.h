/*
 * guard.h - whom registrar helps, and how often, whatever keeper says.
 */
#ifndef REGISTRAR_GUARD_H
#define REGISTRAR_GUARD_H

#include "registrar/account.h"

/** guard_share(): before the workers begin: one count of writes for them all. */
void guard_share(void);

/**
 * guard_ready(dir):
 * Before anybody is looked for: find the groups of the settings, by their names as
 * they are now.  UNAVAILABLE if one is not there: then nobody is helped.
 */
enum verdict guard_ready(struct dir *);

/**
 * guard_person(dir, account), after guard_ready:
 * OK; NOBODY for an entry outside the base; DISABLED; PROTECTED for members of a
 * protected group, directly or through other groups, and for those who are in none
 * of the allowed groups.  What cannot be found out is not OK either.  Fills in which
 * groups they are in.
 */
enum verdict guard_person(struct dir *, struct account *);

/** guard_write(): count one write; LIMIT if there were too many in the past hour. */
enum verdict guard_write(void);

#endif
