#include "keeper/number.h"

#include "base/clock.h"
#include "keeper/flow.h"
#include "wire/house.h"

enum { BELIEVED = 0 };

bool
number_is_young(struct keeper *k, const unsigned char account[ACCOUNT_SIZE],
    const struct msg_matched *m)
{
	int64_t now = clock_now(), since;

	if (house.young_number_days == 0)
		return false;
	if (m->believed || !store_has_numbers(k->store, account))
		since = BELIEVED;
	else if (!store_get_number(k->store, account, m->number, &since))
		since = now;
	/* The clock was ahead, and nobody knows by how much. */
	if (since > now + SET_BACK_MOST)
		since = now;
	store_put_number(k->store, account, m->number, since, now);
	return since + (int64_t)house.young_number_days * DAY > now;
}
