/*
 * choice.h - what may happen next: a table.
 */
#ifndef EXPLORE_CHOICE_H
#define EXPLORE_CHOICE_H

#include "explore/world.h"

struct choice {
	const char	*name;
	bool		 (*can)(const struct walk *);	/* NULL: whenever a flow is there */
	void		 (*go)(struct walk *);
	enum msg_type	 asked;		/* a reply to this question, */
	enum verdict	 verdict;	/* with this verdict */
	int		 detail;	/* what it is about, where several are made alike */
	bool		 house;		/* happens to all, not on somebody's way */
	bool		 holds;		/* also as part of a batch that goes on */
	bool		 settled;	/* once it is made nothing is left to be handled */
};

/** choice_row(i): the i-th, as they are counted from nought; NULL: there are no more. */
const struct choice *choice_row(unsigned int i);

/* One that is made: which, on whose way, and whether the batch goes on. */
struct move {
	unsigned char	choice, walk;
	bool		hold;
};

/** choice_can(move): it may happen now. */
bool choice_can(struct move);

/** choice_make(move): it happens. */
void choice_make(struct move);

/** choice_text(move, text, size): "b:right+", which choice_read understands; -1: it does not. */
void choice_text(struct move, char *text, size_t size);
int choice_read(const char *text, struct move *);

#endif
