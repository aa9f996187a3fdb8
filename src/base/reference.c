#include "base/reference.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Crockford's base 32: no I, L, O or U. */
static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

enum { LETTERS = 8, DASH_AT = 4, BITS = 5 };
_Static_assert(LETTERS * BITS == REFERENCE_SIZE * 8, "eight letters are five bytes");
_Static_assert(LETTERS + 2 == REFERENCE_TEXT, "with a dash and a NUL");

void
reference_new(struct reference *r)
{
	/* The kernel has some, or nothing of ours is safe. */
	if (getentropy(r->byte, sizeof r->byte) == -1)
		abort();
}

bool
reference_given(const struct reference *r)
{
	static const struct reference none;

	return memcmp(r, &none, sizeof none) != 0;
}

void
reference_text(const struct reference *r, char text[REFERENCE_TEXT])
{
	uint64_t v = 0;
	size_t o = 0;

	if (reference_given(r)) {
		for (size_t i = 0; i < REFERENCE_SIZE; i++)
			v = v << 8 | r->byte[i];
		for (int i = LETTERS - 1; i >= 0; i--) {
			text[o++] = letters[v >> BITS * i & 31];
			if (o == DASH_AT)
				text[o++] = '-';
		}
	}
	text[o] = '\0';
}

/* Which letter it is meant to be; -1: none. */
static int
value(char typed)
{
	char c = (char)toupper((unsigned char)typed);
	const char *at = strchr(letters, c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);

	return c == '\0' || at == NULL ? -1 : (int)(at - letters);
}

int
reference_read(const char *typed, struct reference *r)
{
	uint64_t v = 0;
	int n = 0, one;

	for (const char *p = typed; *p != '\0'; p++) {
		if (*p == '-' || *p == ' ')
			continue;
		if ((one = value(*p)) == -1 || ++n > LETTERS)
			return -1;
		v = v << BITS | (unsigned int)one;
	}
	for (size_t i = 0; i < REFERENCE_SIZE; i++)
		r->byte[i] = (unsigned char)(v >> 8 * (REFERENCE_SIZE - 1 - i));
	return n == LETTERS && reference_given(r) ? 0 : -1;
}
