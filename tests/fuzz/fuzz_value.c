/* A password as unicodePwd takes it: another reader of UTF-16 finds what was typed. */
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "fuzz.h"
#include "registrar/ad/dialect_ad.h"

static void
check_value(const struct secret *password, const struct secret *value)
{
	uint16_t units[SECRET_LONGEST];
	uint8_t again[SECRET_LONGEST * 3];
	size_t n = value->len / 2, len = sizeof again;

	MUST(value->len % 2 == 0 && n >= 2 && value->len <= SECRET_LONGEST);
	for (size_t i = 0; i < n; i++)
		units[i] = (uint16_t)((unsigned char)value->text[2 * i] |
		    (unsigned char)value->text[2 * i + 1] << 8);
	MUST(units[0] == '"' && units[n - 1] == '"');
	MUST(u16_to_u8(units + 1, n - 2, again, &len) == again || n == 2);
	MUST(n == 2 ? password->len == 0 : len == password->len &&
	    memcmp(again, password->text, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret password, value;

	if (secret_set(&password, data, size) == -1)
		return 0;
	if (ad_password_value(&password, &value) == 0)
		check_value(&password, &value);
	else
		MUST(u8_check(data, size) != NULL || size > SECRET_LONGEST / 2 - 4);
	return 0;
}
