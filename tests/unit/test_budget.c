/* Budgets hold exactly, and spending somebody's takes nothing from anybody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "folder.h"
#include "keeper/budget.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"
#include "wire/house.h"

enum { HOUR = 3600, TRIES = 300 };

#define HOME   "192.0.2.1"
#define OFFICE "198.51.100.1"
#define HERS   "+31612345678"

static struct keeper keeper;
static struct flow her;

static void
open_store(void)
{
	char why[512];

	if ((keeper.store = store_open(folder, why, sizeof why)) == NULL)
		fail_msg("%s", why);
	chain_forget(&keeper);
	halt_read(&keeper);
}

static int
set_up(void **state)
{
	static struct key key;

	(void)state;
	make_folder();
	snprintf(house.country, sizeof house.country, "31");
	settings.code_key = settings.audit_key = &key;
	settings.limits = (struct limits){ .address_hour = 30, .address_most_hour = 300,
	    .shared = { "198.51.100.0/24" }, .n_shared = 1, .name_day = 10, .account_hour = 10,
	    .account_day = 20, .account_from_hour = 5, .number_hour = 12, .number_day = 20,
	    .country_hour = 7, .country_day = 9, .messages_hour = 100, .messages_day = 150,
	    .resets_day = 3, .unlocks_day = 5, .wrong_codes_hour = 50 };
	her = (struct flow){ .account = { 7 }, .wish = WISH_RESET };
	open_store();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	store_close(keeper.store);
	return remove_folder();
}

/* ---- Messages --------------------------------------------------------------------- */

static struct spent spent;

/* How many of so many messages may leave, each from another address if that is "". */
static int
may_leave(const struct flow *f, const char *to, const char *from)
{
	char addr[ADDR_LONGEST + 1];
	int left = 0;

	for (int i = 0; i < TRIES; i++) {
		snprintf(addr, sizeof addr, "203.0.%d.%d", i / 250, i % 250);
		left += budget_message(&keeper, f, to, from[0] != '\0' ? from : addr, &spent) == NULL;
	}
	return left;
}

static void
test_an_account_has_so_many(void **state)
{
	struct flow his = { .account = { 8 } };

	(void)state;
	assert_int_equal(may_leave(&her, HERS, HOME), 5);	/* account_from_hour */
	assert_int_equal(may_leave(&her, HERS, ""), 5);		/* the rest of account_hour */
	assert_string_equal(budget_message(&keeper, &her, HERS, HOME, &spent), "account");
	assert_int_equal(may_leave(&his, "+31687654321", HOME), 5);
	clock_shift(2 * HOUR);
	assert_int_equal(may_leave(&her, HERS, ""), 10);	/* the rest of account_day */
	clock_shift(2 * HOUR);
	assert_int_equal(may_leave(&her, HERS, ""), 0);
	clock_shift(26 * HOUR);
	assert_int_equal(may_leave(&her, HERS, ""), 10);
}

/* Several accounts have one number. */
static void
test_a_number_has_so_many(void **state)
{
	int left = 0;

	(void)state;
	for (unsigned char i = 1; i < 9; i++)
		left += may_leave(&(struct flow){ .account = { i } }, HERS, "");
	assert_int_equal(left, 12);
	assert_string_equal(budget_message(&keeper, &(struct flow){ .account = { 99 } }, HERS, HOME, &spent),
	    "number");
}

/* He has written her number into his own account; what is kept for her he does not touch. */
static void
test_a_number_that_others_claim(void **state)
{
	struct flow his = { .account = { 8 } };

	(void)state;
	budget_proved(&keeper, &his, OFFICE);
	budget_proved(&keeper, &her, HOME);
	assert_int_equal(may_leave(&his, HERS, OFFICE), 5);
	clock_shift(2 * HOUR);
	assert_int_equal(may_leave(&his, HERS, OFFICE), 5);
	for (unsigned char i = 20; i < 29; i++)
		may_leave(&(struct flow){ .account = { i } }, HERS, "");
	assert_int_equal(may_leave(&her, HERS, HOME), 5);
	assert_string_equal(budget_message(&keeper, &her, HERS, "203.0.113.1", &spent), "number");
	budget_pardon(&keeper, her.account, "a.jansen");
	assert_int_equal(may_leave(&her, HERS, ""), 10);
}

