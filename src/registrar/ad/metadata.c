#include "registrar/ad/metadata.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/octets.h"
#include "registrar/when.h"

/* ---- One element ----------------------------------------------------------------- */

/* What stands between <${name}> and </${name}>, the only such pair; or -1. */
static int
inside(const char *text, const char *name, const char **value, size_t *len)
{
	char open[40], close[40];
	const char *from, *to;

	snprintf(open, sizeof open, "<%s>", name);
	snprintf(close, sizeof close, "</%s>", name);
	if ((from = strstr(text, open)) == NULL)
		return -1;
	from += strlen(open);
	if ((to = strchr(from, '<')) == NULL || strncmp(to, close, strlen(close)) != 0 ||
	    strstr(to, open) != NULL)
		return -1;
	*value = from;
	*len = (size_t)(to - from);
	return 0;
}

/* 2026-11-21T04:18:24Z, as the other spelling of the same. */
static int64_t
read_time(const char *v, size_t len)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	char digits[sizeof form];
	size_t n = 0;

	if (len != sizeof form - 1)
		return 0;
	for (size_t i = 0; i < len; i++) {
		bool digit = v[i] >= '0' && v[i] <= '9';

		if (form[i] == '0' ? !digit : v[i] != form[i])
			return 0;
		if (digit)
			digits[n++] = v[i];
	}
	digits[n] = '\0';
	return when_generalized(digits);
}

int
metadata_element(const char *data, size_t size, const char *attribute, int64_t *when)
{
	enum { ELEMENT_LONGEST = 4096 };
	char text[ELEMENT_LONGEST + 1];
	const char *name, *time, *whole;
	size_t name_len, time_len, whole_len;

	/* Windows ends it as C ends a string. */
	while (size > 0 && data[size - 1] == '\0')
		size--;
	if (size > ELEMENT_LONGEST || memchr(data, '\0', size) != NULL)
		return -1;
	memcpy(text, data, size);
	text[size] = '\0';
	whole = text + strspn(text, " \t\r\n");
	whole_len = strlen("<DS_REPL_ATTR_META_DATA>");
	if (strncmp(whole, "<DS_REPL_ATTR_META_DATA>", whole_len) != 0 ||
	    inside(whole + whole_len, "pszAttributeName", &name, &name_len) == -1 ||
	    inside(whole + whole_len, "ftimeLastOriginatingChange", &time, &time_len) == -1)
		return -1;
	if (strlen(attribute) != name_len || strncasecmp(attribute, name, name_len) != 0)
		return 0;
	*when = read_time(time, time_len);
	return *when != 0 ? 1 : -1;
}

/* ---- All of them, in one piece --------------------------------------------------------- */

enum { VERSION = 1, HEADER = 16, STAMP = 48 };

int
metadata_vector(const void *octets, size_t len, uint32_t attid, int64_t *when)
{
	const unsigned char *p = octets;

	if (len < HEADER || octets_little(p, 4) != VERSION || (len - HEADER) % STAMP != 0 ||
	    octets_little(p + 8, 4) != (len - HEADER) / STAMP)
		return -1;
	for (p += HEADER, len -= HEADER; len > 0; p += STAMP, len -= STAMP)
		if (octets_little(p, 4) == attid) {
			/* Whole seconds since 1601. */
			uint64_t seconds = octets_little(p + 8, 8);

			if (seconds < SECONDS_1601_TO_1970 || seconds > UINT32_MAX * 16ULL)
				return -1;
			*when = (int64_t)(seconds - SECONDS_1601_TO_1970);
			return 1;
		}
	return 0;
}

/* ---- The numbers of attributes ------------------------------------------------------------ */

/* Of the table that every domain begins with; an OID below each of these is one number longer. */
static const struct {
	const char	*root;
	uint32_t	 number;
} roots[] = {
	{ "2.5.4.", 0 }, { "1.2.840.113556.1.2.", 2 }, { "1.2.840.113556.1.4.", 9 },
	{ "0.9.2342.19200300.100.1.", 0x15 }, { "2.16.840.1.113730.3.1.", 0x16 },
};

int
metadata_attid(const char *oid, uint32_t *attid)
{
	for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
		size_t len = strlen(roots[i].root);
		unsigned long last;
		char *end;

		if (strncmp(oid, roots[i].root, len) != 0 || oid[len] < '0' || oid[len] > '9')
			continue;
		last = strtoul(oid + len, &end, 10);
		/* From here on two octets of an OID do not hold it, and other rules begin. */
		if (*end != '\0' || last >= 0x4000)
			return -1;
		*attid = roots[i].number << 16 | (uint32_t)last;
		return 0;
	}
	return -1;
}
