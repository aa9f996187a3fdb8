/*
 * text.h - small things that are done with text.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * text_json(out, size, text):
 * Write ${text} as a JSON string, quotation marks included.  Return its length,
 * or 0 if it does not fit; then ${out} is "".
 */
size_t text_json(char *out, size_t size, const char *text);

/** text_hex(out, data, len): in hexadecimal; ${out} has room for 2 * ${len} + 1. */
void text_hex(char *out, const unsigned char *data, size_t len);

/** text_utf8(text, len): true if these bytes are well-formed UTF-8 without NUL. */
bool text_utf8(const char *text, size_t len);

/** text_plain(text): true if well-formed UTF-8 without control or direction-changing characters. */
bool text_plain(const char *text);

/**
 * text_harmless(out, size, text):
 * ${text} with each byte of what is not plain in that sense as \xNN, to be shown on
 * a terminal or in a log.  What does not fit is left out.
 */
void text_harmless(char *out, size_t size, const char *text);

/**
 * text_fold(out, size, text):
 * ${text} in the form in which names are compared: NFKC, case folded.  Return 0,
 * or -1 if it is not UTF-8 or does not fit.
 */
int text_fold(char *out, size_t size, const char *text);

/**
 * text_distance(a, b):
 * How many letters to add, drop or change to make the one word from the other;
 * SIZE_MAX if either is too long to be one.
 */
size_t text_distance(const char *a, const char *b);

/* "did you mean": begins as zeroes. */
struct guess {
	const char	*best;		/* NULL: nothing is near */
	size_t		 distance;
};

/** text_guess(guess, word, distance): ${word} may be meant; the nearest is, if it is near. */
void text_guess(struct guess *, const char *word, size_t distance);

#endif
