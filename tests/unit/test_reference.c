/* References: what a page shows is what an admin types, however it was heard. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/reference.h"

static const struct reference known = { { 0x99, 0xef, 0x41, 0x77, 0x8d } };
static const char known_text[] = "K7QM-2XWD";

static void
test_text(void **state)
{
	static const struct reference first = { { 0, 0, 0, 0, 1 } };
	static const struct reference last = { { 0xff, 0xff, 0xff, 0xff, 0xff } };
	struct reference none = { { 0 } };
	char text[REFERENCE_TEXT];

	(void)state;
	reference_text(&known, text);
	assert_string_equal(text, known_text);
	reference_text(&first, text);
	assert_string_equal(text, "0000-0001");
	reference_text(&last, text);
	assert_string_equal(text, "ZZZZ-ZZZZ");
	reference_text(&none, text);
	assert_string_equal(text, "");
	assert_false(reference_given(&none));
}

static void
test_as_people_say_it(void **state)
{
	static const struct { const char *typed, *meant; } table[] = {
		{ "K7QM-2XWD", "K7QM-2XWD" }, { "k7qm-2xwd", "K7QM-2XWD" },
		{ "K7QM2XWD", "K7QM-2XWD" }, { " k7 qm 2x wd ", "K7QM-2XWD" },
		{ "K-7-Q-M-2-X-W-D", "K7QM-2XWD" }, { "OIL0-oil1", "0110-0111" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		char text[REFERENCE_TEXT];
		struct reference r;

		assert_int_equal(reference_read(table[i].typed, &r), 0);
		reference_text(&r, text);
		assert_string_equal(text, table[i].meant);
	}
}

static void
test_what_is_none(void **state)
{
	static const char *const table[] = {
		"", "-", "K7QM-2XW", "K7QM-2XWDA", "K7QM-2XWU", "K7QM_2XWD", "K7QM\n2XWD", "anna",
		"0000-0000", "K7QM-2XW\xc3\xa9", "99ef41778d99ef41",
	};
	struct reference r;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(reference_read(table[i], &r), -1);
}

/* Each bit of it has its place in the text, and two never look the same. */
static void
test_every_bit(void **state)
{
	(void)state;
	for (unsigned int bit = 0; bit < REFERENCE_SIZE * 8; bit++) {
		struct reference r = { { 0 } }, back;
		char text[REFERENCE_TEXT];

		r.byte[bit / 8] = (unsigned char)(1U << bit % 8);
		reference_text(&r, text);
		assert_int_equal(strlen(text), REFERENCE_TEXT - 1);
		assert_int_equal(reference_read(text, &back), 0);
		assert_memory_equal(&r, &back, sizeof r);
	}
}

static void
test_new_ones_differ(void **state)
{
	struct reference a, b;

	(void)state;
	reference_new(&a);
	reference_new(&b);
	assert_true(reference_given(&a));
	assert_memory_not_equal(&a, &b, sizeof a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_as_people_say_it),
		cmocka_unit_test(test_what_is_none),
		cmocka_unit_test(test_every_bit),
		cmocka_unit_test(test_new_ones_differ),
	};

	return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
