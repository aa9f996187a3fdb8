/* What is sent as a solution: only one that solves every puzzle is taken for it. */
#include <string.h>

#include "fuzz.h"
#include "../unit/solve.h"
#include "keeper/price.h"

static struct flow f = { .handle = { { 1 } }, .price = 1 };
static struct secret genuine;
static struct work work;

static void
start(void)
{
	static struct key key;

	memset(key.byte, 7, sizeof key.byte);
	f.code_key = &key;
	price_work(&f, &work);
	solve(&work, &genuine);
}

static bool
solves_all(const char *text, size_t len)
{
	if (len != (size_t)work.puzzles * NONCE_DIGITS)
		return false;
	for (unsigned int i = 0; i < work.puzzles; i++)
		for (unsigned int j = 0; j < NONCE_DIGITS; j++)
			if (strchr("0123456789abcdef", text[i * NONCE_DIGITS + j]) == NULL)
				return false;
	for (unsigned int i = 0; i < work.puzzles; i++)
		if (!is_solved(&work, i, text + (size_t)i * NONCE_DIGITS))
			return false;
	return true;
}

static void
check(const struct secret *s)
{
	MUST(price_solved(&f, s) == solves_all(s->text, s->len));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct secret s;

	if (work.puzzles == 0)
		start();
	if (secret_set(&s, (const char *)data, size) == -1)
		return 0;
	check(&s);
	/* Over the end of one that is right, and behind it. */
	MUST(price_solved(&f, &genuine));
	if (size > genuine.len)
		return 0;
	secret_copy(&s, &genuine);
	memcpy(s.text + s.len - size, data, size);
	check(&s);
	s.len = genuine.len - size;
	s.text[s.len] = '\0';
	check(&s);
	return 0;
}
