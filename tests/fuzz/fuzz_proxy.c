/*
 * Who asks, by X-Forwarded-For, the first line; the second is a range of proxies.  Only
 * an address that is written there, or the peer, comes out, and a stranger is believed
 * in nothing.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "portal/proxy.h"
#include "portal/settings.h"

static void
check_client(const char *peer, const char *forwarded)
{
	unsigned char bytes[16];
	char out[ADDR_LONGEST + 1];

	proxy_client(peer, forwarded, out, sizeof out);
	MUST(inet_pton(AF_INET, out, bytes) == 1 || inet_pton(AF_INET6, out, bytes) == 1);
	MUST(strcmp(out, peer) == 0 || strstr(forwarded, out) != NULL);
}

static void
check_range(const char *range)
{
	if (!proxy_is_range(range)) {
		MUST(!proxy_in_range("10.0.0.1", range) && !proxy_in_range("::1", range));
		return;
	}
	if (strchr(range, '/') == NULL)
		MUST(proxy_in_range(range, range));
	MUST(strspn(range, "0123456789abcdefABCDEF:./") == strlen(range));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *forwarded = fuzz_text(data, size), *range = fuzz_halves(forwarded);
	char out[ADDR_LONGEST + 1];

	settings.n_trusted_proxies = 1;
	strcpy(settings.trusted_proxies[0], "10.0.0.0/8");
	check_client("10.0.0.1", forwarded);
	proxy_client("192.0.2.1", forwarded, out, sizeof out);
	MUST(strcmp(out, "192.0.2.1") == 0);
	check_range(range);
	if (proxy_is_range(range) && strlen(range) < sizeof settings.trusted_proxies[0]) {
		strcpy(settings.trusted_proxies[0], range);
		check_client("10.0.0.1", forwarded);
		check_client("2001:db8::1", forwarded);
	}
	free(forwarded);
	return 0;
}
