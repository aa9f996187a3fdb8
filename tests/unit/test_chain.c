/* The audit's chain: whatever is done to its rows behind keeper's back is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "folder.h"
#include "keeper/audit.h"
#include "keeper/keeper.h"
#include "keeper/retain.h"
#include "keeper/seals.h"
#include "keeper/settings.h"
#include "keeper/verify.h"

static struct keeper k;
static int64_t shifted;

static void
open_keeper(void)
{
	char why[512];

	k = (struct keeper){ .store = store_open(folder, why, sizeof why) };
	if (k.store == NULL)
		fail_msg("%s", why);
	if (seals_open(&k, why, sizeof why) == -1)
		fail_msg("%s", why);
}

static void
close_keeper(void)
{
	store_close(k.store);
	secret_drop(k.chain.key);
}

static void
commit(void)
{
	assert_int_equal(store_commit(k.store), 0);
}

static int
set_up(void **state)
{
	(void)state;
	make_folder();
	settings = (struct keeper_settings){ .audit_days = 400, .audit_change_days = 2557,
	    .audit_nobody_days = 90 };
	snprintf(settings.state, sizeof settings.state, "%s", folder);
	settings.audit_key = secret_keep(sizeof *settings.audit_key);
	settings.code_key = secret_keep(sizeof *settings.code_key);
	open_keeper();
	return 0;
}

static void
shift(int64_t seconds)
{
	clock_shift(seconds);
	shifted += seconds;
}

static int
tear_down(void **state)
{
	(void)state;
	close_keeper();
	secret_drop(settings.audit_key);
	secret_drop(settings.code_key);
	clock_shift(-shifted);
	shifted = 0;
	return remove_folder();
}

/* ---- Rows -------------------------------------------------------------------------- */

static struct flow
flow_of(unsigned char person)
{
	struct flow f = { .wish = WISH_RESET };

	memset(f.account, person, sizeof f.account);
	memset(f.reference.byte, person, sizeof f.reference.byte);
	return f;
}

static struct flow
begin(unsigned char person, bool somebody, const char *name)
{
	struct flow f = flow_of(person);
	struct secret typed;

	secret_set(&typed, name, strlen(name));
	audit_who(&k, somebody ? f.account : NULL, &typed, &f.who);
	audit_add(&k, &f, "opened", somebody ? "ok" : "nobody", "192.0.2.7");
	return f;
}

/* Ten rows: five people, each of whom opens and sets a password. */
static void
write_ten(void)
{
	char name[16];

	for (unsigned char person = 1; person <= 5; person++) {
		struct flow f;

		snprintf(name, sizeof name, "person %u", person);
		f = begin(person, true, name);
		f.proved = 1U << FIELD_MOBILE | 1U << FIELD_BIRTHDATE;
		f.carried = 1U << CHANNEL_SMS;
		audit_add_change(&k, &f, "ok", "192.0.2.7");
		commit();
	}
}

static void
run_sql(const char *sql)
{
	char path[128], *why = NULL;
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}

static void
tamper(const char *sql)
{
	close_keeper();
	run_sql(sql);
	open_keeper();
}

/* Walk it by ${piece} rows at once. */
static struct msg_verified
verify(unsigned int piece)
{
	struct walk *w = walk_new(&k);
	struct msg_verified v;

	while (walk_on(w, piece))
		continue;
	v = *walk_result(w);
	walk_free(w);
	return v;
}

static void
expect(const char *about, enum fault fault, int64_t number, int64_t to)
{
	for (unsigned int piece = 1; piece <= 12; piece += piece == 1 ? 2 : 9) {
		struct msg_verified v = verify(piece);

		if (v.fault != fault || v.number != number || v.to != to)
			fail_msg("%s, by %u: %s %lld to %lld, not %s %lld to %lld", about, piece,
			    word_fault[v.fault], (long long)v.number, (long long)v.to,
			    word_fault[fault], (long long)number, (long long)to);
	}
}

