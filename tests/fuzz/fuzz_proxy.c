/* The header in which a proxy says for whom it comes: an address, or nothing. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "base/network.h"
#include "portal/http/introduction.h"
#include "portal/http/proxy.h"
#include "wire/msg.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char addr[ADDR_LONGEST + 1], spelt[ADDR_LONGEST + 1];
	/* Of just this size, so that a step beyond it is seen. */
	uint8_t *copy = malloc(size > 0 ? size : 1);

	MUST(copy != NULL);
	memcpy(copy, data, size);
	if (introduction_read(copy, size, addr, sizeof addr) == 0) {
		MUST(size >= INTRODUCTION_FIRST && size <= INTRODUCTION_LONGEST);
		MUST(introduction_length(copy) == size);
		MUST(addr[0] == '\0' || network_spell(addr, spelt, sizeof spelt) == 0);
	} else
		MUST(addr[0] == '\0');
	free(copy);
	return 0;
}
