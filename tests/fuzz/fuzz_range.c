/*
 * Ranges of proxies: the first line is an X-Forwarded-For, the second such a range.  Who
 * asks is always an address, and a range that is none holds nobody.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "base/network.h"
#include "portal/http/proxy.h"
#include "portal/settings.h"
#include "wire/msg.h"

static void
check_client(const char *peer, const char *forwarded)
{
	/* A line of ours below theirs, so that theirs is read only if ours is one of a proxy. */
	struct forwarded lines = { .value = { forwarded, "10.0.0.2" }, .n = 2 };
	char out[ADDR_LONGEST + 1], spelt[ADDR_LONGEST + 1];

	proxy_client(peer, &lines, out, sizeof out);
	MUST(network_spell(out, spelt, sizeof spelt) == 0 && strcmp(out, spelt) == 0);
	if (!proxy_is_trusted(peer))
		MUST(strcmp(out, peer) == 0);
}

static void
check_range(const char *range)
{
	if (!network_is_range(range)) {
		MUST(!network_has("10.0.0.1", range) && !network_has("::1", range));
		return;
	}
	if (strchr(range, '/') == NULL)
		MUST(network_has(range, range));
	MUST(strspn(range, "0123456789abcdefABCDEF:./") == strlen(range));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *forwarded = fuzz_text(data, size), *range = fuzz_halves(forwarded);

	check_range(range);
	settings.n_trusted_proxies = 1;
	if (network_is_range(range) && strlen(range) < sizeof settings.trusted_proxies[0]) {
		strcpy(settings.trusted_proxies[0], range);
		check_client("10.0.0.1", forwarded);
		check_client("2001:db8::1", forwarded);
	}
	free(forwarded);
	return 0;
}
