/* For how long a step of a flow is good, and the code that it asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "folder.h"
#include "keeper/keeper.h"
#include "keeper/flow.h"
#include "keeper/settings.h"

static struct keeper keeper;

static int
set_up(void **state)
{
	char why[256];

	(void)state;
	make_folder();
	settings = (struct keeper_settings){ .step_life = 300, .code_life = 600, .code_tries = 5 };
	settings.code_key = secret_keep(sizeof *settings.code_key);
	assert_non_null(keeper.store = store_open(folder, why, sizeof why));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	store_close(keeper.store);
	return remove_folder();
}

static struct flow
born(int64_t ago)
{
	return (struct flow){ .handle = { { 1 } }, .code_key = settings.code_key,
	    .born = clock_now() - ago };
}

/* The message that carries the code tells for how long; the page must not be over before. */
static void
test_a_code_outlives_a_short_step(void **state)
{
	struct flow f = born(0);

	(void)state;
	flow_go(&keeper, &f, STEP_PROOF, REASON_NONE);
	assert_in_range(f.until - clock_now(), 299, 300);
	flow_promise_code(&f);
	flow_go(&keeper, &f, STEP_CODE, REASON_NONE);
	assert_in_range(f.until - clock_now(), 599, 600);
	assert_int_equal(f.until, f.code_until);
	flow_go(&keeper, &f, STEP_PASSWORD, REASON_NONE);
	assert_in_range(f.until - clock_now(), 299, 300);
}

/* Who was slow before is promised no more than there is. */
static void
test_no_code_outlives_its_flow(void **state)
{
	struct flow f = born(FLOW_LIFE - 100);

	(void)state;
	flow_promise_code(&f);
	flow_go(&keeper, &f, STEP_CODE, REASON_NONE);
	assert_in_range(f.code_until - clock_now(), 99, 100);
	assert_int_equal(f.until, f.code_until);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_a_code_outlives_a_short_step), TEST(test_no_code_outlives_its_flow),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
