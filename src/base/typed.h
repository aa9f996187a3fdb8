/*
 * typed.h - what people type or paste, in plain ASCII.
 *
 * Telephones and spreadsheets put blanks, dashes and digits of their own in
 * numbers and dates, and invisible marks around them.
 */
#ifndef BASE_TYPED_H
#define BASE_TYPED_H

#include <stddef.h>

/**
 * typed_ascii(text, out, size):
 * ${text} with every kind of blank as ' ', of dash as '-', and of digit as 0 to
 * 9; marks that nobody sees are left out, and so are blanks at both ends.  Return
 * 0, or -1 if anything else is not ASCII, or it does not fit.  The caller wipes
 * ${out}.
 */
int typed_ascii(const char *text, char *out, size_t size);

#endif
