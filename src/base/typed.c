#include "base/typed.h"

#include <stdint.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

/* The ASCII form of one character; 0: leave it out; -1: it has none. */
static int
plain(ucs4_t c)
{
	int digit = uc_decimal_value(c);

	if (c < 0x80)
		return c < 0x20 && c != '\t' ? -1 : c == '\t' ? ' ' : (int)c;
	if (digit >= 0)
		return '0' + digit;
	if (uc_is_property_white_space(c))
		return ' ';
	if (uc_is_property_dash(c))
		return '-';
	if (c == 0xff0b)	/* the wide plus of East Asian keyboards */
		return '+';
	return uc_is_general_category(c, UC_FORMAT) ? 0 : -1;
}

int
typed_ascii(const char *text, char *out, size_t size)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t n = 0;
	ucs4_t c;

	if (u8_check(p, strlen(text)) != NULL)
		return -1;
	while ((p = u8_next(&c, p)) != NULL) {
		int a = plain(c);

		if (a == -1 || n + 1 >= size)
			return -1;
		if (a != 0 && (a != ' ' || n > 0))
			out[n++] = (char)a;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return 0;
}
