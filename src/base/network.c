#include "base/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOUSEHOLD = 7 };	/* bytes: a /56 is what one is given */

/* Every address as 16 bytes: IPv4 as ::ffff:a.b.c.d. */
static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static int
to_bytes(const char *text, unsigned char out[16], bool *four)
{
	if (inet_pton(AF_INET, text, out + 12) == 1) {
		memcpy(out, mapped, sizeof mapped);
		*four = true;
		return 0;
	}
	*four = false;
	return inet_pton(AF_INET6, text, out) == 1 ? 0 : -1;
}

/* An address and how many of its 128 bits count. */
static int
to_range(const char *text, unsigned char out[16], unsigned int *bits)
{
	char addr[64], *slash, *end;
	unsigned long n;
	bool four;

	if ((size_t)snprintf(addr, sizeof addr, "%s", text) >= sizeof addr)
		return -1;
	if ((slash = strchr(addr, '/')) != NULL)
		*slash++ = '\0';
	if (to_bytes(addr, out, &four) == -1)
		return -1;
	*bits = 128;
	if (slash == NULL)
		return 0;
	n = strtoul(slash, &end, 10);
	if (*slash < '0' || *slash > '9' || *end != '\0' || n > (four ? 32 : 128))
		return -1;
	*bits = (unsigned int)n + (four ? 96 : 0);
	return 0;
}

bool
network_is_range(const char *text)
{
	unsigned char bytes[16];
	unsigned int bits;

	return to_range(text, bytes, &bits) == 0;
}

bool
network_has(const char *addr, const char *range)
{
	unsigned char a[16], r[16], mask;
	unsigned int bits;
	bool four;

	if (to_bytes(addr, a, &four) == -1 || to_range(range, r, &bits) == -1 ||
	    memcmp(a, r, bits / 8) != 0)
		return false;
	if (bits % 8 == 0)
		return true;
	mask = (unsigned char)(0xff << (8 - bits % 8));
	return (a[bits / 8] & mask) == (r[bits / 8] & mask);
}

int
network_spell(const char *addr, char *out, size_t size)
{
	unsigned char bytes[16];
	bool four;

	out[0] = '\0';
	if (to_bytes(addr, bytes, &four) == -1)
		return -1;
	four = memcmp(bytes, mapped, sizeof mapped) == 0;
	return inet_ntop(four ? AF_INET : AF_INET6, bytes + (four ? sizeof mapped : 0), out,
	    (socklen_t)size) != NULL ? 0 : -1;
}

int
network_of(const char *addr, unsigned char out[NETWORK_SIZE])
{
	bool four;

	if (to_bytes(addr, out, &four) == -1)
		return -1;
	if (memcmp(out, mapped, sizeof mapped) != 0)
		memset(out + HOUSEHOLD, 0, NETWORK_SIZE - HOUSEHOLD);
	return 0;
}