static void
expect_whole(int64_t rows, int64_t gone)
{
	for (unsigned int piece = 1; piece <= 12; piece += piece == 1 ? 2 : 9) {
		struct msg_verified v = verify(piece);

		assert_string_equal(word_fault[v.fault], "none");
		assert_int_equal(v.rows, rows);
		assert_int_equal(v.gone, gone);
	}
}

static void
retain(unsigned int piece)
{
	int64_t after = 0;

	while (retain_piece(&k, &after, piece))
		continue;
	retain_nobodies(&k);
	commit();
}

/* ---- What is whole ------------------------------------------------------------------- */

static void
test_whole(void **state)
{
	(void)state;
	expect_whole(0, 0);
	write_ten();
	expect_whole(10, 0);
	close_keeper();
	open_keeper();
	expect_whole(10, 0);
	write_ten();
	expect_whole(20, 0);
	assert_int_equal(verify(5).last, 20);
}

/* Also in the middle of a batch, of which the head in the store does not know yet. */
static void
test_whole_before_the_commit(void **state)
{
	(void)state;
	write_ten();
	begin(7, true, "seven");
	expect_whole(11, 0);
	commit();
	expect_whole(11, 0);
}

static void
roll_back(void)
{
	tamper("SELECT 1");	/* closed without a commit, so the batch is gone */
}

/* A batch that is lost takes what is remembered with it; the first one has the key too. */
static void
test_forgotten(void **state)
{
	struct chain ahead;

	(void)state;
	begin(7, true, "seven");
	roll_back();
	write_ten();
	expect_whole(10, 0);
	begin(7, true, "seven");
	ahead = k.chain;
	ahead.key = NULL;
	roll_back();
	k.chain = ahead;
	assert_int_equal(chain_head(&k)->number, 11);
	chain_forget(&k);
	assert_int_equal(chain_head(&k)->number, 10);
	begin(8, true, "eight");
	commit();
	expect_whole(11, 0);
}

static void
test_rows_of_before_the_chain(void **state)
{
	struct msg_verified v;

	(void)state;
	tamper("INSERT INTO audit (number, at, what, outcome, account, flow, who, addr) VALUES "
	    "(1, 1, 'opened', 'ok', x'00', x'00', x'', ''), (2, 2, 'left', 'ok', x'00', x'00', x'', '')");
	write_ten();
	expect_whole(10, 0);
	v = verify(100);
	assert_int_equal(v.first, 3);
	assert_int_equal(v.last, 12);
}

/* Rows of before keep their key. */
static void
test_another_generation(void **state)
{
	(void)state;
	write_ten();
	chain_turn(&k);
	write_ten();
	expect_whole(20, 0);
	tamper("SELECT 1");
	expect_whole(20, 0);
	shift(401 * (int64_t)DAY);
	chain_turn(&k);
	commit();
	retain(100);
	expect_whole(10, 10);
	tamper("UPDATE audit SET generation = 1 WHERE number = 14");
	expect("another generation's", FAULT_CHANGED, 14, 14);
	tamper("DELETE FROM chain_key WHERE generation = 1");
	expect("without its key", FAULT_KEY, 2, 2);
}

static void
test_another_audit_key(void **state)
{
	char why[512];

	(void)state;
	write_ten();
	settings.audit_key->byte[0] ^= 1;
	chain_forget(&k);
	assert_int_equal(seals_open(&k, why, sizeof why), -1);
	assert_non_null(strstr(why, "keeper.audit_key"));
	settings.audit_key->byte[0] ^= 1;
	assert_int_equal(seals_open(&k, why, sizeof why), 0);
}

/* ---- What is not ---------------------------------------------------------------------- */

#define SWAP(a, b) "UPDATE audit SET number = 99 WHERE number = " #a "; UPDATE audit SET number = " \
	#a " WHERE number = " #b "; UPDATE audit SET number = " #b " WHERE number = 99"
#define COPY(from, to) "INSERT INTO audit SELECT " #to ", at, what, outcome, account, flow, who, " \
	"addr, detail, generation, mac FROM audit WHERE number = " #from
