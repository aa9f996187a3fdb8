/* What is made of the code key: names that cannot be made up, codes that are codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "keeper/code.h"

static const struct key key = { { 4, 2 } }, other = { { 4, 3 } };

static void
test_opening_comes_back(void **state)
{
	struct opening in = { .at = 1795226128, .wish = WISH_UNLOCK, .lang = "nl" }, out;
	char name[FLOW_LONGEST + 1], again[FLOW_LONGEST + 1];

	(void)state;
	code_open(&key, &in, name);
	assert_int_equal(code_opened(&key, name, &out), 0);
	assert_int_equal(out.at, in.at);
	assert_int_equal(out.wish, WISH_UNLOCK);
	assert_string_equal(out.lang, "nl");
	code_open(&key, &in, again);
	assert_string_not_equal(name, again);
	assert_int_equal(code_opened(&other, name, &out), -1);
}

/* Every letter of it counts, and so does its length. */
static void
test_opening_cannot_be_made_up(void **state)
{
	struct opening in = { .at = 1795226128, .lang = "abcdefghijk" }, out;
	char name[FLOW_LONGEST + 2];

	(void)state;
	code_open(&key, &in, name);
	assert_int_equal(code_opened(&key, name, &out), 0);
	assert_string_equal(out.lang, in.lang);
	for (char *p = name; *p != '\0'; p++) {
		char was = *p;

		*p = was == 'A' ? 'B' : 'A';
		assert_int_equal(code_opened(&key, name, &out), -1);
		*p = '=';
		assert_int_equal(code_opened(&key, name, &out), -1);
		*p = was;
	}
	strcat(name, "A");
	assert_int_equal(code_opened(&key, name, &out), -1);
	name[10] = '\0';
	assert_int_equal(code_opened(&key, name, &out), -1);
	assert_int_equal(code_opened(&key, "", &out), -1);
}

static void
test_next_name(void **state)
{
	char one[FLOW_LONGEST + 1], two[FLOW_LONGEST + 1];
	struct handle h, next;
	struct opening out;

	(void)state;
	code_handle("somename", &h);
	code_next_name(&key, &h, one);
	code_next_name(&key, &h, two);
	assert_string_equal(one, two);
	code_next_name(&other, &h, two);
	assert_string_not_equal(one, two);
	code_handle(one, &next);
	assert_memory_not_equal(&h, &next, sizeof h);
	assert_int_equal(code_opened(&key, one, &out), -1);
}

/* All names of a flow say when it was opened, and so do their handles, in that order. */
static void
test_handles_in_order(void **state)
{
	struct opening early = { .at = 1795226128, .lang = "nl" }, late = { .at = 1795226129, .lang = "nl" };
	char name[FLOW_LONGEST + 1];
	struct handle one, next, other_one;

	(void)state;
	code_open(&key, &late, name);
	code_handle(name, &other_one);
	for (int i = 0; i < 100; i++) {
		code_open(&key, &early, name);
		code_handle(name, &one);
		code_next_name(&key, &one, name);
		code_handle(name, &next);
		assert_memory_equal(&one, &next, 4);
		assert_memory_not_equal(&one, &next, sizeof one);
		assert_true(memcmp(&one, &other_one, sizeof one) < 0);
		assert_true(memcmp(&next, &other_one, sizeof one) < 0);
	}
	/* Whatever is asked for has one. */
	code_handle("", &one);
	code_handle("=========", &next);
	assert_memory_not_equal(&one, &next, sizeof one);
}

/* Eight digits, leading zeros kept, spread over all of them, the same each time. */
static void
test_codes(void **state)
{
	unsigned int first[10] = { 0 };

	(void)state;
	for (unsigned int n = 0; n < 2000; n++) {
		struct secret code, again, typed;
		struct handle h = { { (unsigned char)(n & 0xff), (unsigned char)(n >> 8) } };

		code_make(&key, &h, &code);
		code_make(&key, &h, &again);
		assert_true(secret_equal(&code, &again));
		assert_int_equal(code.len, CODE_DIGITS);
		assert_int_equal(strspn(code.text, "0123456789"), CODE_DIGITS);
		assert_int_equal(code_typed(&code, &typed), 0);
		assert_true(secret_equal(&code, &typed));
		first[code.text[0] - '0']++;
		code_make(&other, &h, &again);
		assert_false(secret_equal(&code, &again));
	}
	for (int digit = 0; digit < 10; digit++)
		assert_in_range(first[digit], 120, 280);
}

static void
test_typed(void **state)
{
	static const struct { const char *typed, *code; } table[] = {
		{ "01234567", "01234567" }, { " 0123 4567 ", "01234567" }, { "0123-4567", "01234567" },
		{ "0123456", NULL }, { "012345678", NULL }, { "0123456a", NULL }, { "", NULL },
		{ "01234567.0", NULL }, { "+1234567", NULL }, { "0x123456", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct secret typed, code;

		secret_set(&typed, table[i].typed, strlen(table[i].typed));
		assert_int_equal(code_typed(&typed, &code), table[i].code == NULL ? -1 : 0);
		if (table[i].code != NULL)
			assert_string_equal(code.text, table[i].code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opening_comes_back),
		cmocka_unit_test(test_opening_cannot_be_made_up),
		cmocka_unit_test(test_next_name), cmocka_unit_test(test_handles_in_order),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_typed),
	};

	return cmocka_run_group_tests_name("code", tests, NULL, NULL);
}
