/* Proofs: one form for all the ways to write the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/proof.h"
#include "wire/house.h"

static const struct {
	enum kind	 kind;
	const char	*typed, *held;
	bool		 same;
} table[] = {
	{ KIND_PHONE, "06-12345678", "+31 6 1234 5678", true },
	{ KIND_PHONE, "0612345678", "31612345678", true },
	{ KIND_PHONE, "06-12345678", "+32612345678", false },
	{ KIND_DATE, "1-10-1984", "19841001000000Z", true },
	{ KIND_DATE, "01101984", "1984-10-01", true },
	{ KIND_DATE, "10-1-1984", "1984-10-01", false },
	{ KIND_TEXT, " Van  den BERG", "van den Berg ", true },
	{ KIND_TEXT, "vandenberg", "van den Berg", false },
	{ KIND_TEXT, "RENE\xcc\x81", "ren\xc3\xa9", true },
};

static void
test_same_and_other(void **state)
{
	struct secret a, b;

	(void)state;
	strcpy(house.country, "31");
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(proof_plain(table[i].kind, table[i].typed, &a), 0);
		assert_int_equal(proof_plain(table[i].kind, table[i].held, &b), 0);
		assert_int_equal(secret_equal(&a, &b), table[i].same);
	}
}

/* What cannot be read is empty, and empty is never taken for a value. */
static void
test_unreadable(void **state)
{
	static const enum kind kinds[] = { KIND_PHONE, KIND_DATE, KIND_TEXT };
	static const char *const bad[] = { "", "  ", "\xff" };
	struct secret out;

	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
			assert_int_equal(proof_plain(kinds[k], bad[i], &out), -1);
			assert_int_equal(out.len, 0);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_and_other),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
