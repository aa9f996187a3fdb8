#include "portal/http/proxy.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "portal/settings.h"

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
proxy_is_range(const char *text)
{
	unsigned char bytes[16];
	unsigned int bits;

	return to_range(text, bytes, &bits) == 0;
}

bool
proxy_in_range(const char *addr, const char *range)
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

bool
proxy_is_trusted(const char *addr)
{
	for (size_t i = 0; i < settings.n_trusted_proxies; i++)
		if (proxy_in_range(addr, settings.trusted_proxies[i]))
			return true;
	return false;
}

int
proxy_spell(const char *addr, char *out, size_t size)
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
proxy_network(const char *addr, unsigned char out[PROXY_NETWORK_SIZE])
{
	bool four;

	if (to_bytes(addr, out, &four) == -1)
		return -1;
	if (memcmp(out, mapped, sizeof mapped) != 0)
		memset(out + 8, 0, 8);
	return 0;
}

static bool
is_port(const char *text)
{
	size_t digits = text[0] == ':' ? strspn(text + 1, "0123456789") : 0;

	return digits >= 1 && digits <= 5 && text[1 + digits] == '\0';
}

/* Cut off a port, and the brackets that an IPv6 address may stand in. */
static char *
cut_port(char *text)
{
	char *end = text[0] == '[' ? strchr(text, ']') : strchr(text, ':');

	if (end != NULL && *end == ']' && (end[1] == '\0' || is_port(end + 1))) {
		*end = '\0';
		return text + 1;
	}
	if (end != NULL && *end == ':' && is_port(end))
		*end = '\0';
	return text;
}

/* From behind, as long as ${out} is one whose word counts; 0 if all of it was read. */
static int
follow(const char *value, char *out, size_t size)
{
	char list[512], spelt[INET6_ADDRSTRLEN], *comma, *one;

	/* Of a list that is too long the end counts: what our own proxies have added. */
	if (strlen(value) >= sizeof list &&
	    (value = strchr(value + strlen(value) - sizeof list + 1, ',')) == NULL)
		return -1;
	snprintf(list, sizeof list, "%s", *value == ',' ? value + 1 : value);
	do {
		if (!proxy_is_trusted(out))
			return -1;
		comma = strrchr(list, ',');
		one = comma != NULL ? comma + 1 : list;
		one += strspn(one, " \t");
		one[strcspn(one, " \t")] = '\0';
		if (proxy_spell(cut_port(one), spelt, sizeof spelt) == -1)
			return -1;
		snprintf(out, size, "%s", spelt);
		if (comma != NULL)
			*comma = '\0';
	} while (comma != NULL);
	return 0;
}

void
proxy_client(const char *peer, const struct forwarded *f, char *out, size_t size)
{
	snprintf(out, size, "%s", peer);
	for (size_t n = f->n; n > 0; n--)
		if (follow(f->value[n - 1], out, size) == -1)
			return;
}
