/* Birth dates as people and directories write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/birthdate.h"

static const struct {
	const char	*text;
	int		 year, month, day;
} good[] = {
	{ "1-10-1984", 1984, 10, 1 }, { "01/10/1984", 1984, 10, 1 }, { "1.10.1984", 1984, 10, 1 },
	{ "1 10 1984", 1984, 10, 1 }, { "01-10-1984", 1984, 10, 1 }, { "1/10-1984", 1984, 10, 1 },
	{ "1 - 10 - 1984", 1984, 10, 1 }, { "  01-10-1984\t", 1984, 10, 1 },
	{ "1984-10-01", 1984, 10, 1 }, { "1984/10/1", 1984, 10, 1 }, { "1984.10.01", 1984, 10, 1 },
	{ "01101984", 1984, 10, 1 }, { "19841001", 1984, 10, 1 },
	{ "19841001000000Z", 1984, 10, 1 }, { "19841001000000.0Z", 1984, 10, 1 },
	{ "1984100100Z", 1984, 10, 1 }, { "198410010000+0200", 1984, 10, 1 },
	{ "1984-10-01T00:00:00Z", 1984, 10, 1 }, { "1984-10-01 12:30", 1984, 10, 1 },
	/* Neither order of the eight digits can be taken for the other. */
	{ "20121012", 2012, 10, 12 }, { "20111984", 1984, 11, 20 }, { "19102011", 2011, 10, 19 },
	{ "20112011", 2011, 11, 20 }, { "18121850", 1850, 12, 18 },
	/* Leap years. */
	{ "29-2-2000", 2000, 2, 29 }, { "29-02-1984", 1984, 2, 29 },
	{ "31-12-2200", 2200, 12, 31 }, { "1-1-1850", 1850, 1, 1 },
	/* Pasted: non-breaking hyphen and blank, a mark of direction, other digits. */
	{ "1\xe2\x80\x91" "10\xe2\x80\x91" "1984", 1984, 10, 1 },
	{ "\xc2\xa0" "01-10-1984\xc2\xa0", 1984, 10, 1 },
	{ "\xe2\x80\xaa" "01-10-1984\xe2\x80\xac", 1984, 10, 1 },
	{ "\xd9\xa1-\xd9\xa1\xd9\xa0-1984", 1984, 10, 1 },
};

static const char *const bad[] = {
	"", " ", "-", "1-10", "1-10-84", "84-10-01", "1-10-984", "1-10-19844", "011084", "0110198",
	"1-13-1984", "32-1-1984", "0-1-1984", "1-0-1984", "31-4-1984", "29-2-1900", "29-2-1983",
	"30-2-2000", "1-10-1849", "1-10-2201", "10011984x", "1 oktober 1984", "1-10-1984-1",
	"1--10----1984", "001-10-1984", "1-010-1984", "1-10-1984 12:00", "1984-10-01x",
	"19841301000000Z", "19840001000000Z", "1984100100000", "198410010000000", "19841001000000X",
	"-1-10-1984", "1-10-1984-", "1,10,1984", "1-10-1984\x01", "\xff", "1-10-1984\xc3",
	"111111111111111111111111111111111111111111111111111111111111111111111111111111",
};

static void
test_good_ones(void **state)
{
	struct birthdate d;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (birthdate_read(good[i].text, &d) == -1)
			fail_msg("%s was refused", good[i].text);
		if (d.year != good[i].year || d.month != good[i].month || d.day != good[i].day)
			fail_msg("%s was read as %d-%d-%d", good[i].text, d.year, d.month, d.day);
	}
}

static void
test_bad_ones(void **state)
{
	struct birthdate d;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (birthdate_read(bad[i], &d) == 0)
			fail_msg("%s was read as %d-%d-%d", bad[i], d.year, d.month, d.day);
		assert_int_equal(d.year, 0);
	}
}

/* Every day there is reads the same in each notation. */
static void
test_every_day(void **state)
{
	static const char *const forms[] = { "%3$d-%2$d-%1$d", "%1$04d-%2$02d-%3$02d",
	    "%3$02d%2$02d%1$04d", "%1$04d%2$02d%3$02d", "%1$04d%2$02d%3$02d000000Z" };
	struct birthdate d;
	char text[64];

	(void)state;
	for (int year = 1850; year <= 2200; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 28; day++)
				for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
					snprintf(text, sizeof text, forms[f], year, month, day);
					if (birthdate_read(text, &d) == -1 || d.year != year ||
					    d.month != month || d.day != day)
						fail_msg("%s was read as %d-%d-%d", text, d.year,
						    d.month, d.day);
				}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_ones),
		cmocka_unit_test(test_bad_ones),
		cmocka_unit_test(test_every_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
