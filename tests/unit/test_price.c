/* The price: who is asked, what counts as paid, and that one payment is of use once. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "keeper/counts.h"
#include "keeper/keeper.h"
#include "keeper/price.h"
#include "keeper/riddle.h"
#include "keeper/settings.h"
#include "folder.h"
#include "solve.h"

static struct keeper keeper;
static int64_t moved;

static void
move_clock(int64_t seconds)
{
	moved += seconds;
	clock_shift(seconds);
}

static int
set_up(void **state)
{
	char why[256];

	(void)state;
	make_folder();
	settings = (struct keeper_settings){ .price = PRICE_ALWAYS, .price_wait = 20,
	    .step_life = 600, .code_tries = 5, .wishes = 3 };
	settings.code_key = secret_keep(sizeof *settings.code_key);
	assert_non_null(keeper.store = store_open(folder, why, sizeof why));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	store_close(keeper.store);
	move_clock(-moved);
	return remove_folder();
}

static struct flow
flow_of(unsigned char first)
{
	return (struct flow){ .handle = { { first } }, .step = STEP_PRICE, .seq = 2,
	    .code_key = settings.code_key, .code_key_id = key_id(settings.code_key),
	    .wish = WISH_RESET, .lang = "nl", .until = clock_now() + 600, .born = clock_now() };
}

static void
test_who_is_asked(void **state)
{
	static const struct { enum price_when when; bool suspicious; unsigned int price; } rows[] = {
		{ PRICE_NEVER, false, 0 }, { PRICE_NEVER, true, 0 }, { PRICE_SUSPICIOUS, false, 0 },
		{ PRICE_SUSPICIOUS, true, 1 }, { PRICE_ALWAYS, false, 1 },
		{ PRICE_ALWAYS, true, PRICE_MOST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct flow f = flow_of(1);

		settings.price = (int)rows[i].when;
		f.suspicious = rows[i].suspicious;
		assert_int_equal(price_of(&f), rows[i].price);
		assert_int_equal(price_ask(&f), rows[i].price > 0);
		assert_int_equal(f.price, rows[i].price);
	}
}

/* A second name in the same flow is not paid for again, unless it is dearer. */
static void
test_paid_once(void **state)
{
	struct flow f = flow_of(1);

	(void)state;
	assert_true(price_ask(&f));
	assert_int_equal(price_pay(&f, PAY_WORK), STEP_PROOF);
	assert_false(price_ask(&f));
	f.suspicious = true;
	assert_true(price_ask(&f));
	f.asks_wish = true;
	assert_int_equal(price_pay(&f, PAY_WAIT), STEP_WISH);
	assert_false(price_ask(&f));
	assert_int_equal(metrics_read(&counts, KEPT_PAID)[PAY_WORK], 1);
	assert_int_equal(metrics_read(&counts, KEPT_PAID)[PAY_WAIT], 1);
}

/* Each letter counts, and it is of use in its own flow alone, at its own price, by its own key. */
static void
test_solution(void **state)
{
	struct flow f = flow_of(1), other = flow_of(2);
	struct secret s, changed;
	struct work w, same;

	(void)state;
	assert_true(price_ask(&f) && price_ask(&other));
	price_work(&f, &w);
	price_work(&f, &same);
	assert_memory_equal(w.challenge, same.challenge, sizeof w.challenge);
	assert_int_equal(strlen(w.challenge), CHALLENGE_LONGEST);
	solve(&w, &s);
	assert_true(price_solved(&f, &s));
	assert_false(price_solved(&other, &s));
	for (size_t i = 0; i < s.len; i++) {
		secret_copy(&changed, &s);
		changed.text[i] = changed.text[i] == '0' ? '1' : '0';
		/* One in 2^13 would do as well; the key of this test makes that none. */
		assert_false(price_solved(&f, &changed));
		changed.text[i] = s.text[i] >= 'a' ? s.text[i] - 32 : '/';
		assert_false(price_solved(&f, &changed));
	}
	secret_set(&changed, s.text, s.len - 1);
	assert_false(price_solved(&f, &changed));
	secret_set(&changed, "", 0);
	assert_false(price_solved(&f, &changed));
	/* The first part of a dearer one is not the whole. */
	f.suspicious = true;
	assert_true(price_ask(&f));
	assert_false(price_solved(&f, &s));
	f.suspicious = false;
	f.price = 1;
	assert_true(price_solved(&f, &s));
	settings.code_key->byte[0] ^= 1;
	assert_false(price_solved(&f, &s));
	settings.code_key->byte[0] ^= 1;
	/* Where nothing is asked nothing is a solution. */
	f.price = 0;
	secret_set(&changed, "", 0);
	assert_false(price_solved(&f, &changed));
}

