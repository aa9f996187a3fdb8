/*
 * preview.h - every page in every state: what people may come to see.
 *
 * For whoever makes pages of their own, for tests, and for a look before a change
 * goes to the people.  Nothing is asked of keeper: the table is all there is.
 */
#ifndef PORTAL_PREVIEW_H
#define PORTAL_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/msg.h"

/* What the settings say about the house; some pages differ by it. */
enum preview_house {
	HOUSE_AS_SET,
	HOUSE_BARE,		/* no service desk, no list, nowhere to sign in */
	HOUSE_FULL,		/* all of these: as set, or an example */
	HOUSE_LONG		/* names as long as they may be */
};

struct preview_state {
	const char		*name;		/* of its file */
	const char		*text;		/* in plain words */
	enum step		 step;
	enum wish		 wish;
	enum reason		 reason;
	bool			 at_field;	/* the reason stands at */
	enum field		 at;
	enum outcome		 outcome;
	bool			 opening, missing, refused, gone, typed;
	bool			 unsent;	/* where a second code can go is not known yet */
	bool			 riddle, over;	/* a riddle to solve; or so many were not */
	bool			 by_mail, choice;	/* the code went so; it can be sent otherwise */
	unsigned int		 left;
	uint32_t		 wait, life;
	int			 rules;		/* PREVIEW_NO_RULES, or how they are met */
	enum preview_house	 house;
};

/* The directory was out of reach when the page was drawn. */
enum { PREVIEW_NO_RULES = MET__COUNT };

/** preview_at(i): the state at place ${i}, or NULL behind the last. */
const struct preview_state *preview_at(size_t);

/** preview_step(state, step): make ${step} what keeper would send for it. */
void preview_step(const struct preview_state *, struct msg_step *);

/** preview_typed(state, answer): likewise, what was typed; return ${answer}, or NULL for nothing. */
const struct msg_answer *preview_typed(const struct preview_state *, struct msg_answer *);

/**
 * preview_enter(state), preview_leave():
 * Between these the settings are those of the house that ${state} stands in.
 */
void preview_enter(const struct preview_state *);
void preview_leave(void);

#endif
