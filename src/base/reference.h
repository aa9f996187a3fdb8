/*
 * reference.h - the few letters that name one person's way, from page to log.
 *
 * People read them to the service desk over the telephone, so there are eight, none
 * looks like another, and what is misread or typed carelessly is understood.  They
 * are random: they tell nothing, and open nothing.
 */
#ifndef BASE_REFERENCE_H
#define BASE_REFERENCE_H

#include <stdbool.h>

enum { REFERENCE_SIZE = 5, REFERENCE_TEXT = 10 };	/* 40 bits; "K7QM-2XWD" and its NUL */

/* Zeroes are no reference. */
struct reference {
	unsigned char	byte[REFERENCE_SIZE];
};

/** reference_new(reference): a random one. */
void reference_new(struct reference *);

/** reference_given(reference): it is one. */
bool reference_given(const struct reference *);

/** reference_text(reference, text): as people see it; "" if it is none. */
void reference_text(const struct reference *, char text[REFERENCE_TEXT]);

/**
 * reference_read(typed, reference):
 * Lower case, O for 0, I and L for 1, and dashes and blanks anywhere or nowhere are
 * all understood.  Return 0, or -1 if ${typed} is no reference.
 */
int reference_read(const char *typed, struct reference *);

#endif
