/* solve.h - what a browser works out at STEP_PRICE, as the description of the API tells it. */
#ifndef UNIT_SOLVE_H
#define UNIT_SOLVE_H

#include <stdio.h>

#include "base/seal.h"
#include "wire/msg.h"

/** is_solved(work, puzzle, nonce): the hash begins with as many bits as it has to. */
static bool
is_solved(const struct work *w, unsigned int puzzle, const char *nonce)
{
	char text[CHALLENGE_LONGEST + 16];
	unsigned char hash[HASH_SIZE];
	unsigned int noughts = 0;
	int len = snprintf(text, sizeof text, "%s%03u%.5s", w->challenge, puzzle, nonce);

	seal_hash(text, (size_t)len, hash);
	while (noughts < w->bits && (hash[noughts / 8] & 128 >> noughts % 8) == 0)
		noughts++;
	return noughts == w->bits;
}

/** solve(work, solution): all puzzles, one after the other. */
static void
solve(const struct work *w, struct secret *solution)
{
	char all[PUZZLES_MOST * NONCE_DIGITS + 1] = "";

	for (unsigned int i = 0; i < w->puzzles; i++) {
		char *nonce = all + (size_t)i * NONCE_DIGITS;

		for (unsigned int n = 0; n == 0 || !is_solved(w, i, nonce); n++)
			snprintf(nonce, NONCE_DIGITS + 1, "%05x", n);
	}
	secret_set(solution, all, (size_t)w->puzzles * NONCE_DIGITS);
}

#endif
