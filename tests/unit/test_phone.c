/* Telephone numbers as people and directories write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/phone.h"

static const struct {
	const char	*country, *text, *number;
} good[] = {
	{ "31", "06-12345678", "+31612345678" }, { "31", "0612345678", "+31612345678" },
	{ "31", "06 12 34 56 78", "+31612345678" }, { "31", "(06) 12 34 56 78", "+31612345678" },
	{ "31", "06.12.34.56.78", "+31612345678" }, { "31", "06/12345678", "+31612345678" },
	{ "31", "+31612345678", "+31612345678" }, { "31", "+31 6 12345678", "+31612345678" },
	{ "31", "+31 (0)6 1234 5678", "+31612345678" }, { "31", "+31(0)612345678", "+31612345678" },
	{ "31", "+31 06 12345678", "+31612345678" }, { "31", "0031612345678", "+31612345678" },
	{ "31", "00 31 (0) 6 12345678", "+31612345678" }, { "31", "0031 06-12345678", "+31612345678" },
	{ "31", "31612345678", "+31612345678" }, { "31", "612345678", "+31612345678" },
	{ "31", "tel:+31-6-1234-5678", "+31612345678" }, { "31", "TEL:0612345678", "+31612345678" },
	{ "31", "  0612345678  ", "+31612345678" }, { "31", "+ 31 6 1234 5678", "+31612345678" },
	/* A landline, and the shortest of numbers that begin like the country. */
	{ "31", "030-1234567", "+31301234567" }, { "31", "0312-345678", "+31312345678" },
	{ "31", "312345678", "+31312345678" },
	/* Other countries, from here and at home. */
	{ "31", "+32 470 12 34 56", "+32470123456" }, { "31", "0049 (0)151 12345678", "+4915112345678" },
	{ "32", "0470 12 34 56", "+32470123456" }, { "44", "07911 123456", "+447911123456" },
	{ "44", "+44 (0)7911 123456", "+447911123456" }, { "1", "(202) 555-0147", "+12025550147" },
	{ "1", "1-202-555-0147", "+12025550147" }, { "45", "20 12 34 56", "+4520123456" },
	/* Italy keeps its zero. */
	{ "39", "06 1234567", "+39061234567" }, { "39", "+39 06 1234567", "+39061234567" },
	/* Pasted: dashes, blanks, marks and digits that are not ASCII. */
	{ "31", "06\xe2\x80\x91" "12345678", "+31612345678" },
	{ "31", "06\xe2\x80\x93" "12\xc2\xa0" "34\xe2\x80\xaf" "56 78", "+31612345678" },
	{ "31", "\xe2\x80\xaa+31 6 12345678\xe2\x80\xac", "+31612345678" },
	{ "31", "\xef\xbb\xbf" "0612345678", "+31612345678" },
	{ "31", "\xef\xbc\x8b\xef\xbc\x93\xef\xbc\x91 612345678", "+31612345678" },
	/* The longest that E.164 allows. */
	{ "31", "+123456789012345", "+123456789012345" },
};

static const char *const bad[] = {
	"", " ", "+", "0", "00", "+31", "06", "06-1234", "06-12345678 x", "o612345678", "+31 6 1234567A",
	"06+12345678", "++31612345678", "+31612345678+", "+0612345678", "000612345678",
	"+1234567890123456", "0612345678901234567", "06-12345678,06-87654321", "06_12345678",
	"*#06#1234567", "06-12345678\n", "\xff", "06-1234\xc3", "tel:", "tel:tel:0612345678",
	"(0)", "0612345678;ext=1",
	"0000000000000000000000000000000000000000000000000000000000000000000000000000",
};

static void
test_good_ones(void **state)
{
	char out[PHONE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (phone_read(good[i].text, good[i].country, out, sizeof out) == -1)
			fail_msg("%s was refused", good[i].text);
		assert_string_equal(out, good[i].number);
		/* What comes out goes in again. */
		assert_int_equal(phone_read(good[i].number, good[i].country, out, sizeof out), 0);
		assert_string_equal(out, good[i].number);
	}
}

static void
test_bad_ones(void **state)
{
	char out[PHONE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (phone_read(bad[i], "31", out, sizeof out) == 0)
			fail_msg("%s was read as %s", bad[i], out);
		assert_string_equal(out, "");
	}
	assert_int_equal(phone_read("0612345678", "31", out, 12), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_ones),
		cmocka_unit_test(test_bad_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
