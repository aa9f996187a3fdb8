/* What survives: everything that was committed, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "folder.h"
#include "keeper/store/store.h"

static struct store *store;

static struct store *
must_open(void)
{
	char why[512];
	struct store *s = store_open(folder, why, sizeof why);

	if (s == NULL)
		fail_msg("%s", why);
	return s;
}

static int
set_up(void **state)
{
	(void)state;
	make_folder();
	store = must_open();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	store_close(store);
	return remove_folder();
}

static struct handle
handle(unsigned int n)
{
	return (struct handle){ { (unsigned char)(n & 0xff), (unsigned char)(n >> 8), 1 } };
}

static void
put(unsigned int n, int64_t until, const char *text)
{
	struct handle h = handle(n);

	store_put_flow(store, &h, until, false, text, strlen(text));
}

static long
get(unsigned int n, char *out, size_t size)
{
	struct handle h = handle(n);
	long len = store_get_flow(store, &h, out, size - 1);

	out[len < 0 ? 0 : len] = '\0';
	return len;
}

static void
test_put_and_get(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(get(1, text, sizeof text), -1);
	put(1, 100, "one");
	assert_int_equal(get(1, text, sizeof text), 3);
	put(1, 100, "another");
	put(2, 100, "");
	assert_int_equal(store_commit(store), 0);
	get(1, text, sizeof text);
	assert_string_equal(text, "another");
	assert_int_equal(get(2, text, sizeof text), 0);
	assert_int_equal(store_flows(store), 2);
}

/* A process that dies before the commit leaves nothing of its batch, and all before it. */
static void
test_a_crash_loses_the_batch_alone(void **state)
{
	char text[64];
	int status;
	pid_t pid;

	(void)state;
	store_close(store);
	if ((pid = fork()) == 0) {
		store = must_open();
		put(1, 100, "kept");
		if (store_commit(store) == -1)
			_exit(2);
		put(1, 100, "lost");
		put(2, 100, "lost");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	store = must_open();
	get(1, text, sizeof text);
	assert_string_equal(text, "kept");
	assert_int_equal(get(2, text, sizeof text), -1);
}

static void
test_sweeping_in_small_pieces(void **state)
{
	char text[64];

	(void)state;
	for (unsigned int n = 0; n < 50; n++)
		put(n, 100 + n, "x");
	store_sweep(store, SWEEP_FLOWS, 120, 15);
	assert_int_equal(store_flows(store), 35);
	store_sweep(store, SWEEP_FLOWS, 120, 15);
	assert_int_equal(store_flows(store), 30);
	store_sweep(store, SWEEP_FLOWS, 120, 15);
	assert_int_equal(store_flows(store), 30);
	assert_int_equal(get(19, text, sizeof text), -1);
	assert_int_equal(get(20, text, sizeof text), 1);
	assert_int_equal(store_commit(store), 0);
}

static void
add_row(unsigned char account, unsigned char flow, int64_t at, const char *what, const char *outcome)
{
	struct audit_row row = { .at = at, .number = store_last_audit(store) + 1 };

	snprintf(row.what, sizeof row.what, "%s", what);
	snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
	memset(row.account, account, sizeof row.account);
	memset(row.flow.byte, flow, sizeof row.flow.byte);
	row.who.len = 3;
	memcpy(row.who.data, "who", 3);
	store_add_audit(store, &row);
}

static void
note(void *ctx, const struct audit_row *row)
{
	char *all = ctx;

	assert_int_equal(row->who.len, 3);
	assert_int_equal(row->addr.len, 0);
	snprintf(all + strlen(all), 256 - strlen(all), "%lld%s ", (long long)row->number, row->what);
}

static void
test_audit(void **state)
{
	static const struct {
		struct msg_audit	ask;
		int			account;	/* -1: of all */
		const char		*rows;
	} table[] = {
		{ { .most = 10 }, -1, "1a 2b 3c 4d " },
		{ { .most = 2 }, -1, "1a 2b " },
		{ { .most = 10, .after = 2 }, -1, "3c 4d " },
		{ { .most = 10, .from = 20, .until = 40 }, -1, "2b 3c " },
		{ { .most = 10 }, 1, "1a 3c " },
		{ { .most = 10, .after = 1 }, 1, "3c " },
		{ { .most = 10 }, 9, "" },
		{ { .most = 10, .flow = { { 3, 3, 3, 3, 3 } } }, -1, "3c " },
		{ { .most = 10, .flow = { { 3, 3, 3, 3, 4 } } }, -1, "" },
		{ { .most = 10, .what = "c" }, -1, "3c " },
		{ { .most = 10, .what = "c" }, 2, "" },
	};

	(void)state;
	add_row(1, 1, 10, "a", "ok");
	add_row(2, 2, 20, "b", "ok");
	add_row(1, 3, 30, "c", "ok");
	add_row(2, 4, 40, "d", "ok");
	assert_int_equal(store_commit(store), 0);
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		unsigned char account[ACCOUNT_SIZE];
		char all[256] = "";

		memset(account, table[i].account, sizeof account);
		store_list_audit(store, &table[i].ask, table[i].account == -1 ? NULL : account, note,
		    all);
		assert_string_equal(all, table[i].rows);
	}
}

