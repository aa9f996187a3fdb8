/* A search filter: a value stays a value, whatever is in it. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/filter.h"

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
	free(text);
	return 0;
}
