/*
 * when.h - the ways in which directories write times and spans.
 */
#ifndef REGISTRAR_WHEN_H
#define REGISTRAR_WHEN_H

#include <stdint.h>

#define SECONDS_1601_TO_1970 11644473600

/** when_generalized(text): YYYYmmddHHMMSSZ as seconds since 1970; 0 if NULL or not that. */
int64_t when_generalized(const char *);

/**
 * when_filetime(text):
 * Windows counts tenths of microseconds since 1601.  As seconds since 1970; 0 if
 * NULL, not a number, or one of the two that mean never: 0 and the largest.
 */
int64_t when_filetime(const char *);

/** when_span(text): a negative count of the same, in seconds; 0 for none, and for never. */
uint32_t when_span(const char *);

#endif
