/*
 * filter.h - search filters.  No other file puts one together.
 */
#ifndef REGISTRAR_FILTER_H
#define REGISTRAR_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct filter {
	size_t	len;
	bool	bad;
	char	text[8192];
};

/** filter_begin(filter): empty, before anything else. */
void filter_begin(struct filter *);

/** filter_raw(filter, text): add what we or the settings wrote, as it is. */
void filter_raw(struct filter *, const char *text);

/**
 * filter_equal(filter, attribute, value): add (attribute=value).  Of ${value},
 * every byte but ASCII letters and digits is written as \hh.
 */
void filter_equal(struct filter *, const char *attribute, const char *value);

/**
 * filter_octets(filter, attribute, hex):
 * Likewise, for a value that is no text: its bytes are given in hexadecimal, and
 * hyphens among them are passed over.
 */
void filter_octets(struct filter *, const char *attribute, const char *hex);

/** filter_done(filter): the filter, or NULL if it became too long, or no filter. */
const char *filter_done(const struct filter *);

#endif
