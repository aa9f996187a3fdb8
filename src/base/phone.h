/*
 * phone.h - a telephone number, in whichever way it is written.
 */
#ifndef BASE_PHONE_H
#define BASE_PHONE_H

#include <stddef.h>

/* "+", at most fifteen digits (E.164), and the end. */
enum { PHONE_SIZE = 17 };

/**
 * phone_read(text, country, out, size):
 * Write the number as +31612345678.  It may have been typed as 06-12345678,
 * +31 (0)6 1234 5678, 0031612345678, (06) 12 34 56 78, 31612345678, 612345678 or
 * tel:+31-6-12345678; without a country it is in ${country}, which is "31".
 * Return 0, or -1 if it holds a letter, or too few or too many digits; then
 * ${out} is empty.
 */
int phone_read(const char *text, const char *country, char *out, size_t size);

/* At most three digits, and the end. */
enum { PHONE_COUNTRY_SIZE = 4 };

/** phone_country(number, out): the country code that +31612345678 begins with; "" if it is no number. */
void phone_country(const char *number, char out[PHONE_COUNTRY_SIZE]);

#endif
