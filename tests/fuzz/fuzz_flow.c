/* A stored flow: what is read from the store is stored as the same bytes, if it is of this version. */
#include <string.h>

#include "fuzz.h"
#include "keeper/keeper.h"
#include "keeper/flow.h"
#include "keeper/settings.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct handle handle = { { 1 } };
	static struct keeper desk;
	static struct flow f;
	unsigned char again[STATE_LONGEST];
	char why[256];
	long len;

	if (settings.code_key == NULL)
		settings.code_key = secret_keep(sizeof *settings.code_key);
	if (desk.store == NULL)
		MUST((desk.store = store_open(fuzz_folder(), why, sizeof why)) != NULL);
	if (size > STATE_LONGEST)
		return 0;
	/* Never committed: it is read from the batch. */
	store_put_flow(desk.store, &handle, 1, false, data, size);
	if (flow_load_handle(&desk, &handle, &f) == -1)
		return 0;
	MUST(f.step < STEP__COUNT && f.reason < REASON__COUNT && f.behind < BEHIND__COUNT);
	MUST(f.ticket.len <= sizeof f.ticket.data && f.who.len <= sizeof f.who.data);
	flow_save(&desk, &f);
	len = store_get_flow(desk.store, &handle, again, sizeof again);
	MUST(len > 0 && again[0] >= data[0]);
	if (again[0] > data[0])
		return 0;
	MUST(len == (long)size && memcmp(data, again, size) == 0);
	return 0;
}
