/* What slapd's refusals mean to a person. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/dialect.h"

enum { NONE = DIR_NO_POLICY_ERROR };

static const struct {
	int	code, policy, rule;
} table[] = {
	{ 19, 5, RULE_QUALITY }, { 19, 6, RULE_LENGTH }, { 19, 7, RULE_AGE },
	{ 19, 8, RULE_HISTORY }, { 19, 9, RULE_LONGEST },
	/* A constraint of somebody else's. */
	{ 19, NONE, RULE_QUALITY },
	/* An admin's to mend: the right to change, pwdSafeModify, the right to write. */
	{ 19, 3, -1 }, { 50, 4, -1 }, { 50, NONE, -1 }, { 53, NONE, -1 }, { 17, NONE, -1 },
	{ 19, 99, -1 },
};

static void
test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct dir_refusal why = { .code = table[i].code, .policy = table[i].policy };

		assert_int_equal(dialect_openldap_rule(&why), table[i].rule);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
