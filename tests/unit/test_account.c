/* The ways in which people write their user name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/account.h"
#include "registrar/settings.h"

static const struct {
	const char	*typed, *whole, *part;	/* part with a list of domains */
	const char	*any;			/* part when every domain is good */
} good[] = {
	{ "anna", "anna", "", "" },
	{ "  anna\t", "anna", "", "" },
	{ "van der berg", "van der berg", "", "" },
	{ "anna@linde.nl", "anna@linde.nl", "anna", "anna" },
	{ "Anna@LINDE.nl", "Anna@LINDE.nl", "Anna", "Anna" },
	{ "anna@elsewhere.nl", "anna@elsewhere.nl", "", "anna" },
	{ "anna@sub.linde.nl", "anna@sub.linde.nl", "", "anna" },
	{ "a@b@linde.nl", "a@b@linde.nl", "a@b", "a@b" },
	{ "LINDE\\anna", "LINDE\\anna", "anna", "anna" },
	{ "linde\\anna", "linde\\anna", "anna", "anna" },
	{ "linde\\a\\b", "linde\\a\\b", "a\\b", "a\\b" },
	{ "linde\\anna@linde.nl", "linde\\anna@linde.nl", "anna@linde.nl", "anna@linde.nl" },
	{ "@linde.nl", "@linde.nl", "", "" },
	{ "anna@", "anna@", "", "" },
	{ "*", "*", "", "" },
	{ "o'brien", "o'brien", "", "" },
	/* e and an accent become one letter, as the directory has it. */
	{ "rene\xcc\x81", "ren\xc3\xa9", "", "" },
};

static const char *const bad[] = {
	"", "   ", "\t", "anna\x01", "anna\n", "\xff", "ann\xc3", "linde\\", "\\anna", "\\",
	"anna\xe2\x80\xae",	/* a mark that turns the direction of writing */
};

static void
set_domains(size_t n)
{
	strcpy(registrar.directory.domains[0], "linde.nl");
	strcpy(registrar.directory.domains[1], "LINDE");
	registrar.directory.n_domains = n;
}

static void
test_good_ones(void **state)
{
	struct login l;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		set_domains(2);
		assert_int_equal(account_login(good[i].typed, &l), 0);
		assert_string_equal(l.whole, good[i].whole);
		assert_string_equal(l.part, good[i].part);
		set_domains(0);
		assert_int_equal(account_login(good[i].typed, &l), 0);
		assert_string_equal(l.part, good[i].any);
	}
}

static void
test_bad_ones(void **state)
{
	struct login l;

	(void)state;
	set_domains(0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (account_login(bad[i], &l) == 0)
			fail_msg("number %zu was taken", i);
	/* With a list, a Windows name of another domain is nobody here. */
	set_domains(2);
	assert_int_equal(account_login("OTHER\\anna", &l), -1);
}

static void
test_longest(void **state)
{
	char typed[NAME_LONGEST + 2];
	struct login l;

	(void)state;
	memset(typed, 'a', sizeof typed - 1);
	typed[NAME_LONGEST + 1] = '\0';
	assert_int_equal(account_login(typed, &l), -1);
	typed[NAME_LONGEST] = '\0';
	assert_int_equal(account_login(typed, &l), 0);
	assert_string_equal(l.whole, typed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_ones),
		cmocka_unit_test(test_bad_ones),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
