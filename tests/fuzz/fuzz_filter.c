/* A search filter: a value stays a value, whatever is in it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/ldap/filter.h"

static int
nibble(char c)
{
	const char *at = strchr("0123456789abcdef", c);

	MUST(c != '\0' && at != NULL);
	return (int)(at - "0123456789abcdef");
}

/* The value that stands at ${p}, unescaped, is ${value}; return what follows it. */
static const char *
check_value(const char *p, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*p == '\\') {
			MUST((nibble(p[1]) << 4 | nibble(p[2])) == (unsigned char)*value);
			p += 3;
		} else {
			MUST(isascii(*p) && isalnum((unsigned char)*p) && *p == *value);
			p++;
		}
	}
	return p;
}

/* Octets in hexadecimal: only pairs of digits get in, each behind its backslash. */
static void
check_octets(const char *hex)
{
	static struct filter f;
	const char *p;
	size_t n = 0;

	filter_begin(&f);
	filter_octets(&f, "id", hex);
	if ((p = filter_done(&f)) == NULL)
		return;
	MUST(strncmp(p, "(id=", 4) == 0);
	for (p += 4; *p == '\\'; p += 3, n += 2)
		MUST(isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]));
	MUST(strcmp(p, ")") == 0);
	while (*hex != '\0')
		n -= *hex++ != '-';
	MUST(n == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char before[] = "(&(objectClass=person)(uid=";
	static struct filter f;
	char *text = fuzz_text(data, size);
	const char *result;

	filter_begin(&f);
	filter_raw(&f, "(&(objectClass=person)");
	filter_equal(&f, "uid", text);
	filter_raw(&f, ")");
	result = filter_done(&f);
	if (result != NULL) {
		MUST(strncmp(result, before, strlen(before)) == 0);
		MUST(strcmp(check_value(result + strlen(before), text), "))") == 0);
	} else {
		MUST(strlen(text) * 3 + strlen(before) + 2 >= sizeof f.text);
	}
	check_octets(text);
	free(text);
	return 0;
}
