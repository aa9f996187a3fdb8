#include "keeper/price.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "keeper/code.h"
#include "keeper/counts.h"
#include "keeper/settings.h"

/*
 * Many small puzzles take nearly the same time each time; one large one would be over at
 * once or never.  doc/FIGURES has how long it takes whom.
 */
enum { PUZZLES = 32, BITS = 13 };
_Static_assert(PUZZLES * (int)PRICE_MOST <= (int)PUZZLES_MOST && (int)BITS <= (int)BITS_MOST,
    "a struct work");
_Static_assert((int)PUZZLES_MOST * (int)NONCE_DIGITS <= SECRET_LONGEST,
    "a solution is a field's value");
/* That none of them fits has to be out of the question. */
_Static_assert((int)BITS_MOST + 3 < (int)NONCE_DIGITS * 4, "there are nonces enough");

const char *const price_words[] = {
	[PRICE_NEVER] = "never", [PRICE_SUSPICIOUS] = "suspicious", [PRICE_ALWAYS] = "always", NULL,
};

const char *const price_by_words[] = {
	[PRICE_BY_WORK] = "work", [PRICE_BY_RIDDLE] = "riddle", NULL,
};

unsigned int
price_of(const struct flow *f)
{
	if (settings.price == PRICE_NEVER)
		return 0;
	return (settings.price == PRICE_ALWAYS) + (unsigned int)f->suspicious;
}

bool
price_ask(struct flow *f)
{
	unsigned int price = price_of(f);

	if (price <= f->paid)
		return false;
	f->price = price;
	f->by_riddle = settings.price_by == PRICE_BY_RIDDLE;
	f->price_until = clock_now() + price_wait(f);
	return true;
}

void
price_work(const struct flow *f, struct work *w)
{
	code_challenge(f->code_key, &f->handle, w->challenge);
	w->puzzles = PUZZLES * f->price;
	w->bits = BITS;
}

/* ---- Is it solved? ------------------------------------------------------------------ */

static bool
begins_with_noughts(const unsigned char hash[HASH_SIZE], unsigned int bits)
{
	uint32_t first = (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 |
	    (uint32_t)hash[2] << 8 | hash[3];

	return first >> (32 - bits) == 0;
}

static bool
solves(const struct work *w, unsigned int puzzle, const char *nonce)
{
	char text[CHALLENGE_LONGEST + 3 + NONCE_DIGITS + 1];
	unsigned char hash[HASH_SIZE];
	int len = snprintf(text, sizeof text, "%s%03u%.*s", w->challenge, puzzle, NONCE_DIGITS,
	    nonce);

	seal_hash(text, (size_t)len, hash);
	return begins_with_noughts(hash, w->bits);
}

/* The first that is wrong ends it: what is made up costs one hash. */
bool
price_solved(const struct flow *f, const struct secret *solution)
{
	struct work w;

	price_work(f, &w);
	if (w.puzzles == 0 || solution->len != (size_t)w.puzzles * NONCE_DIGITS ||
	    strspn(solution->text, "0123456789abcdef") != solution->len)
		return false;
	for (unsigned int i = 0; i < w.puzzles; i++)
		if (!solves(&w, i, solution->text + (size_t)i * NONCE_DIGITS))
			return false;
	return true;
}

/* ---- Or waited for? -------------------------------------------------------------------- */

/* Well within the time that a person has for one page. */
int
price_wait(const struct flow *f)
{
	int each = f->by_riddle ? settings.riddle_wait : settings.price_wait;
	int wait = each * (int)f->price;

	return wait < settings.step_life / 2 ? wait : settings.step_life / 2;
}

/* A clock that was put back keeps nobody for longer than the whole wait. */
bool
price_waited(struct keeper *k, struct flow *f)
{
	int64_t longest = clock_now() + price_wait(f);

	if (f->price_until > longest) {
		f->price_until = longest;
		flow_save(k, f);
	}
	return f->price_until <= clock_now();
}

enum step
price_pay(struct flow *f, enum pay how)
{
	f->paid = f->price;
	counts_add(KEPT_PAID, how, 0);
	return price_next(f);
}

enum step
price_next(const struct flow *f)
{
	return f->asks_wish ? STEP_WISH : STEP_PROOF;
}
