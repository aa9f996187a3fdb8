/* Which server is tried when, by what was seen of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "registrar/ldap/servers.h"

static const struct directory three = {
	.uris = { "ldaps://a", "ldaps://b", "ldaps://c", "ldaps://a" }, .n_uris = 4
};

static const char *
order(void)
{
	static char said[SERVERS_MOST + 1];
	struct servers list;

	servers_list(&three, &list);
	for (size_t i = 0; i < list.n; i++)
		said[i] = list.uri[i][strlen(list.uri[i]) - 1];
	said[list.n] = '\0';
	return said;
}

/* As another worker would; it may end without a word. */
static void
elsewhere(void (*fn)(const char *), const char *uri)
{
	pid_t pid = fork();
	int status;

	assert_true(pid != -1);
	if (pid == 0) {
		fn(uri);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int
forget(void **state)
{
	(void)state;
	servers_share();
	return 0;
}

static void
test_as_they_are_written(void **state)
{
	(void)state;
	assert_string_equal(order(), "abc");
}

static void
test_who_failed_is_last_for_a_while(void **state)
{
	(void)state;
	servers_failed("ldaps://a");
	assert_string_equal(order(), "bca");
	assert_true(servers_is_down("ldaps://a"));
	clock_shift(29);
	assert_string_equal(order(), "bca");
	clock_shift(2);
	assert_string_equal(order(), "abc");
	assert_false(servers_is_down("ldaps://a"));
}

static void
test_all_failed(void **state)
{
	(void)state;
	servers_failed("ldaps://b");
	servers_failed("ldaps://a");
	servers_failed("ldaps://c");
	assert_string_equal(order(), "abc");
}

static void
test_who_answers_is_back(void **state)
{
	(void)state;
	servers_failed("ldaps://a");
	servers_answered("ldaps://a");
	assert_string_equal(order(), "abc");
}

static void
test_all_workers_know(void **state)
{
	(void)state;
	elsewhere(servers_failed, "ldaps://a");
	assert_string_equal(order(), "bca");
	elsewhere(servers_answered, "ldaps://a");
	assert_string_equal(order(), "abc");
}

/* One looks whether it is back; the rest go on without it, also when that one never returns. */
static void
test_one_tries_for_all(void **state)
{
	(void)state;
	servers_failed("ldaps://a");
	clock_shift(31);
	assert_string_equal(order(), "abc");
	elsewhere(servers_trying, "ldaps://a");
	assert_string_equal(order(), "bca");
	clock_shift(31);
	assert_string_equal(order(), "abc");
}

/* What never failed is tried by all. */
static void
test_trying_is_no_failing(void **state)
{
	(void)state;
	servers_trying("ldaps://a");
	assert_string_equal(order(), "abc");
	servers_failed("ldaps://a");
	servers_answered("ldaps://a");
	servers_trying("ldaps://a");
	assert_string_equal(order(), "abc");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_as_they_are_written, forget),
		cmocka_unit_test_setup(test_who_failed_is_last_for_a_while, forget),
		cmocka_unit_test_setup(test_all_failed, forget),
		cmocka_unit_test_setup(test_who_answers_is_back, forget),
		cmocka_unit_test_setup(test_all_workers_know, forget),
		cmocka_unit_test_setup(test_one_tries_for_all, forget),
		cmocka_unit_test_setup(test_trying_is_no_failing, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
