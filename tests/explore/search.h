/*
 * search.h - every string of choices up to a depth, each state once.
 *
 * Breadth first, so that what breaks a promise is found by its shortest string.  A state
 * is come back to by making its string's choices again from the start; that it is the
 * same then, each time, is looked at too.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include "explore/choice.h"

enum { MOVES_MOST = 64 };

/* Where a search begins: so many people, and what has happened to them. */
struct scene {
	const char	*name;
	unsigned int	 depth;		/* how deep it is gone through */
	const char	*begin;		/* a string of choices */
	const char	*without;	/* choices that are left out, or NULL */
	const char	*only;		/* those that there are, or NULL: all others */
	unsigned int	 walks;		/* nought is one */
	bool		 abreast;	/* people of each kind, who do the same */
	struct terms	 terms;
};

struct found {
	unsigned long	states, new_states;	/* distinct ones; those that no earlier scene had */
	unsigned long	moves;
	unsigned int	violations;
};

/** search(scene, depth): go through all of it; what is broken is printed. */
struct found search(const struct scene *, unsigned int depth);

/** search_play(scene, text): make the choices of ${text}, aloud; -1: what they break is printed. */
int search_play(const struct scene *, const char *text);

#endif
