#include "registrar/ldap/filter.h"

#include <string.h>

/* Not all of it: ${text} is long, and ends where it is ended. */
void
filter_begin(struct filter *f)
{
	f->len = 0;
	f->bad = false;
	f->text[0] = '\0';
}

static void
add(struct filter *f, const char *data, size_t len)
{
	f->bad = f->bad || len >= sizeof f->text - f->len;
	if (f->bad)
		return;
	memcpy(f->text + f->len, data, len);
	f->len += len;
	f->text[f->len] = '\0';
}

void
filter_raw(struct filter *f, const char *text)
{
	add(f, text, strlen(text));
}

void
filter_equal(struct filter *f, const char *attribute, const char *value)
{
	static const char hex[] = "0123456789abcdef";

	filter_raw(f, "(");
	filter_raw(f, attribute);
	filter_raw(f, "=");
	for (const char *p = value; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		char escaped[] = { '\\', hex[c >> 4], hex[c & 15] };

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
			add(f, p, 1);
		else
			add(f, escaped, sizeof escaped);
	}
	filter_raw(f, ")");
}

void
filter_octets(struct filter *f, const char *attribute, const char *hex)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	filter_raw(f, "(");
	filter_raw(f, attribute);
	filter_raw(f, "=");
	for (const char *p = hex; *p != '\0'; p++) {
		if (*p == '-')
			continue;
		if (strspn(p, digits) < 2) {
			f->bad = true;
			return;
		}
		filter_raw(f, "\\");
		add(f, p++, 2);
	}
	filter_raw(f, ")");
}

const char *
filter_done(const struct filter *f)
{
	return f->bad ? NULL : f->text;
}