/* The dearest one still is a field's value, and is solved as every other. */
static void
test_dearest(void **state)
{
	struct flow f = flow_of(1);
	struct secret s;
	struct work w;

	(void)state;
	f.suspicious = true;
	assert_true(price_ask(&f));
	price_work(&f, &w);
	solve(&w, &s);
	assert_true(price_solved(&f, &s));
	s.text[s.len - 1] = s.text[s.len - 1] == '0' ? '1' : '0';
	assert_false(price_solved(&f, &s));
}

static void
test_waiting(void **state)
{
	struct flow f = flow_of(1);

	(void)state;
	assert_true(price_ask(&f));
	assert_int_equal(price_wait(&f), 20);
	assert_false(price_waited(&keeper, &f));
	move_clock(19);
	assert_false(price_waited(&keeper, &f));
	move_clock(2);
	assert_true(price_waited(&keeper, &f));
	f.suspicious = true;
	assert_true(price_ask(&f));
	assert_int_equal(price_wait(&f), 20 * PRICE_MOST);
	/* Never so long that the page is closed meanwhile. */
	settings.step_life = 60;
	assert_int_equal(price_wait(&f), 30);
}

/* An hour back: they wait as long as anybody, once, and that is remembered. */
static void
test_clock_put_back(void **state)
{
	struct flow f = flow_of(1), again;

	(void)state;
	assert_true(price_ask(&f));
	move_clock(-3600);
	assert_false(price_waited(&keeper, &f));
	assert_int_equal(flow_load_handle(&keeper, &f.handle, &again), 0);
	assert_int_equal(again.price_until, clock_now() + 20);
	move_clock(21);
	assert_true(price_waited(&keeper, &again));
}

/* In small letters and in groups, either half, and of no other flow and no other time. */
static void
test_riddle(void **state)
{
	static const char *const no[] = { "", " ", "A", "ACEFH", "00000000" };
	struct flow f = flow_of(1), other = flow_of(2);
	struct riddle first, next;
	struct secret typed;

	(void)state;
	assert_true(price_ask(&f) && price_ask(&other));
	assert_true(riddle_of(&f, &first) && riddle_of(&other, &next));
	assert_string_not_equal(first.letters, next.letters);
	assert_int_equal(strlen(first.letters), strspn(first.letters, RIDDLE_LETTERS));
	assert_int_equal(strlen(first.digits), strlen(first.letters));
	secret_set(&typed, first.digits, strlen(first.digits));
	assert_true(riddle_solved(&f, &typed) && !riddle_solved(&other, &typed));
	typed.len = (size_t)snprintf(typed.text, sizeof typed.text, " %c-%s ",
	    tolower((unsigned char)first.letters[0]), first.letters + 1);
	assert_true(riddle_solved(&f, &typed));
	for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
		secret_set(&typed, no[i], strlen(no[i]));
		assert_false(riddle_solved(&f, &typed));
	}
	memset(typed.text, 'A', SECRET_LONGEST);
	typed.len = SECRET_LONGEST;
	assert_false(riddle_solved(&f, &typed));
	riddle_other(&f);
	secret_set(&typed, first.digits, strlen(first.digits));
	assert_true(riddle_of(&f, &next) && !riddle_solved(&f, &typed));
	for (int i = 0; i < RIDDLES_MOST; i++)
		riddle_other(&f);
	assert_false(riddle_of(&f, &next));
	secret_set(&typed, "", 0);
	assert_false(riddle_solved(&f, &typed));
}

/* The settings may change while somebody solves it. */
static void
test_what_is_asked_is_kept(void **state)
{
	struct flow f = flow_of(1), again;

	(void)state;
	settings.price_by = PRICE_BY_RIDDLE;
	settings.riddle_wait = 120;
	assert_true(price_ask(&f));
	flow_save(&keeper, &f);
	settings.price_by = PRICE_BY_WORK;
	assert_int_equal(flow_load_handle(&keeper, &f.handle, &again), 0);
	assert_true(again.by_riddle);
	assert_int_equal(price_wait(&again), 120);
	again.suspicious = true;
	assert_true(price_ask(&again));
	assert_false(again.by_riddle);
	assert_int_equal(price_wait(&again), 2 * settings.price_wait);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_who_is_asked), TEST(test_paid_once), TEST(test_solution), TEST(test_dearest),
		TEST(test_waiting), TEST(test_clock_put_back), TEST(test_riddle),
		TEST(test_what_is_asked_is_kept),
	};

	return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
