#include "keeper/riddle.h"

#include <ctype.h>
#include <string.h>

#include "keeper/code.h"
#include "keeper/price.h"

/* What is dearer is longer. */
enum { FIRST_LENGTH = 5, MORE = 2 };
_Static_assert(FIRST_LENGTH + MORE * ((int)PRICE_MOST - 1) <= (int)RIDDLE_LONGEST, "a struct riddle");

bool
riddle_of(const struct flow *f, struct riddle *r)
{
	if (f->riddles >= RIDDLES_MOST || f->price == 0)
		return false;
	code_riddle(f->code_key, &f->handle, f->riddles, FIRST_LENGTH + MORE * (f->price - 1), r);
	return true;
}

/* As people type: small letters, and in groups. */
static void
read_typed(const struct secret *typed, struct secret *out)
{
	out->len = 0;
	for (size_t i = 0; i < typed->len; i++)
		if (strchr(" -\t", typed->text[i]) == NULL)
			out->text[out->len++] = (char)toupper((unsigned char)typed->text[i]);
	out->text[out->len] = '\0';
}

bool
riddle_solved(const struct flow *f, const struct secret *typed)
{
	struct secret said;
	struct riddle r;

	if (!riddle_of(f, &r))
		return false;
	read_typed(typed, &said);
	return strcmp(said.text, r.letters) == 0 || strcmp(said.text, r.digits) == 0;
}

bool
riddle_other(struct flow *f)
{
	if (f->riddles >= RIDDLES_MOST)
		return false;
	f->riddles++;
	return true;
}
