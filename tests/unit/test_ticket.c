/* Tickets: keeper can carry them, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"

static const struct bearer anna = {
	.level = LEVEL_FOUND, .id = "12ef7676-7997-1041-865f-956a19fb6191", .way = { 1, 2, 3 },
	.only_fresh = true
};
static char folder[] = "/tmp/test_ticket.XXXXXX";

/* A file of a line for each of ${digits}, and named after them. */
static void
write_key(char path[256], const char *digits)
{
	char text[65];
	FILE *f;

	snprintf(path, 256, "%s/%s.key", folder, digits);
	assert_non_null(f = fopen(path, "w"));
	for (; *digits != '\0'; digits++) {
		memset(text, *digits, 64);
		text[64] = '\0';
		assert_true(fprintf(f, "%s\n", text) > 0);
	}
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static void
load_keys(const char *digits)
{
	char why[512];

	registrar.n_ticket_keys = strlen(digits);
	for (size_t i = 0; digits[i] != '\0'; i++)
		write_key(registrar.ticket_keys[i], (char[]){ digits[i], '\0' });
	write_key(registrar.account_key, "8");
	assert_int_equal(ticket_load(why, sizeof why), 0);
}

static struct ticket
sealed(enum proof_level level)
{
	struct bearer who = anna;
	struct ticket t;

	who.level = level;
	ticket_seal(&t, &who);
	return t;
}

static void
test_opens_again(void **state)
{
	struct ticket t;
	struct bearer who;

	(void)state;
	load_keys("1");
	t = sealed(LEVEL_MATCHED);
	assert_true(t.len <= TICKET_LONGEST);
	assert_int_equal(ticket_open(&t, LEVEL_MATCHED, &who), 0);
	assert_int_equal(who.level, LEVEL_MATCHED);
	assert_string_equal(who.id, anna.id);
	assert_memory_equal(who.way, anna.way, WAY_SIZE);
	assert_true(who.only_fresh);
	assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), 0);
}

static void
test_level_cannot_be_raised(void **state)
{
	struct ticket t;
	struct bearer who;

	(void)state;
	load_keys("1");
	t = sealed(LEVEL_FOUND);
	assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), 0);
	assert_int_equal(ticket_open(&t, LEVEL_MATCHED, &who), -1);
}

static void
test_any_changed_bit_is_refused(void **state)
{
	struct ticket t;
	struct bearer who;
	size_t len;

	(void)state;
	load_keys("1");
	t = sealed(LEVEL_MATCHED);
	for (size_t bit = 0; bit < t.len * 8; bit++) {
		t.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
		assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), -1);
		t.data[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
	for (len = t.len, t.len = 0; t.len < len; t.len++)
		assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), -1);
	t.len = len + 1;
	assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), -1);
	t.len = len;
	assert_int_equal(ticket_open(&t, LEVEL_FOUND, &who), 0);
}

static void
test_goes_out_of_date(void **state)
{
	struct ticket t;
	struct bearer who;

	(void)state;
	load_keys("1");
	t = sealed(LEVEL_MATCHED);
	clock_shift(TICKET_LIFE - 2);
	assert_int_equal(ticket_open(&t, LEVEL_MATCHED, &who), 0);
	clock_shift(2);
	assert_int_equal(ticket_open(&t, LEVEL_MATCHED, &who), -1);
	clock_shift(-TICKET_LIFE);
	assert_int_equal(ticket_open(&t, LEVEL_MATCHED, &who), 0);
}

static void
test_keys_change_in_two_steps(void **state)
{
	struct ticket old, new;
	struct bearer who;

	(void)state;
	load_keys("1");
	old = sealed(LEVEL_FOUND);
	load_keys("21");
	new = sealed(LEVEL_FOUND);
	assert_int_equal(ticket_open(&old, LEVEL_FOUND, &who), 0);
	assert_int_equal(ticket_open(&new, LEVEL_FOUND, &who), 0);
	load_keys("2");
	assert_int_equal(ticket_open(&old, LEVEL_FOUND, &who), -1);
	assert_int_equal(ticket_open(&new, LEVEL_FOUND, &who), 0);
	/* A head that names the right key does not make it sealed with that. */
	memcpy(old.data, new.data, 5);
	assert_int_equal(ticket_open(&old, LEVEL_FOUND, &who), -1);
}

static void
test_one_file_holds_both(void **state)
{
	struct ticket old, new;
	struct bearer who;
	char why[512];

	(void)state;
	load_keys("1");
	old = sealed(LEVEL_FOUND);
	write_key(registrar.ticket_keys[0], "21");
	assert_int_equal(ticket_load(why, sizeof why), 0);
	new = sealed(LEVEL_FOUND);
	assert_int_equal(ticket_open(&old, LEVEL_FOUND, &who), 0);
	load_keys("2");
	assert_int_equal(ticket_open(&new, LEVEL_FOUND, &who), 0);
	assert_int_equal(ticket_open(&old, LEVEL_FOUND, &who), -1);
	write_key(registrar.ticket_keys[0], "211");
	assert_int_equal(ticket_load(why, sizeof why), -1);
	assert_non_null(strstr(why, "one line more"));
}

static void
test_hashes_are_apart(void **state)
{
	unsigned char person[ACCOUNT_SIZE], nobody[ACCOUNT_SIZE], again[ACCOUNT_SIZE];
	char why[512];

	(void)state;
	load_keys("1");
	ticket_hash("person", "anna", person);
	ticket_hash("nobody", "anna", nobody);
	ticket_hash("person", "anna", again);
	assert_memory_equal(person, again, ACCOUNT_SIZE);
	assert_memory_not_equal(person, nobody, ACCOUNT_SIZE);
	/* Whom keeper knows by a hash it still knows when tickets get another key. */
	load_keys("2");
	ticket_hash("person", "anna", again);
	assert_memory_equal(person, again, ACCOUNT_SIZE);
	write_key(registrar.account_key, "9");
	assert_int_equal(ticket_load(why, sizeof why), 0);
	ticket_hash("person", "anna", again);
	assert_memory_not_equal(person, again, ACCOUNT_SIZE);
	write_key(registrar.account_key, "98");
	assert_int_equal(ticket_load(why, sizeof why), -1);
	assert_non_null(strstr(why, "cannot be changed"));
}

static void
test_a_key_that_is_none_is_told(void **state)
{
	char why[512];

	(void)state;
	load_keys("1");
	assert_int_equal(chmod(registrar.ticket_keys[0], 0644), 0);
	assert_int_equal(ticket_load(why, sizeof why), -1);
	assert_non_null(strstr(why, registrar.ticket_keys[0]));
	assert_non_null(strstr(why, "chmod 0600"));
}

static int
begin(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens_again),
		cmocka_unit_test(test_level_cannot_be_raised),
		cmocka_unit_test(test_any_changed_bit_is_refused),
		cmocka_unit_test(test_goes_out_of_date),
		cmocka_unit_test(test_keys_change_in_two_steps),
		cmocka_unit_test(test_hashes_are_apart), cmocka_unit_test(test_one_file_holds_both),
		cmocka_unit_test(test_a_key_that_is_none_is_told),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
