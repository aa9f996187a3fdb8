/*
 * answer.h - what a gateway's answer means.
 */
#ifndef COURIER_ANSWER_H
#define COURIER_ANSWER_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "wire/word.h"

enum { RANGES_MOST = 16 };

/* HTTP statuses, as written "200-299,202". */
struct statuses {
	size_t	n;
	struct {
		long	first, last;
	} range[RANGES_MOST];
};

struct answer_rules {
	struct statuses	accept;		/* the message is on its way, */
	bool		has_body;	/* provided that the body matches, if that is asked */
	regex_t		body;
	struct statuses	later;		/* nothing was sent; another time it may be */
};

/**
 * answer_statuses(statuses, text):
 * Read a list of statuses and ranges between commas.  Return 0, or -1 if it is
 * not one; an empty list is.
 */
int answer_statuses(struct statuses *, const char *);

/**
 * answer_judge(rules, status, body):
 * OK, UNAVAILABLE (another gateway or another time may do it) or REJECTED.
 */
enum verdict answer_judge(const struct answer_rules *, long status, const char *body);

#endif
