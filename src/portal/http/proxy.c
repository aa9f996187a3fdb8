#include "portal/http/proxy.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/network.h"
#include "portal/settings.h"

bool
proxy_is_trusted(const char *addr)
{
	for (size_t i = 0; i < settings.n_trusted_proxies; i++)
		if (network_has(addr, settings.trusted_proxies[i]))
			return true;
	return false;
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
		if (network_spell(cut_port(one), spelt, sizeof spelt) == -1)
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
