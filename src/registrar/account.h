/*
 * account.h - finding a person, and what the directory says of them.
 */
#ifndef REGISTRAR_ACCOUNT_H
#define REGISTRAR_ACCOUNT_H

#include <stdbool.h>

#include "registrar/ldap/ldap.h"
#include "wire/msg.h"

enum { ID_LONGEST = 63, ACCOUNT_MARK_LONGEST = 53, PERSON_NAME_LONGEST = 255, NAMES_MOST = 16 };

/* Why a name of the account may not be part of its password. */
enum name_kind {
	NAME_LOGIN,	/* forbidden as a whole */
	NAME_DISPLAY,	/* each of its words is */
	NAME_EXTRA	/* likewise, if the settings say so */
};

/* Of the settings; those of GROUPS_POLICY are policies' own, each at its policy's place. */
enum group_list { GROUPS_PROTECTED, GROUPS_ALLOWED, GROUPS_POLICY, GROUPS__COUNT };

struct account {
	char		id[ID_LONGEST + 1];	/* stays when the entry is renamed or moved */
	char		dn[DN_LONGEST + 1];
	struct {
		enum name_kind	kind;
		char		text[PERSON_NAME_LONGEST + 1];
	} names[NAMES_MOST];
	size_t		n_names;
	/* Filled by the dialect. */
	bool		disabled;
	bool		barred;			/* by its kind, whatever groups it is in */
	bool		must_change;		/* at the next sign-in */
	bool		fresh;			/* never had a password of its owner's choice */
	int64_t		created;		/* seconds since 1970, or 0: not known */
	int64_t		set_at;			/* likewise: the password, or 0 */
	char		policy[DN_LONGEST + 1];	/* of this entry alone, or empty */
	char		mark[ACCOUNT_MARK_LONGEST + 1];	/* see below */
	/* Filled by guard_person. */
	uint32_t	groups[GROUPS__COUNT];	/* that they are in: a bit for each of a list */
	bool		powerful;		/* in one that the directory itself guards */
};

/*
 * The mark differs once the password is another.  An empty one says nothing: then
 * nobody can tell.  See mark.h for what is made of it.
 */

/* What a person typed as user name, taken apart. */
struct login {
	char	whole[NAME_LONGEST + 1];
	char	part[NAME_LONGEST + 1];		/* without domain, or empty: not to be tried */
	bool	windows;			/* DOMAIN\name: the whole is no name of anybody */
};

/**
 * account_login(typed, login):
 * Take apart name, name@domain, DOMAIN\name or a mail address.  Return 0, or -1 if
 * nobody can be called that.
 */
int account_login(const char *typed, struct login *);

/**
 * account_find(dir, typed, account):
 * The one person who is called that; else NOBODY.  PROTECTED for an entry that
 * cannot be named for ever: a fault of one person must not look like one of all.
 */
enum verdict account_find(struct dir *, const char *typed, struct account *);

/** account_read(dir, id, account): the person again, by id. */
enum verdict account_read(struct dir *, const char *id, struct account *);

/** account_entry(dir, id, attributes, entry): just these attributes of that person. */
enum verdict account_entry(struct dir *, const char *id, const char *const *attributes,
    struct dir_entry **);

#endif
