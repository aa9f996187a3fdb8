/* Filters: whatever people type stays a value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ldap/filter.h"

static const struct {
	const char	*value, *filter;
} table[] = {
	{ "anna", "(uid=anna)" }, { "A9z", "(uid=A9z)" }, { "", "(uid=)" },
	{ "*", "(uid=\\2a)" }, { "(", "(uid=\\28)" }, { ")", "(uid=\\29)" }, { "\\", "(uid=\\5c)" },
	{ "/", "(uid=\\2f)" }, { "&", "(uid=\\26)" }, { "|", "(uid=\\7c)" }, { "!", "(uid=\\21)" },
	{ "=", "(uid=\\3d)" }, { "~", "(uid=\\7e)" }, { "<", "(uid=\\3c)" }, { ">", "(uid=\\3e)" },
	{ ":", "(uid=\\3a)" }, { " ", "(uid=\\20)" }, { "\t", "(uid=\\09)" }, { "\n", "(uid=\\0a)" },
	{ "\x7f", "(uid=\\7f)" }, { ",", "(uid=\\2c)" }, { "#", "(uid=\\23)" }, { "+", "(uid=\\2b)" },
	{ "\"", "(uid=\\22)" }, { ";", "(uid=\\3b)" }, { "'", "(uid=\\27)" },
	{ "j\xc3\xa9", "(uid=j\\c3\\a9)" }, { "\xff", "(uid=\\ff)" },
	{ "x)(uid=*", "(uid=x\\29\\28uid\\3d\\2a)" }, { "\\2a", "(uid=\\5c2a)" },
};

static void
test_values_stay_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct filter f;

		filter_begin(&f);
		filter_equal(&f, "uid", table[i].value);
		assert_string_equal(filter_done(&f), table[i].filter);
	}
}

/* No byte but a letter or a digit gets through as itself. */
static void
test_every_byte(void **state)
{
	(void)state;
	for (int c = 1; c < 256; c++) {
		struct filter f;
		char value[] = { (char)c, '\0' }, plain[16], escaped[16];
		int letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');

		snprintf(plain, sizeof plain, "(a=%c)", c);
		snprintf(escaped, sizeof escaped, "(a=\\%02x)", (unsigned int)c);
		filter_begin(&f);
		filter_equal(&f, "a", value);
		assert_string_equal(filter_done(&f), letter ? plain : escaped);
	}
}

static const struct {
	const char	*hex, *filter;		/* NULL: none */
} octets[] = {
	{ "00ff", "(id=\\00\\ff)" }, { "A1b2", "(id=\\A1\\b2)" }, { "", "(id=)" },
	{ "00000000-0000", "(id=\\00\\00\\00\\00\\00\\00)" },
	{ "0", NULL }, { "0g", NULL }, { "00*", NULL }, { "0-0", NULL }, { "00)(x=*", NULL },
};

static void
test_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof octets / sizeof octets[0]; i++) {
		struct filter f;

		filter_begin(&f);
		filter_octets(&f, "id", octets[i].hex);
		if (octets[i].filter != NULL)
			assert_string_equal(filter_done(&f), octets[i].filter);
		else
			assert_null(filter_done(&f));
	}
}

static void
test_too_long_is_none(void **state)
{
	struct filter f;
	char value[3000];

	(void)state;
	memset(value, '*', sizeof value - 1);
	value[sizeof value - 1] = '\0';
	filter_begin(&f);
	filter_raw(&f, "(&");
	filter_equal(&f, "uid", value);
	assert_null(filter_done(&f));
	filter_raw(&f, ")");
	assert_null(filter_done(&f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_stay_values),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