/* What surely did not leave is as if it had not been asked for. */
static void
test_not_sent_after_all(void **state)
{
	(void)state;
	for (int i = 0; i < TRIES; i++) {
		assert_null(budget_message(&keeper, &her, "+44612345678", HOME, &spent));
		clock_shift(i % 2);
		budget_message_back(&keeper, &spent);
	}
	assert_int_equal(may_leave(&her, HERS, HOME), 5);
}

static void
test_other_countries_have_so_many(void **state)
{
	int dear = 0, home = 0, other = 0;
	char to[32];

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct flow f = { .account = { (unsigned char)i, 1 } };

		snprintf(to, sizeof to, "+881612345%03d", i);
		dear += budget_message(&keeper, &f, to, HOME, &spent) == NULL;
		snprintf(to, sizeof to, "+44612345%03d", i);
		other += budget_message(&keeper, &f, to, HOME, &spent) == NULL;
		snprintf(to, sizeof to, "+31612345%03d", i);
		home += budget_message(&keeper, &f, to, HOME, &spent) == NULL;
	}
	assert_int_equal(dear, 7);
	assert_int_equal(other, 7);
	assert_int_equal(home, 40);
}

static void
test_all_together_have_so_many(void **state)
{
	int left = 0;
	char to[32];

	(void)state;
	for (int i = 0; i < TRIES; i++) {
		struct flow f = { .account = { (unsigned char)i, (unsigned char)(i / 250), 1 } };

		snprintf(to, sizeof to, "+31612345%03d", i);
		assert_int_equal(budget_out_of_messages(&keeper), i >= 100);
		left += budget_message(&keeper, &f, to, HOME, &spent) == NULL;
	}
	assert_int_equal(left, 100);
}

/* A message that one budget forbids is not counted by the others. */
static void
test_what_may_not_leave_costs_nothing(void **state)
{
	(void)state;
	for (unsigned char i = 1; i < 9; i++)
		may_leave(&(struct flow){ .account = { i } }, HERS, "");
	assert_string_equal(budget_message(&keeper, &her, HERS, HOME, &spent), "number");
	for (int i = 0; i < 20; i++)
		budget_message(&keeper, &(struct flow){ .account = { 50 } }, HERS, HOME, &spent);
	assert_int_equal(may_leave(&(struct flow){ .account = { 50 } }, "+31600000000", ""), 10);
}

/* What strangers spend is not what is kept for the address where she gave a right code. */
static void
test_strangers_do_not_spend_it_all(void **state)
{
	(void)state;
	budget_proved(&keeper, &her, HOME);
	clock_shift(30LL * DAY);
	assert_int_equal(may_leave(&her, HERS, ""), 10);
	assert_int_equal(may_leave(&her, HERS, OFFICE), 0);
	assert_int_equal(may_leave(&her, HERS, HOME), 5);
}

/* ---- Before it is known who asks ----------------------------------------------------- */

static bool
begin(const char *name, const char *addr)
{
	struct flow f = { .wish = WISH_RESET };
	struct secret typed;
	bool priced;

	secret_set(&typed, name, strlen(name));
	priced = budget_begin(&keeper, &typed, addr);
	budget_come(&keeper, &f, addr);
	return priced;
}

static void
test_a_name_gets_its_price(void **state)
{
	char addr[32];

	(void)state;
	for (int i = 0; i < 20; i++) {
		snprintf(addr, sizeof addr, "203.0.113.%d", i);
		assert_int_equal(begin("a.jansen", addr), i >= 10);
		assert_int_equal(budget_welcome(&keeper, addr), REASON_NONE);
	}
	/* However it is written; and nobody else's has. */
	assert_true(begin("A.Jansen", "203.0.113.99"));
	assert_false(begin("b.jansen", "203.0.113.99"));
}

static void
test_failures_count_for_an_address(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "n%d", i);
		assert_int_equal(budget_welcome(&keeper, HOME), REASON_NONE);
		assert_int_equal(begin(name, HOME), i >= 30);
		begin(name, OFFICE);
	}
	assert_int_equal(budget_welcome(&keeper, HOME), REASON_BUSY_NETWORK);
	assert_int_equal(budget_welcome(&keeper, OFFICE), REASON_NONE);
	assert_int_equal(budget_welcome(&keeper, "192.0.2.2"), REASON_NONE);
	clock_shift(2 * HOUR);
	assert_int_equal(budget_welcome(&keeper, HOME), REASON_NONE);
	assert_false(begin("again", HOME));
}

