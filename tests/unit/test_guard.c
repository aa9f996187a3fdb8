/* The guard: how many writes, and whose. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "registrar/guard.h"
#include "registrar/ldap/ldap.h"
#include "registrar/settings.h"

static void
share(int most)
{
	registrar.writes_per_hour = most;
	guard_share();
}

static void
test_so_many_an_hour(void **state)
{
	(void)state;
	share(3);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(guard_write(), VERDICT_OK);
		clock_shift(60);
	}
	assert_int_equal(guard_write(), VERDICT_LIMIT);
	/* An hour after the first one there is room for one, not for three. */
	clock_shift(3600 - 3 * 60);
	assert_int_equal(guard_write(), VERDICT_OK);
	assert_int_equal(guard_write(), VERDICT_LIMIT);
	clock_shift(2 * 3600);
	for (int i = 0; i < 3; i++)
		assert_int_equal(guard_write(), VERDICT_OK);
	assert_int_equal(guard_write(), VERDICT_LIMIT);
}

/* Workers count together, also when some of them die. */
static void
test_all_processes_together(void **state)
{
	int status, allowed = 0;

	(void)state;
	share(100);
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			int n = 0;

			for (int k = 0; k < 40; k++)
				n += guard_write() == VERDICT_OK;
			_exit(n);
		}
	while (wait(&status) > 0)
		allowed += WEXITSTATUS(status);
	assert_int_equal(allowed, 100);
	assert_int_equal(guard_write(), VERDICT_LIMIT);
}

static void
test_below_the_base(void **state)
{
	static const struct {
		const char	*dn, *base;
		bool		 below;
	} table[] = {
		{ "uid=a,ou=people,dc=x,dc=nl", "ou=people,dc=x,dc=nl", true },
		{ "UID=A,OU=People,DC=X,DC=NL", "ou=people, dc=x, dc=nl", true },
		{ "ou=people,dc=x,dc=nl", "ou=people,dc=x,dc=nl", true },
		{ "uid=a,ou=admins,dc=x,dc=nl", "ou=people,dc=x,dc=nl", false },
		{ "uid=a,ou=people,dc=y,dc=nl", "ou=people,dc=x,dc=nl", false },
		{ "dc=x,dc=nl", "ou=people,dc=x,dc=nl", false },
		/* Not a tail of text: a name may hold a comma. */
		{ "uid=a\\,ou=people,dc=x,dc=nl", "ou=people,dc=x,dc=nl", false },
		{ "uid=a,xou=people,dc=x,dc=nl", "ou=people,dc=x,dc=nl", false },
		{ "uid=a\\2cb,ou=people,dc=x,dc=nl", "ou=people,dc=x,dc=nl", true },
		{ "no name", "ou=people,dc=x,dc=nl", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(dir_dn_below(table[i].dn, table[i].base), table[i].below);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_so_many_an_hour),
		cmocka_unit_test(test_all_processes_together),
		cmocka_unit_test(test_below_the_base),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
