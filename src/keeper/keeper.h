/*
 * keeper.h - what everybody in this room shares.
 */
#ifndef KEEPER_KEEPER_H
#define KEEPER_KEEPER_H

#include <event2/event.h>

#include "keeper/chain.h"
#include "keeper/seals.h"

struct registrar;
struct courier;
struct answers;
struct export;

struct keeper {
	struct event_base	*base;
	struct store		*store;		/* NULL: see outage.h */
	struct chain		 chain;
	struct registrar	*registrar;
	struct courier		*courier;
	void			*errands;	/* errand.c: a tree of them, by handle, */
	unsigned int		 n_errands;	/* so many */
	struct answers		*answers;
	struct export		*export;	/* NULL: the audit goes to no file */
	int64_t			 since;		/* when it started */
	unsigned int		 halts;		/* halt.h */
	char			 outage[STORE_WHY];	/* why there is no store, and what mends it */
	bool			 looked, refused;	/* see store_look; no waiting will help */
	struct seals		 seals;
};

#endif