#define SHIFT(from) "UPDATE audit SET number = -number - 1 WHERE number >= " #from "; " \
	"UPDATE audit SET number = -number WHERE number < 0"

static const struct {
	const char	*sql;
	enum fault	 fault;
	int64_t		 number, to;
} tampered[] = {
	{ "UPDATE audit SET at = at + 1 WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET what = 'left' WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET outcome = 'unknown' WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET detail = detail || ' + mail' WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET account = (SELECT account FROM audit WHERE number = 9) WHERE number = 4",
	    FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET flow = x'0101010101' WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET who = x'' WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET addr = (SELECT addr FROM audit WHERE number = 3) WHERE number = 4",
	    FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET generation = 0 WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET generation = 2 WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET mac = zeroblob(32) WHERE number = 4", FAULT_CHANGED, 4, 4 },
	{ "UPDATE audit SET outcome = 'x' WHERE number = 1", FAULT_CHANGED, 1, 1 },
	{ "UPDATE audit SET outcome = 'x' WHERE number = 10", FAULT_CHANGED, 10, 10 },

	{ "DELETE FROM audit WHERE number = 1", FAULT_MISSING, 1, 1 },
	{ "DELETE FROM audit WHERE number BETWEEN 4 AND 6", FAULT_MISSING, 4, 6 },
	{ "DELETE FROM audit WHERE number = 10", FAULT_MISSING, 10, 10 },
	{ "DELETE FROM audit WHERE number > 5", FAULT_MISSING, 6, 10 },
	{ "DELETE FROM audit", FAULT_MISSING, 1, 10 },
	{ "DELETE FROM audit WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 5",
	    FAULT_CHANGED, 4, 4 },

	{ SWAP(4, 7), FAULT_MOVED, 4, 7 },
	{ SWAP(4, 5), FAULT_MOVED, 4, 5 },
	{ SWAP(1, 10), FAULT_MOVED, 1, 10 },
	{ "UPDATE audit SET number = 20 WHERE number = 4", FAULT_MOVED, 4, 20 },

	{ COPY(4, 11), FAULT_CHANGED, 11, 11 },
	{ COPY(4, 50), FAULT_MISSING, 11, 49 },
	{ SHIFT(4) "; " COPY(9, 4), FAULT_MOVED, 4, 5 },

	{ "UPDATE chain_head SET exported = 7", FAULT_NONE, 0, 0 },
	{ "UPDATE chain_key SET key = zeroblob(60) WHERE generation = 9", FAULT_NONE, 0, 0 },
	{ "INSERT INTO chain_stone VALUES (4, 6, 1, zeroblob(32), zeroblob(32), zeroblob(32));"
	    "DELETE FROM audit WHERE number BETWEEN 4 AND 6", FAULT_STONE, 4, 6 },
	/* What says which is the last: one that is gone or changed leaves a row out for ever. */
	{ "DELETE FROM chain_head", FAULT_MISSING, 11, 11 },
	{ "UPDATE chain_head SET number = 9", FAULT_MISSING, 11, 11 },
	{ "UPDATE chain_head SET first = 3", FAULT_MISSING, 11, 11 },
	{ "DELETE FROM chain_head; DELETE FROM audit WHERE number > 5", FAULT_MISSING, 6, 6 },
};

static void
test_tampered(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tampered / sizeof tampered[0]; i++) {
		write_ten();
		tamper(tampered[i].sql);
		expect(tampered[i].sql, tampered[i].fault, tampered[i].number, tampered[i].to);
		/* What is written afterwards covers nothing up, also after another start. */
		begin(9, true, "nine");
		commit();
		tamper("SELECT 1");
		if (tampered[i].fault == FAULT_NONE)
			expect_whole(11, 0);
		else
			assert_int_not_equal(verify(100).fault, FAULT_NONE);
		tear_down(NULL);
		set_up(NULL);
	}
}

