/*
 * seals.h - which keys the store was written with, and what follows when one is changed.
 */
#ifndef KEEPER_SEALS_H
#define KEEPER_SEALS_H

#include <stdbool.h>

#include "keeper/store/store.h"

struct keeper;

struct seals {
	int64_t		openings_from;	/* older ones may have begun a flow that is not kept any more */
	bool		under_old;	/* people's keys may still be sealed under the audit key of before */
	bool		begun;		/* those up to ${done} are not */
	unsigned char	done[ACCOUNT_SIZE];
	bool		put;		/* it was noted that none is left */
};

/**
 * seals_open(keeper, why, size):
 * Read all of it from a store that was opened just now.  Return 0, or -1 with a sentence for the
 * admin: the audit key is not that of this store.
 */
int seals_open(struct keeper *, char *why, size_t size);

/** seals_go_on(keeper): seal some of them anew; each second, until none is left. */
void seals_go_on(struct keeper *);

/* Is the old key needed no more?  0, or -1 with a sentence on what needs it. */
int seals_code_is_new(struct keeper *, char *why, size_t size);
int seals_audit_is_new(struct keeper *, char *why, size_t size);

/** seals_refuse_openings(keeper): those that were handed out up to now begin no flow. */
void seals_refuse_openings(struct keeper *);

/** seals_keep_time(keeper): unless that is said of a time to come. */
void seals_keep_time(struct keeper *);

#endif