static void
test_ordered_elsewhere(void **state)
{
	unsigned char account[ACCOUNT_SIZE], other[ACCOUNT_SIZE];
	struct reference mine, yours;

	(void)state;
	memset(account, 1, sizeof account);
	memset(other, 2, sizeof other);
	memset(mine.byte, 1, sizeof mine.byte);
	memset(yours.byte, 2, sizeof yours.byte);
	store_put_order(store, account, &mine, 60);
	store_put_order(store, account, &yours, 49);
	store_put_order(store, other, &yours, 70);
	assert_false(store_ordered_elsewhere(store, account, &mine, 50));
	assert_true(store_ordered_elsewhere(store, account, &mine, 49));
	store_put_order(store, account, &yours, 50);
	assert_true(store_ordered_elsewhere(store, account, &mine, 50));
	assert_int_equal(store_sweep(store, SWEEP_ORDERS, 60 + ORDER_KEPT, 99), 1);
	assert_false(store_ordered_elsewhere(store, account, &mine, 0));
	assert_true(store_ordered_elsewhere(store, account, &yours, 60));
}

static void
test_persons(void **state)
{
	unsigned char account[ACCOUNT_SIZE] = { 5 };
	struct sealed in = { .len = 4, .data = "key" }, other = { .len = 1, .data = "x" }, out;

	(void)state;
	assert_false(store_get_person(store, account, &out));
	store_put_person(store, account, &in);
	store_put_person(store, account, &other);	/* the first one stays */
	assert_true(store_get_person(store, account, &out));
	assert_int_equal(out.len, 4);
	assert_memory_equal(out.data, "key", 4);
}

static int64_t
since_of(unsigned char account, unsigned char hash)
{
	unsigned char whose[ACCOUNT_SIZE], what[ACCOUNT_SIZE];
	int64_t since;

	memset(whose, account, sizeof whose);
	memset(what, hash, sizeof what);
	return store_get_number(store, whose, what, &since) ? since : -1;
}

static void
put_number(unsigned char account, unsigned char hash, int64_t since, int64_t seen)
{
	unsigned char whose[ACCOUNT_SIZE], what[ACCOUNT_SIZE];

	memset(whose, account, sizeof whose);
	memset(what, hash, sizeof what);
	store_put_number(store, whose, what, since, seen);
}

static void
test_numbers(void **state)
{
	unsigned char whose[ACCOUNT_SIZE];

	(void)state;
	memset(whose, 1, sizeof whose);
	assert_false(store_has_numbers(store, whose));
	put_number(1, 7, 100, 100);
	put_number(1, 8, 200, 200);
	put_number(2, 7, 300, 300);
	assert_true(store_has_numbers(store, whose));
	assert_int_equal(since_of(1, 7), 100);
	assert_int_equal(since_of(2, 7), 300);
	assert_int_equal(since_of(2, 8), -1);
	put_number(1, 7, 0, 400);
	assert_int_equal(since_of(1, 7), 0);
	/* What counts is when it was last seen. */
	store_sweep(store, SWEEP_NUMBERS, NUMBER_KEPT + 300, 10);
	assert_int_equal(since_of(1, 8), -1);
	assert_int_equal(since_of(1, 7), 0);
	assert_int_equal(since_of(2, 7), 300);
	assert_int_equal(store_commit(store), 0);
}