/* A keeper that runs remembers how far it came: also what it sealed before does not fool it. */
static void
test_tampered_while_it_runs(void **state)
{
	(void)state;
	write_ten();
	tamper("CREATE TABLE kept AS SELECT * FROM chain_head");
	write_ten();
	run_sql(COPY(4, 21));
	expect("one more", FAULT_ADDED, 21, 21);
	run_sql("UPDATE audit SET number = 50 WHERE number = 21");
	expect("one more, far away", FAULT_ADDED, 50, 50);
	run_sql("DELETE FROM audit WHERE number = 50; REPLACE INTO chain_head SELECT * FROM kept");
	expect("an older head", FAULT_HEAD, 20, 20);
	run_sql("DELETE FROM audit WHERE number > 10");
	expect("with its rows", FAULT_MISSING, 11, 20);
	/* After a start nothing inside tells of it: the exported rows do. */
	tamper("SELECT 1");
	expect_whole(10, 0);
}

/* ---- What is no longer kept ----------------------------------------------------------------- */

static void
test_pruned(void **state)
{
	(void)state;
	for (unsigned int piece = 1; piece <= 11; piece += 5) {
		write_ten();
		shift(401 * (int64_t)DAY);
		write_ten();
		retain(piece);
		/* The openings of the first ten: odd numbers. */
		expect_whole(15, 5);
		retain(piece);
		expect_whole(15, 5);
		tamper("SELECT 1");
		shift((2557 - 401 + 1) * (int64_t)DAY);
		retain(piece);
		/* Of the first ten nothing is left, and of the others their openings. */
		expect_whole(5, 15);
		shift(402 * (int64_t)DAY);
		retain(piece);
		expect_whole(0, 20);
		write_ten();
		expect_whole(10, 20);
		tear_down(NULL);
		set_up(NULL);
	}
}

/* Rows of a time that is yet to come stay; those behind them go when they are old. */
static void
test_pruned_behind_a_clock_that_was_ahead(void **state)
{
	(void)state;
	shift(4000 * (int64_t)DAY);
	write_ten();
	shift(-4000 * (int64_t)DAY);
	write_ten();
	shift(401 * (int64_t)DAY);
	retain(3);
	expect_whole(15, 5);
}

