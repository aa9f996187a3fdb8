/* What a proxy says of who asks, before the request and in it: an address, or nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "portal/introduction.h"
#include "portal/proxy.h"
#include "portal/settings.h"
#include "wire/msg.h"

/* It is an address, in the one spelling that it has here. */
static void
check_addr(const char *addr)
{
	char spelt[ADDR_LONGEST + 1];

	MUST(proxy_spell(addr, spelt, sizeof spelt) == 0);
	MUST(strcmp(addr, spelt) == 0);
}

static void
try_introduction(const uint8_t *data, size_t size)
{
	/* Of just this size, so that a step beyond it is seen. */
	uint8_t *copy = malloc(size > 0 ? size : 1);
	char addr[ADDR_LONGEST + 1], spelt[ADDR_LONGEST + 1];

	MUST(copy != NULL);
	memcpy(copy, data, size);
	if (introduction_read(copy, size, addr, sizeof addr) == 0) {
		MUST(size >= INTRODUCTION_FIRST && size <= INTRODUCTION_LONGEST);
		MUST(introduction_length(copy) == size);
		MUST(addr[0] == '\0' || proxy_spell(addr, spelt, sizeof spelt) == 0);
	}
	free(copy);
}

static void
try_list(const uint8_t *data, size_t size)
{
	char *list = fuzz_text(data, size), addr[ADDR_LONGEST + 1];

	snprintf(settings.trusted_proxies[0], sizeof settings.trusted_proxies[0], "10.0.0.0/8");
	settings.n_trusted_proxies = 1;
	proxy_client("10.0.0.1", list, addr, sizeof addr);
	check_addr(addr);
	proxy_client("1.2.3.4", list, addr, sizeof addr);
	MUST(strcmp(addr, "1.2.3.4") == 0);
	free(list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try_introduction(data, size);
	try_list(data, size);
	return 0;
}