static void
exec(const char *text)
{
	char path[128];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* The first store that there was, with a flow and a row. */
static const char first_version[] =
    "CREATE TABLE flow (handle BLOB PRIMARY KEY, until INTEGER NOT NULL, state BLOB NOT NULL)"
    "  WITHOUT ROWID;"
    "CREATE INDEX flow_until ON flow (until);"
    "CREATE TABLE person (account BLOB PRIMARY KEY, key BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE audit (number INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,"
    "  what TEXT NOT NULL, outcome TEXT NOT NULL, account BLOB NOT NULL, flow BLOB NOT NULL,"
    "  who BLOB NOT NULL, addr BLOB NOT NULL);"
    "CREATE INDEX audit_account ON audit (account, number);"
    "INSERT INTO flow VALUES (x'01000100000000000000000000000000', 100, x'6b657074');"
    "INSERT INTO audit VALUES (1, 50, 'reset', 'ok', x'09090909090909090909090909090909',"
    "  x'0909090909090909', x'77686f', x'');"
    "PRAGMA user_version = 1";

/* Keeps all that it has, and gets a place for what came later. */
/* Taken, it is not due for a while; put off or left behind by a crash it is again. */
static void
test_notices(void **state)
{
	static struct notice_row row;

	(void)state;
	assert_false(store_take_notice(store, 100, &row));
	store_add_notice(store, 100, "one", 3);
	store_add_notice(store, 101, "two", 3);
	assert_int_equal(store_commit(store), 0);
	assert_true(store_take_notice(store, 110, &row));
	assert_true(row.at == 100 && row.tries == 1 && row.len == 3);
	assert_memory_equal(row.state, "one", 3);
	assert_true(store_take_notice(store, 110, &row));
	assert_memory_equal(row.state, "two", 3);
	assert_false(store_take_notice(store, 110, &row));
	store_put_off_notice(store, row.number, 170);
	assert_false(store_take_notice(store, 169, &row));
	assert_true(store_take_notice(store, 170, &row));
	assert_int_equal(row.tries, 2);
	store_drop_notice(store, row.number);
	assert_int_equal(store_commit(store), 0);
	/* Nobody has told of the first: whoever had it has crashed. */
	assert_true(store_take_notice(store, 110 + 300, &row));
	assert_true(row.at == 100 && row.tries == 2);
	/* The clock was an hour ahead. */
	store_put_off_notice(store, row.number, 3600 + 410);
	assert_true(store_take_notice(store, 411, &row));
	store_drop_notice(store, row.number);
	assert_false(store_take_notice(store, 100000, &row));
}

static void
test_an_earlier_version_is_brought_up(void **state)
{
	struct msg_audit ask = { .most = 10, .flow = { { 9, 9, 9, 9, 9 } } };
	char text[128], all[256] = "";

	(void)state;
	store_close(store);
	snprintf(text, sizeof text, "%s/latchkey.db", folder);
	assert_int_equal(unlink(text), 0);
	exec(first_version);
	store = must_open();
	get(1, text, sizeof text);
	assert_string_equal(text, "kept");
	store_list_audit(store, &ask, NULL, note, all);
	assert_string_equal(all, "1reset ");
	put_number(1, 7, 100, 100);
	assert_int_equal(store_commit(store), 0);
	assert_int_equal(since_of(1, 7), 100);
}

static void
test_a_later_version_is_refused(void **state)
{
	char why[512];

	(void)state;
	exec("PRAGMA user_version = 999");
	assert_null(store_open(folder, why, sizeof why));
	assert_non_null(strstr(why, "later version"));
	assert_int_equal(store_look(folder, why, sizeof why), -1);
	assert_null(store_open("/nonexistent", why, sizeof why));
	assert_non_null(strstr(why, "/nonexistent"));
}

static void
test_somebody_elses_database_is_refused(void **state)
{
	char why[512];

	(void)state;
	exec("PRAGMA user_version = 0");
	assert_int_equal(store_look(folder, why, sizeof why), -1);
	assert_non_null(strstr(why, "somebody else"));
	assert_null(store_open(folder, why, sizeof why));
}

/* Some pages in the middle are nothing any more. */
static void
damage(void)
{
	char path[128];
	FILE *f;

	for (unsigned int n = 0; n < 2000; n++)
		put(n, 100 + n, "0123456789012345678901234567890123456789");
	assert_int_equal(store_commit(store), 0);
	store_close(store);
	store = NULL;
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	assert_non_null(f = fopen(path, "r+"));
	assert_int_equal(fseek(f, 40 * 4096, SEEK_SET), 0);
	for (int i = 0; i < 3 * 4096; i++)
		fputc(0xff, f);
	fclose(f);
}

static void
test_damage_is_seen_in_use(void **state)
{
	char text[64];

	(void)state;
	damage();
	store = must_open();
	assert_false(store_is_damaged(store));
	for (unsigned int n = 0; n < 2000 && store_fault(store) == NULL; n++)
		get(n, text, sizeof text);
	assert_non_null(strstr(store_fault(store), "damaged"));
	assert_true(store_is_damaged(store));
	assert_int_equal(store_commit(store), -1);
}

/* It is looked for only after an end that was none. */
static void
test_damage_is_seen_after_a_crash(void **state)
{
	char why[512];

	(void)state;
	damage();
	assert_int_equal(store_look(folder, why, sizeof why), 0);
	if (fork() == 0) {
		store = must_open();
		put(9999, 100, "x");
		_exit(store_commit(store));
	}
	assert_true(wait(NULL) > 0);
	assert_int_equal(store_look(folder, why, sizeof why), -1);
	assert_non_null(strstr(why, "damaged"));
	assert_non_null(strstr(why, "latchkey restore"));
}

/* Of a batch that cannot be kept nothing is left, and what is asked of it says nothing. */
static void
test_locked_by_another(void **state)
{
	char path[128], text[64];
	sqlite3 *other;

	(void)state;
	put(1, 100, "before");
	assert_int_equal(store_commit(store), 0);
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_null(store_fault(store));
	put(1, 100, "after");
	assert_non_null(strstr(store_fault(store), "locked"));
	assert_non_null(strstr(store_fault(store), folder));
	put(2, 100, "after");
	assert_int_equal(get(1, text, sizeof text), -1);
	add_row(1, 1, 10, "a", "ok");
	store_sweep(store, SWEEP_FLOWS, 1000, 10);
	assert_int_equal(store_commit(store), -1);
	store_close(store);
	store = must_open();
	assert_int_equal(store_try(store), -1);
	store_close(store);
	sqlite3_close(other);
	store = must_open();
	assert_int_equal(store_try(store), 0);
	get(1, text, sizeof text);
	assert_string_equal(text, "before");
	assert_int_equal(get(2, text, sizeof text), -1);
}

static void
test_nothing_to_sweep_writes_nothing(void **state)
{
	(void)state;
	put(1, 100, "x");
	put_number(1, 7, 100, 100);
	assert_int_equal(store_commit(store), 0);
	for (int what = 0; what < SWEEP__COUNT; what++)
		assert_int_equal(store_sweep(store, (enum sweep)what, 100, 10), 0);
	assert_false(store_holds(store));
	assert_int_equal(store_sweep(store, SWEEP_FLOWS, 101, 10), 1);
	assert_true(store_holds(store));
}

static bool
lies_somewhere(const char *text)
{
	char command[256];

	snprintf(command, sizeof command, "grep -qs '%s' %s/latchkey.db*", text, folder);
	return system(command) == 0;
}

/* A copy that is being made reads on from before: what was erased goes when that is over. */
static void
test_erased_while_a_copy_is_made(void **state)
{
	static const unsigned char account[ACCOUNT_SIZE] = { 7 };
	struct sealed key = { .len = 16 };
	char path[128];
	sqlite3 *other;

	(void)state;
	memcpy(key.data, "a-key-of-a-woman", key.len);
	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	store_put_person(store, account, &key);
	assert_int_equal(store_commit(store), 0);
	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN; SELECT count(*) FROM person", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_true(store_drop_person(store, account));
	assert_int_equal(store_commit(store), 0);
	store_wipe(store);
	assert_true(lies_somewhere("a-key-of-a-woman"));
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	store_wipe(store);
	assert_false(lies_somewhere("a-key-of-a-woman"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_put_and_get), TEST(test_a_crash_loses_the_batch_alone),
		TEST(test_sweeping_in_small_pieces), TEST(test_audit), TEST(test_ordered_elsewhere),
		TEST(test_persons), TEST(test_numbers),
		TEST(test_an_earlier_version_is_brought_up), TEST(test_a_later_version_is_refused),
		TEST(test_somebody_elses_database_is_refused), TEST(test_damage_is_seen_after_a_crash),
		TEST(test_damage_is_seen_in_use),
		TEST(test_locked_by_another), TEST(test_nothing_to_sweep_writes_nothing),
		TEST(test_notices), TEST(test_erased_while_a_copy_is_made),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
