/* Secrets: what is freed holds nothing, what is kept is kept well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/secret.h"

static void
test_set_and_compare(void **state)
{
	struct secret a, b;

	(void)state;
	assert_int_equal(secret_set(&a, "geheim", 6), 0);
	secret_copy(&b, &a);
	assert_true(secret_equal(&a, &b));
	assert_int_equal(secret_set(&b, "geheiM", 6), 0);
	assert_false(secret_equal(&a, &b));
	assert_int_equal(secret_set(&b, "ge\0eim", 6), -1);
	assert_int_equal(b.len, 0);
	secret_wipe(&a);
	assert_int_equal(a.len, 0);
	assert_int_equal(a.text[0], 0);
}

static void
test_places_are_zero_and_apart(void **state)
{
	enum { MANY = 40 };	/* more than one chunk */
	unsigned char *places[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		places[i] = secret_keep(SECRET_KEPT);
		for (size_t b = 0; b < SECRET_KEPT; b++)
			assert_int_equal(places[i][b], 0);
		memset(places[i], i + 1, SECRET_KEPT);
	}
	for (int i = 0; i < MANY; i++)
		for (size_t b = 0; b < SECRET_KEPT; b++)
			assert_int_equal(places[i][b], i + 1);
	for (int i = 0; i < MANY; i++)
		secret_drop(places[i]);
	/* What was given back is given out again, empty. */
	places[0] = secret_keep(SECRET_KEPT);
	for (size_t b = 0; b < SECRET_KEPT; b++)
		assert_int_equal(places[0][b], 0);
	secret_drop(places[0]);
	secret_drop(NULL);
}

static void
test_children_find_zeroes(void **state)
{
	char *place = secret_keep(16);
	int status;
	pid_t pid;

	(void)state;
	strcpy(place, "sleutel");
	if ((pid = fork()) == 0)
		_exit(place[0] != '\0');
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_string_equal(place, "sleutel");
	secret_drop(place);
}

static void
test_realloc_keeps_what_was_there(void **state)
{
	char *p = realloc(NULL, 10);

	(void)state;
	memcpy(p, "012345678", 10);
	for (size_t size = 20; size < 100000; size *= 3) {
		assert_non_null(p = realloc(p, size));
		assert_string_equal(p, "012345678");
	}
	assert_non_null(p = realloc(p, 10));
	assert_string_equal(p, "012345678");
	assert_non_null(p = reallocarray(p, 5, 4));
	assert_string_equal(p, "012345678");
	free(p);
	free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set_and_compare),
		cmocka_unit_test(test_places_are_zero_and_apart),
		cmocka_unit_test(test_children_find_zeroes),
		cmocka_unit_test(test_realloc_keeps_what_was_there),
	};

	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