/* People who get in do not count, however many they are. */
static void
test_who_gets_in_has_not_failed(void **state)
{
	struct secret typed;
	char name[32];

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct flow f = { .account = { (unsigned char)i } };

		snprintf(name, sizeof name, "n%d", i);
		secret_set(&typed, name, strlen(name));
		assert_false(budget_begin(&keeper, &typed, HOME));
		budget_come(&keeper, &f, HOME);
		budget_proved(&keeper, &f, HOME);
		budget_proved(&keeper, &f, HOME);
	}
	assert_int_equal(budget_welcome(&keeper, HOME), REASON_NONE);
}

/* ---- After the right code --------------------------------------------------------------- */

static void
test_so_many_resets_a_day(void **state)
{
	struct flow unlock = { .account = { 7 }, .wish = WISH_UNLOCK };
	int64_t at = clock_now();

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(budget_allows(&keeper, &her));
		budget_order(&keeper, &her, at);
	}
	assert_false(budget_allows(&keeper, &her));
	assert_true(budget_allows(&keeper, &unlock));
	budget_take_back(&keeper, &her, at);
	assert_true(budget_allows(&keeper, &her));
	budget_order(&keeper, &her, at);
	clock_shift(27 * HOUR);
	assert_true(budget_allows(&keeper, &her));
}

static void
test_wrong_codes_halt_it_all(void **state)
{
	(void)state;
	/* One person's alone never do. */
	for (int i = 0; i < TRIES; i++)
		budget_wrong_code(&keeper, &her);
	for (int i = 0; i < 45; i++) {
		assert_false(halt_holds(&keeper, HALT_RECOVER));
		budget_wrong_code(&keeper, &(struct flow){ .account = { 9, (unsigned char)(i / 5) } });
	}
	assert_true(halt_holds(&keeper, HALT_RECOVER) && halt_holds(&keeper, HALT_SMS));
	assert_false(halt_holds(&keeper, HALT_ALL));
	clock_shift(30LL * DAY);
	assert_true(halt_holds(&keeper, HALT_RECOVER));
	halt_set(&keeper, HALT_RECOVER, false);
	assert_false(halt_holds(&keeper, HALT_SMS));
}

static void
test_pardoned(void **state)
{
	(void)state;
	may_leave(&her, HERS, "");
	for (int i = 0; i < 3; i++)
		budget_order(&keeper, &her, clock_now());
	for (int i = 0; i < 11; i++)
		begin("a.jansen", "203.0.113.1");
	budget_pardon(&keeper, her.account, "A.jansen");
	assert_int_equal(may_leave(&her, HERS, ""), 10);
	assert_true(budget_allows(&keeper, &her));
	assert_false(begin("a.jansen", HOME));
}

static void
test_kept_over_a_restart(void **state)
{
	(void)state;
	may_leave(&her, HERS, "");
	halt_set(&keeper, HALT_SMS, true);
	assert_int_equal(store_commit(keeper.store), 0);
	store_close(keeper.store);
	open_store();
	assert_int_equal(may_leave(&her, HERS, ""), 0);
	assert_true(halt_holds(&keeper, HALT_SMS));
	assert_false(halt_holds(&keeper, HALT_RECOVER));
	/* What is over goes. */
	assert_int_equal(store_sweep(keeper.store, SWEEP_BUDGETS, clock_now() + 30 * HOUR, 3), 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_account_has_so_many), TEST(test_a_number_has_so_many),
		TEST(test_a_number_that_others_claim), TEST(test_not_sent_after_all),
		TEST(test_other_countries_have_so_many), TEST(test_all_together_have_so_many),
		TEST(test_what_may_not_leave_costs_nothing), TEST(test_strangers_do_not_spend_it_all),
		TEST(test_a_name_gets_its_price), TEST(test_failures_count_for_an_address),
		TEST(test_who_gets_in_has_not_failed), TEST(test_so_many_resets_a_day),
		TEST(test_wrong_codes_halt_it_all), TEST(test_pardoned), TEST(test_kept_over_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
