/* Times as directories write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/when.h"

static void
test_generalized(void **state)
{
	(void)state;
	assert_int_equal(when_generalized("20261121041824.0Z"), 1795234704);
	assert_int_equal(when_generalized("19700101000001Z"), 1);
	assert_int_equal(when_generalized(NULL), 0);
	assert_int_equal(when_generalized(""), 0);
	assert_int_equal(when_generalized("yesterday"), 0);
	assert_int_equal(when_generalized("2026 1 1 1 1 1"), 0);
	assert_int_equal(when_generalized("-1-1-1-1-1-1"), 0);
	assert_int_equal(when_generalized("2026112104182"), 0);
	/* ppolicy's lock by an admin. */
	assert_true(when_generalized("000001010000Z") < 0);
}

static const struct {
	const char	*text;
	int64_t		 seconds;
} filetimes[] = {
	{ "134397083047051260", 1795234704 }, { "116444736010000000", 1 },
	/* Never, in both of its spellings. */
	{ "0", 0 }, { "9223372036854775807", 0 },
	/* Before 1970 is a time as well: an account can have ended in 1601. */
	{ "1", -11644473600 }, { "116444735990000000", -1 },
	{ NULL, 0 }, { "", 0 }, { "soon", 0 }, { "12 ", 0 }, { "99999999999999999999", 0 },
};

static void
test_filetimes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof filetimes / sizeof filetimes[0]; i++)
		assert_int_equal(when_filetime(filetimes[i].text), filetimes[i].seconds);
}

static const struct {
	const char	*text;
	uint32_t	 seconds;
} spans[] = {
	{ "-864000000000", 86400 }, { "-10000000", 1 }, { "-9999999", 0 }, { "0", 0 },
	{ "-9223372036854775808", 0 }, { "-9223372036854775807", INT32_MAX },
	{ "864000000000", 0 }, { NULL, 0 }, { "", 0 }, { "-", 0 },
};

static void
test_spans(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
		assert_int_equal(when_span(spans[i].text), spans[i].seconds);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generalized),
		cmocka_unit_test(test_filetimes),
		cmocka_unit_test(test_spans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
