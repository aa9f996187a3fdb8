#include "base/address.h"

#include <stddef.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

enum { LOCAL_LONGEST = 64, LABEL_MOST = 63 };

/* Words of these letters with a dot between each two. */
static bool
is_dotted(const char *p, size_t len, const char *letters, size_t longest)
{
	size_t word = 0;

	for (size_t i = 0; i < len; i++) {
		if (p[i] == '.' ? word == 0 : strchr(letters, p[i]) == NULL || word == longest)
			return false;
		word = p[i] == '.' ? 0 : word + 1;
	}
	return word > 0;
}

/* A host's labels neither begin nor end with a hyphen. */
static bool
has_loose_hyphen(const char *host)
{
	size_t len = strlen(host);

	return host[0] == '-' || host[len - 1] == '-' || strstr(host, ".-") != NULL ||
	    strstr(host, "-.") != NULL;
}

const char *
address_host(const char *address)
{
	const char *at = strrchr(address, '@');

	return at == NULL ? "" : at + 1;
}

bool
address_is_mail(const char *text)
{
	const char *host = address_host(text);
	size_t len = strlen(text), local;

	if (host[0] == '\0' || len > ADDRESS_LONGEST)
		return false;
	local = (size_t)(host - text) - 1;
	return local <= LOCAL_LONGEST &&
	    is_dotted(text, local, LETTERS "!#$%&'*+-/=?^_`{|}~", LOCAL_LONGEST) &&
	    is_dotted(host, strlen(host), LETTERS "-", LABEL_MOST) && !has_loose_hyphen(host);
}
