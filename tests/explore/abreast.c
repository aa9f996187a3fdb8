#include "explore/abreast.h"

#include <string.h>

static const struct { enum verdict find, match; } kinds[ABREAST_KINDS] = {
	{ VERDICT_OK, VERDICT_OK },		/* known */
	{ VERDICT_NOBODY, VERDICT_TICKET },
	{ VERDICT_DISABLED, VERDICT_TICKET },
	{ VERDICT_PROTECTED, VERDICT_TICKET },
	{ VERDICT_OK, VERDICT_NO_PROOF },	/* without a number */
	{ VERDICT_OK, VERDICT_NO_MATCH },
	{ VERDICT_OK, VERDICT_YOUNG },
};

static uint64_t told[ABREAST_KINDS];

enum verdict
abreast_verdict(const struct walk *w, enum msg_type question)
{
	return question == MSG_FIND ? kinds[w - world.walks].find :
	    question == MSG_MATCH ? kinds[w - world.walks].match : VERDICT_OK;
}

void
abreast_heard(const struct walk *w, const struct msg_step *s)
{
	struct msg_step same = *s;
	const unsigned char *byte = (const unsigned char *)&same;
	uint64_t *sum = &told[w - world.walks];

	/* These are everybody's own, and of one length. */
	memset(same.flow, 0, strlen(same.flow));
	memset(&same.reference, 0, sizeof same.reference);
	memset(same.riddle.letters, 0, strlen(same.riddle.letters));
	memset(same.riddle.digits, 0, strlen(same.riddle.digits));
	for (size_t i = 0; i < sizeof same; i++)
		*sum = (*sum ^ byte[i]) * 0x100000001b3 + 1;
}

void
abreast_compare(void)
{
	for (unsigned int i = 1; i < ABREAST_KINDS; i++)
		if (told[i] != told[0])
			world_broke("one person is told otherwise than another, before the right code");
	memset(told, 0, sizeof told);
}
