/* What a gateway answers, and what that means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courier/answer.h"

static void
test_statuses(void **state)
{
	static const struct {
		const char	*text;
		int		 expected;
		size_t		 n;
	} rows[] = {
		{ "200", 0, 1 }, { "200-299", 0, 1 }, { "200-299,202", 0, 2 },
		{ " 200 , 429,500-599 ", 0, 3 }, { "", 0, 0 },
		{ "20", -1, 0 }, { "2000", -1, 0 }, { "200-", -1, 0 }, { "-299", -1, 0 },
		{ "299-200", -1, 0 }, { "200,", -1, 0 }, { ",200", -1, 0 }, { "200 201", -1, 0 },
		{ "2xx", -1, 0 }, { "099", -1, 0 }, { "600", -1, 0 }, { "200-999", -1, 0 },
		{ "200,,201", -1, 0 }, { "200;201", -1, 0 },
		{ "200,201,202,203,204,205,206,207,208,209,210,211,212,213,214,215", 0, 16 },
		{ "200,201,202,203,204,205,206,207,208,209,210,211,212,213,214,215,216", -1, 0 },
	};
	struct statuses s;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(answer_statuses(&s, rows[i].text), rows[i].expected);
		if (rows[i].expected == 0)
			assert_int_equal(s.n, rows[i].n);
	}
}

static void
test_judge(void **state)
{
	static const struct {
		long		 status;
		const char	*body;
		enum verdict	 plain, with_body;
	} rows[] = {
		{ 202, "0: Accepted", VERDICT_OK, VERDICT_OK },
		{ 202, "", VERDICT_OK, VERDICT_REJECTED },
		{ 202, "5: Rejected", VERDICT_OK, VERDICT_REJECTED },
		{ 302, "0: Accepted", VERDICT_REJECTED, VERDICT_REJECTED },
		{ 400, "0: Accepted", VERDICT_REJECTED, VERDICT_REJECTED },
		{ 429, "", VERDICT_UNAVAILABLE, VERDICT_UNAVAILABLE },
		{ 503, "0: Accepted", VERDICT_UNAVAILABLE, VERDICT_UNAVAILABLE },
		{ 0, "", VERDICT_REJECTED, VERDICT_REJECTED },
	};
	struct answer_rules r = { .has_body = false };

	(void)state;
	assert_int_equal(answer_statuses(&r.accept, "200-299"), 0);
	assert_int_equal(answer_statuses(&r.later, "429,500-599"), 0);
	assert_int_equal(regcomp(&r.body, "^[03]: ", REG_EXTENDED | REG_NOSUB), 0);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		r.has_body = false;
		assert_int_equal(answer_judge(&r, rows[i].status, rows[i].body), rows[i].plain);
		r.has_body = true;
		assert_int_equal(answer_judge(&r, rows[i].status, rows[i].body), rows[i].with_body);
	}
	regfree(&r.body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_statuses), cmocka_unit_test(test_judge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
