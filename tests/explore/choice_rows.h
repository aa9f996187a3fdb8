/*
 * choice_rows.h - the table of choices, by who makes them; for choice*.c alone.
 */
#ifndef EXPLORE_CHOICE_ROWS_H
#define EXPLORE_CHOICE_ROWS_H

#include "explore/choice.h"

struct choices {
	const struct choice	*rows;
	size_t			 n;
};

extern const struct choices choices_of_portal, choices_of_registrar, choices_of_house;

/* The row that is being made, or asked for: several share what makes them. */
extern const struct choice *choice_made;

#endif