static void
test_pruned_and_tampered(void **state)
{
	static const struct {
		const char	*sql;
		enum fault	 fault;
		int64_t		 number, to;
	} table[] = {
		{ "DELETE FROM chain_stone WHERE first = 3", FAULT_MISSING, 3, 3 },
		{ "UPDATE chain_stone SET last = 4 WHERE first = 3; DELETE FROM audit WHERE number = 4",
		    FAULT_STONE, 3, 4 },
		{ "UPDATE chain_stone SET mac = before WHERE first = 3", FAULT_STONE, 3, 3 },
		{ COPY(2, 3), FAULT_CHANGED, 3, 3 },
		{ "DELETE FROM audit WHERE number = 4", FAULT_MISSING, 4, 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		write_ten();
		shift(401 * (int64_t)DAY);
		retain(100);
		expect_whole(5, 5);
		tamper(table[i].sql);
		expect(table[i].sql, table[i].fault, table[i].number, table[i].to);
		tear_down(NULL);
		set_up(NULL);
	}
}

/* What is not as it was written is no longer removed: a stone would vouch for it. */
static void
test_what_was_changed_is_kept(void **state)
{
	(void)state;
	write_ten();
	tamper("UPDATE audit SET outcome = 'nobody' WHERE number = 5");
	shift(401 * (int64_t)DAY);
	retain(100);
	expect("changed, then old", FAULT_CHANGED, 5, 5);
}

/* ---- Who it was --------------------------------------------------------------------------- */

struct told {
	int64_t	number;
	char	text[NAME_LONGEST + ADDR_LONGEST + 2];
};

static void
take_row(void *ctx, const struct audit_row *row)
{
	struct told *t = ctx;
	struct msg_audit_row r;

	audit_read(&k, row, &r);
	if (r.number == t->number)
		snprintf(t->text, sizeof t->text, "%s %s", r.who, r.addr);
}

/* "person 1 192.0.2.7" */
static const char *
told(int64_t number)
{
	static struct told t;
	struct msg_audit ask = { .most = 100 };

	t = (struct told){ .number = number };
	store_list_audit(k.store, &ask, NULL, take_row, &t);
	return t.text;
}

static void
test_erased(void **state)
{
	struct flow f = flow_of(2), mid;

	(void)state;
	write_ten();
	mid = begin(2, true, "person 2");
	assert_string_equal(told(4), "person 2 192.0.2.7");
	assert_true(audit_erase(&k, f.account));
	assert_false(audit_erase(&k, f.account));
	commit();
	assert_string_equal(told(3), " ");
	assert_string_equal(told(4), " ");
	assert_string_equal(told(1), "person 1 192.0.2.7");
	/* Who is on the way meanwhile goes on, and is nobody. */
	audit_add(&k, &mid, "left", "ok", "192.0.2.8");
	assert_string_equal(told(13), " ");
	/* Who comes again is somebody again, from then on. */
	begin(2, true, "person 2");
	commit();
	assert_string_equal(told(14), "person 2 192.0.2.7");
	assert_string_equal(told(4), " ");
	expect_whole(14, 0);
}

static void
test_names_that_nobody_has(void **state)
{
	struct flow f;

	(void)state;
	f = begin(1, false, "wachtwoord");
	assert_string_equal(told(1), "wachtwoord 192.0.2.7");
	/* A way may begin in one month and end in the next. */
	shift(27 * (int64_t)DAY);
	audit_add(&k, &f, "left", "ok", "192.0.2.8");
	assert_string_equal(told(2), "wachtwoord 192.0.2.8");
	shift(62 * (int64_t)DAY);
	retain(100);
	assert_string_equal(told(1), "wachtwoord 192.0.2.7");
	shift(60 * (int64_t)DAY);
	retain(100);
	assert_string_equal(told(1), " ");
	expect_whole(2, 0);
}

/* With somebody's last row goes the key. */
static void
test_the_key_goes_with_the_last_row(void **state)
{
	struct sealed key;
	struct flow f = flow_of(1);

	(void)state;
	begin(1, true, "only looked");
	write_ten();
	assert_true(store_get_person(k.store, f.account, &key));
	settings.audit_change_days = 1;
	settings.audit_days = 1;
	shift(2 * DAY);
	retain(3);
	assert_false(store_get_person(k.store, f.account, &key));
	expect_whole(0, 11);
}

static void
note_detail(void *ctx, const struct audit_row *row)
{
	snprintf(ctx, 64, "%s", row->detail);
}

static void
test_by_which_proof(void **state)
{
	struct msg_audit ask = { .most = 100, .what = "reset" };
	struct flow f = flow_of(1);
	char detail[64];

	(void)state;
	write_ten();
	store_list_audit(k.store, &ask, NULL, note_detail, detail);
	assert_string_equal(detail, "mobile birthdate + sms");
	f.proved = 1U << FIELD_MOBILE;
	f.carried = 1U << CHANNEL_SMS | 1U << CHANNEL_VOICE;
	audit_add_change(&k, &f, "unknown", "");
	store_list_audit(k.store, &ask, NULL, note_detail, detail);
	assert_string_equal(detail, "mobile + sms/voice");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_whole), TEST(test_whole_before_the_commit), TEST(test_forgotten),
		TEST(test_rows_of_before_the_chain), TEST(test_another_generation),
		TEST(test_another_audit_key),
		TEST(test_tampered), TEST(test_tampered_while_it_runs), TEST(test_pruned), TEST(test_pruned_behind_a_clock_that_was_ahead),
		TEST(test_pruned_and_tampered), TEST(test_what_was_changed_is_kept),
		TEST(test_erased), TEST(test_names_that_nobody_has),
		TEST(test_the_key_goes_with_the_last_row), TEST(test_by_which_proof),
	};

	return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
