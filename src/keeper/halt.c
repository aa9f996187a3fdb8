#include "keeper/halt.h"

#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/keeper.h"

/* Each of them holds what stands before it too. */
_Static_assert((int)HALT_SMS < (int)HALT_RECOVER && (int)HALT_RECOVER < (int)HALT_ALL,
    "from the narrowest to the widest");

void
halt_read(struct keeper *k)
{
	k->halts = store_get_halts(k->store);
	for (int what = 0; what < HALT__COUNT; what++)
		if ((k->halts & 1U << what) != 0)
			log_warnx("%s is halted; when it may go on, run: latchkey resume %s",
			    word_halt[what], word_halt[what]);
}

bool
halt_holds(const struct keeper *k, enum halt what)
{
	return k->halts >> what != 0;
}

void
halt_set(struct keeper *k, enum halt what, bool on)
{
	if (on != ((k->halts >> what & 1U) != 0))
		audit_add_admin(k, on ? "halted" : "resumed", word_halt[what], NULL);
	k->halts = on ? k->halts | 1U << what : k->halts & ~(1U << what);
	store_put_halts(k->store, k->halts);
}
