/* A packet, from each of the house to each: what is let through packs to the same bytes. */
#include <string.h>

#include "fuzz.h"
#include "wire/msg.h"

static const enum role roles[] = {
	ROLE_PORTAL, ROLE_KEEPER, ROLE_REGISTRAR, ROLE_COURIER, ROLE_CTL
};
enum { N_ROLES = sizeof roles / sizeof roles[0] };

static void
check(const uint8_t *data, size_t size, enum role from, enum role to)
{
	static struct msg m;
	unsigned char again[MSG_LONGEST];

	/* What unpack leaves as it was must not be looked at by pack. */
	memset(&m, 0xa5, sizeof m);
	if (msg_unpack(&m, data, size, from, to) != MSG_GOOD)
		return;
	MUST(m.type == MSG_HELLO || (from == ROLE_KEEPER) != (to == ROLE_KEEPER));
	MUST(msg_pack(&m, from, again, sizeof again) == size);
	MUST(memcmp(data, again, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t f = 0; f < N_ROLES; f++)
		for (size_t t = 0; t < N_ROLES; t++)
			check(data, size, roles[f], roles[t]);
	return 0;
}
