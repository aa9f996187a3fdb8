/*
 * The recover journey against the real keeper, in a process of its own.  This test
 * is its three peers: it asks as portal, answers as registrar, and receives as
 * courier, over the real sockets.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "keeper/code.h"
#include "keeper/desk.h"
#include "keeper/price.h"
#include "keeper/settings.h"
#include "wire/call.h"
#include "folder.h"
#include "solve.h"
#include "wire/house.h"

static pid_t keeper;
static int portal = -1, registrar = -1, courier = -1;
static uint32_t last_id;
static struct secret sent_code;
static unsigned int second;		/* what FIND's reply says of the person's policy */
static bool has_mail;			/* the directory has an address of theirs */

/* ---- The keeper and its peers ---------------------------------------------------- */

static void
start_keeper(void)
{
	fflush(NULL);
	if ((keeper = fork()) == 0)
		_exit(desk_run());
	assert_int_not_equal(keeper, -1);
}

static int
dial(enum role role)
{
	int fd = -1;

	for (int i = 0; i < 500 && (fd = call_connect(role)) == -1; i++)
		poll(NULL, 0, 10);
	assert_int_not_equal(fd, -1);
	assert_int_equal(call_hello(fd, role), 0);
	return fd;
}

static void
receive(int fd, enum role self, struct msg *m)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	memset(m, 0, sizeof *m);
	assert_int_equal(poll(&p, 1, 10000), 1);
	assert_int_equal(call_receive(fd, ROLE_KEEPER, self, m), 1);
}

static bool
silent(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 150) == 0;
}

static void
answer_probe(void)
{
	struct msg m;

	receive(registrar, ROLE_REGISTRAR, &m);
	assert_int_equal(m.type, MSG_PROBE);
	m.type = MSG_PROBED;
	m.u.verdict = VERDICT_OK;
	assert_int_equal(call_send(registrar, ROLE_REGISTRAR, &m), 0);
}

static void
dial_all(void)
{
	courier = dial(ROLE_COURIER);
	portal = dial(ROLE_PORTAL);
	registrar = dial(ROLE_REGISTRAR);
	answer_probe();
}

static void
hang_up(void)
{
	close(portal);
	close(registrar);
	close(courier);
}

static void
kill_keeper(int sig)
{
	int status;

	kill(keeper, sig);
	assert_int_equal(waitpid(keeper, &status, 0), keeper);
	if (sig == SIGTERM)
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int send_wait = 60, code_life = 600, slot = 10;
static enum price_when price = PRICE_NEVER;
static int patience = 300;		/* longer than any test, on however slow a machine */

static int
set_up(void **state)
{
	(void)state;
	make_folder();
	snprintf(house.runtime, sizeof house.runtime, "%s", folder);
	snprintf(house.country, sizeof house.country, "31");
	house.n_proofs = 2;
	house.proofs[0] = (struct proof){ .field = 0, .kind = 0 };
	house.proofs[1] = (struct proof){ .field = 1, .kind = 1 };
	settings = (struct keeper_settings){ .wishes = 3, .slot_ms = slot, .code_life = code_life,
	    .code_tries = 5, .sends = 3, .send_wait = send_wait, .step_life = 600, .request_life = 12,
	    .codes = 1U << CHANNEL_SMS,
	    .limits = { 99, 99, .name_day = 99, .account_hour = 99, .account_day = 99,
		.account_from_hour = 99, .number_hour = 99, .number_day = 99, .country_hour = 99,
		.country_day = 99, .messages_hour = 99, .messages_day = 99, .resets_day = 99,
		.unlocks_day = 99, .wrong_codes_hour = 99 },
	    .price = (int)price, .price_wait = patience };
	snprintf(settings.state, sizeof settings.state, "%s", folder);
	/* Zeroes, here and in the keeper that is forked. */
	settings.code_key = secret_keep(sizeof *settings.code_key);
	settings.audit_key = secret_keep(sizeof *settings.audit_key);
	start_keeper();
	dial_all();
	return 0;
}

static int
set_up_hurry(void **state)
{
	int r;

	send_wait = 0;
	r = set_up(state);
	send_wait = 60;
	return r;
}

/* Slots so long that what comes in the middle between two comes surely not with an answer. */
static int
set_up_slow(void **state)
{
	int r;

	send_wait = 0;
	slot = 400;
	r = set_up(state);
	send_wait = 60;
	slot = 10;
	return r;
}

static int
set_up_price(void **state)
{
	int r;

	price = PRICE_ALWAYS;
	r = set_up(state);
	price = PRICE_NEVER;
	return r;
}

/* Where to wait is to look again. */
static int
set_up_no_wait(void **state)
{
	int r;

	patience = 0;
	r = set_up_price(state);
	patience = 300;
	return r;
}

static int
tear_down(void **state)
{
	(void)state;
	hang_up();
	kill_keeper(SIGTERM);
	return remove_folder();
}

/* ---- Asking as portal --------------------------------------------------------------- */

static void
say(struct msg *m)
{
	m->id = ++last_id;
	assert_int_equal(call_send(portal, ROLE_PORTAL, m), 0);
}

static void
hear(struct msg_step *s)
{
	struct msg m;

	receive(portal, ROLE_PORTAL, &m);
	assert_int_equal(m.type, MSG_STEP);
	*s = m.u.step;
}

static void
open_flow(enum wish wish, struct msg_step *s)
{
	struct msg m = { .type = MSG_OPEN };

	m.u.open.wish = wish;
	strcpy(m.u.open.lang, "nl");
	say(&m);
	hear(s);
	assert_false(s->refused);
	assert_int_equal(s->step, STEP_NAME);
	assert_int_equal(s->seq, 1);
}

static void
add(struct msg *m, enum field name, const char *value)
{
	unsigned int i = m->u.answer.n_fields++;

	m->u.answer.fields[i].name = name;
	secret_set(&m->u.answer.fields[i].value, value, strlen(value));
}

static struct msg
answer_to(const struct msg_step *s)
{
	struct msg m = { .type = MSG_ANSWER };

	memcpy(m.u.answer.flow, s->flow, sizeof m.u.answer.flow);
	m.u.answer.seq = s->seq;
	m.u.answer.step = s->step;
	strcpy(m.u.answer.addr, "192.0.2.7");
	return m;
}

static void
answer(const struct msg_step *s, enum field f1, const char *v1, enum field f2, const char *v2)
{
	struct msg m = answer_to(s);

	add(&m, f1, v1);
	if (v2 != NULL)
		add(&m, f2, v2);
	say(&m);
}

static void
ask_flow(enum msg_type type, const char *flow, struct msg_step *s)
{
	struct msg m = { .type = type };

	snprintf(m.u.flow.flow, sizeof m.u.flow.flow, "%s", flow);
	say(&m);
	if (s != NULL)
		hear(s);
}

/* ---- Answering as registrar, receiving as courier -------------------------------------- */

static void
expect(enum msg_type type, struct msg *m)
{
	do {
		receive(registrar, ROLE_REGISTRAR, m);
		if (m->type == MSG_PROBE) {
			m->type = MSG_PROBED;
			m->u.verdict = VERDICT_OK;
			assert_int_equal(call_send(registrar, ROLE_REGISTRAR, m), 0);
			m->type = MSG_PROBE;
		}
	} while (m->type == MSG_PROBE && type != MSG_PROBE);
	assert_string_equal(msg_name(m->type), msg_name(type));
}

static void
reply(const struct msg *asked, enum msg_type type, struct msg *m)
{
	m->type = type;
	m->id = asked->id;
	assert_int_equal(call_send(registrar, ROLE_REGISTRAR, m), 0);
}

static void
serve_find(enum verdict verdict)
{
	struct msg asked, m = { 0 };

	expect(MSG_FIND, &asked);
	m.u.found.verdict = verdict;
	memset(m.u.found.account, 7, ACCOUNT_SIZE);
	m.u.found.ticket.len = verdict == VERDICT_OK ? 100 : 0;
	m.u.found.second = second;
	strcpy(m.u.found.policy, second != 0 ? "finance" : "");
	reply(&asked, MSG_FOUND, &m);
}

static void
serve_match(enum verdict verdict)
{
	struct msg asked, m = { 0 };

	expect(MSG_MATCH, &asked);
	assert_int_equal(asked.u.match.n_values, 2);
	m.u.matched.verdict = verdict;
	m.u.matched.ticket.len = verdict == VERDICT_OK ? 120 : 0;
	reply(&asked, MSG_MATCHED, &m);
}

static void
serve_ways(void)
{
	struct msg asked, m = { 0 };

	expect(MSG_WAYS, &asked);
	assert_int_equal(asked.u.ticket.ticket.len, 120);
	m.u.ways.n_ways = 1;
	strcpy(m.u.ways.ways[0].address, "+31612345678");
	m.u.ways.ways[0].matched = true;
	if (has_mail) {
		m.u.ways.n_ways = 2;
		m.u.ways.ways[1].channel = CHANNEL_MAIL;
		strcpy(m.u.ways.ways[1].address, "a.jansen@example.nl");
	}
	reply(&asked, MSG_WAYS_ARE, &m);
}

static void
receive_code_at(const char *address)
{
	struct msg m;

	receive(courier, ROLE_COURIER, &m);
	assert_int_equal(m.type, MSG_SEND);
	assert_string_equal(m.u.send.address, address);
	assert_string_equal(m.u.send.lang, "nl");
	secret_copy(&sent_code, &m.u.send.code);
	m.type = MSG_SENT;
	memset(&m.u, 0, sizeof m.u);
	assert_int_equal(call_send(courier, ROLE_COURIER, &m), 0);
}

static void
receive_code(void)
{
	receive_code_at("+31612345678");
}

static void
serve_length_and(enum rule rule, uint32_t number)
{
	struct msg asked, m = { 0 };

	expect(MSG_RULES, &asked);
	m.u.rules.n_rules = 2;
	m.u.rules.rules[0].rule = RULE_LENGTH;
	m.u.rules.rules[0].number = 8;
	m.u.rules.rules[1].rule = rule;
	m.u.rules.rules[1].number = number;
	reply(&asked, MSG_RULES_ARE, &m);
}

static void
serve_rules(void)
{
	serve_length_and(RULE_HISTORY, 3);
}

/* A directory that would refuse any password for another hour. */
static void
serve_rules_too_young(void)
{
	serve_length_and(RULE_AGE, 3600);
}

static void
serve_verdict(enum msg_type question, enum msg_type type, enum verdict verdict, unsigned int rule)
{
	struct msg asked, m = { 0 };

	expect(question, &asked);
	if (type == MSG_JUDGED) {
		m.u.judged.verdict = verdict;
		strcpy(m.u.judged.mark, "before");
		m.u.judged.broken = verdict == VERDICT_RULE ? 1U << rule : 0;
	} else {
		m.u.done.verdict = verdict;
		m.u.done.rule = (enum rule)rule;
	}
	reply(&asked, type, &m);
}

static void
serve_state(bool set)
{
	struct msg asked, m = { 0 };

	expect(MSG_STATE, &asked);
	assert_string_equal(asked.u.state_of.mark, "before");
	m.u.state.set = set;
	reply(&asked, MSG_STATE_IS, &m);
}

/* ---- Whole stretches ------------------------------------------------------------------------ */

static void
walk_to_code(enum wish wish, enum verdict found, enum verdict matched, struct msg_step *s)
{
	open_flow(wish, s);
	answer(s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(found);
	hear(s);
	assert_int_equal(s->step, STEP_PROOF);
	assert_int_equal(s->reason, REASON_NONE);
	answer(s, FIELD_MOBILE, "06-12345678", FIELD_BIRTHDATE, "1-10-1984");
	serve_match(matched);
	if (matched == VERDICT_OK) {
		serve_ways();
		receive_code();
	}
	hear(s);
	assert_int_equal(s->step, STEP_CODE);
	assert_string_equal(s->choices[0].hint, "78");
	assert_int_equal(s->left, 5);
}

static void
walk_to_password(struct msg_step *s)
{
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, s);
	answer(s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(s);
	assert_int_equal(s->step, STEP_PASSWORD);
	assert_int_equal(s->n_rules, 2);
}

static void
test_reset(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_password(&s);
	answer(&s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	serve_verdict(MSG_SET, MSG_DONE, VERDICT_OK, 0);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
	assert_int_equal(s.place, s.places);
}

static void
test_unlock_asks_no_password(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_code(WISH_UNLOCK, VERDICT_OK, VERDICT_OK, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_verdict(MSG_UNLOCK, MSG_DONE, VERDICT_OK, 0);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_UNLOCKED);
}

static void
test_wish_is_asked_when_not_said(void **state)
{
	struct msg_step s;

	(void)state;
	open_flow(WISH_NONE, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(VERDICT_OK);
	hear(&s);
	assert_int_equal(s.step, STEP_WISH);
	assert_int_equal(s.n_choices, 2);
	answer(&s, FIELD_WISH, "none", 0, NULL);
	hear(&s);
	assert_int_equal(s.reason, REASON_BAD_VALUE);
	answer(&s, FIELD_WISH, "unlock", 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
	assert_int_equal(s.wish, WISH_UNLOCK);
}

/* Every nobody sees the same steps as a somebody; no code is sent, and none fits. */
static void
test_decoys(void **state)
{
	static const struct { enum verdict found, matched; } decoys[] = {
		{ VERDICT_NOBODY, VERDICT_TICKET }, { VERDICT_DISABLED, VERDICT_TICKET },
		{ VERDICT_PROTECTED, VERDICT_TICKET }, { VERDICT_OK, VERDICT_NO_MATCH },
		{ VERDICT_OK, VERDICT_NO_PROOF },
	};
	struct msg_step known, s, same;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &known);
	for (size_t i = 0; i < sizeof decoys / sizeof decoys[0]; i++) {
		walk_to_code(WISH_RESET, decoys[i].found, decoys[i].matched, &s);
		same = s;
		memcpy(same.flow, known.flow, sizeof same.flow);
		assert_memory_not_equal(&same.reference, &known.reference, sizeof same.reference);
		same.reference = known.reference;
		assert_memory_equal(&same, &known, sizeof same);
		assert_true(silent(courier));
	}
	/* Not even the code that would have been sent, had there been anybody. */
	for (unsigned int left = 4; left > 0; left--) {
		struct handle h;
		struct secret code;

		code_handle(s.flow, &h);
		code_make(settings.code_key, &h, &code);
		answer(&s, FIELD_CODE, code.text, 0, NULL);
		hear(&s);
		assert_int_equal(s.reason, REASON_WRONG_CODE);
	}
}

static void
test_five_wrong_codes(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	for (unsigned int left = 4; left > 0; left--) {
		answer(&s, FIELD_CODE, "00000000", 0, NULL);
		hear(&s);
		assert_int_equal(s.reason, REASON_WRONG_CODE);
		assert_int_equal(s.left, left);
		/* A code that can't be one is told so, and costs nothing. */
		answer(&s, FIELD_CODE, "12 34", 0, NULL);
		hear(&s);
		assert_int_equal(s.reason, REASON_BAD_VALUE);
		assert_int_equal(s.left, left);
	}
	answer(&s, FIELD_CODE, "00000000", 0, NULL);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_STOPPED);
	assert_int_equal(s.reason, REASON_TOO_MANY);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_STOPPED);
}

/* Back, reload, a doubled submit, a lost reply: never a try, never a message. */
static void
test_same_seq_again(void **state)
{
	struct msg_step code, first, again;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &code);
	answer(&code, FIELD_CODE, "00000000", 0, NULL);
	hear(&first);
	for (int i = 0; i < 20; i++) {
		answer(&code, FIELD_CODE, "11111111", 0, NULL);
		hear(&again);
		assert_int_equal(again.left, 4);
		assert_int_equal(again.seq, first.seq);
		ask_flow(MSG_SHOW, code.flow, &again);
		assert_int_equal(again.left, 4);
	}
	assert_true(silent(courier));
}

static void
test_right_code_twice(void **state)
{
	struct msg_step code, one, two;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &code);
	answer(&code, FIELD_CODE, sent_code.text, 0, NULL);
	answer(&code, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&one);
	hear(&two);
	assert_int_equal(one.step, STEP_PASSWORD);
	assert_memory_equal(&one, &two, sizeof one);
	assert_string_not_equal(one.flow, code.flow);
	/* The old name is of no use to who did not have the code, and guessing has an end. */
	ask_flow(MSG_SHOW, code.flow, &two);
	assert_int_equal(two.reason, REASON_UNKNOWN_FLOW);
	for (int i = 0; i < 6; i++) {
		answer(&code, FIELD_CODE, "00000000", 0, NULL);
		hear(&two);
		assert_int_equal(two.reason, REASON_UNKNOWN_FLOW);
	}
	answer(&code, FIELD_CODE, sent_code.text, 0, NULL);
	hear(&two);
	assert_int_equal(two.reason, REASON_UNKNOWN_FLOW);
}

/* Sending again sends the same code, so often and no oftener; to nobody it sends nothing. */
static void
test_again(void **state)
{
	struct msg_step s, again;
	struct secret first;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	secret_copy(&first, &sent_code);
	for (int sends = 2; sends <= 3; sends++) {
		struct msg m = { .type = MSG_AGAIN };

		memcpy(m.u.flow.flow, s.flow, sizeof m.u.flow.flow);
		say(&m);
		serve_ways();
		receive_code();
		hear(&again);
		assert_int_equal(again.reason, REASON_NONE);
		assert_int_equal(again.seq, s.seq);
		assert_true(secret_equal(&first, &sent_code));
	}
	ask_flow(MSG_AGAIN, s.flow, &again);
	assert_int_equal(again.reason, REASON_TOO_MANY);
	assert_true(silent(courier));
	walk_to_code(WISH_RESET, VERDICT_NOBODY, VERDICT_TICKET, &s);
	ask_flow(MSG_AGAIN, s.flow, &again);
	assert_int_equal(again.reason, REASON_NONE);
	assert_true(silent(courier));
}

static void
assert_nothing_is_asked(void)
{
	struct pollfd p = { .fd = registrar, .events = POLLIN };

	while (poll(&p, 1, 150) == 1)
		answer_probe();
}

/* Whatever is asked behind an answer is asked after it, be the person fast or slow. */
static void
test_answer_comes_first(void **state)
{
	struct msg asked, m = { 0 };
	struct msg_step s;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	hear(&s);
	assert_nothing_is_asked();
	expect(MSG_FIND, &asked);
	/* The proofs come before it is found who that is. */
	answer(&s, FIELD_MOBILE, "0612345678", FIELD_BIRTHDATE, "1-10-1984");
	assert_nothing_is_asked();
	m.u.found.ticket.len = 100;
	reply(&asked, MSG_FOUND, &m);
	hear(&s);
	assert_int_equal(s.step, STEP_CODE);
	assert_nothing_is_asked();
	serve_match(VERDICT_OK);
	serve_ways();
	receive_code();
	ask_flow(MSG_AGAIN, s.flow, &s);
	assert_int_equal(s.reason, REASON_NONE);
	assert_nothing_is_asked();
	serve_ways();
	receive_code();
	/* Before it is even asked who that is. */
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	hear(&s);
	answer(&s, FIELD_MOBILE, "0612345678", FIELD_BIRTHDATE, "1-10-1984");
	hear(&s);
	assert_nothing_is_asked();
	serve_find(VERDICT_OK);
	serve_match(VERDICT_OK);
	serve_ways();
	receive_code();
}

/* Who leaves, or gives the right code, while something is about to be asked: it is not. */
static void
test_nothing_to_ask_any_more(void **state)
{
	struct msg_step s;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	hear(&s);
	ask_flow(MSG_LEAVE, s.flow, &s);
	assert_int_equal(s.outcome, OUTCOME_LEFT);
	poll(NULL, 0, 1000);
	assert_nothing_is_asked();
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	ask_flow(MSG_AGAIN, s.flow, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
	poll(NULL, 0, 1000);
	assert_nothing_is_asked();
}

static void
test_again_too_soon(void **state)
{
	struct msg_step s, again;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	assert_int_equal(s.wait, 60);
	ask_flow(MSG_AGAIN, s.flow, &again);
	assert_int_equal(again.reason, REASON_TOO_SOON);
	assert_true(silent(courier));
}

static void
test_leaving(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	ask_flow(MSG_LEAVE, s.flow, &s);
	assert_int_equal(s.outcome, OUTCOME_LEFT);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_LEFT);
}

static void
test_wrong_questions(void **state)
{
	struct msg_step s, r;
	struct msg m;

	(void)state;
	ask_flow(MSG_SHOW, "nosuchflow", &r);
	assert_true(r.refused && r.reason == REASON_UNKNOWN_FLOW);
	ask_flow(MSG_SHOW, "", &r);
	assert_true(r.refused && r.reason == REASON_UNKNOWN_FLOW);
	open_flow(WISH_RESET, &s);
	m = answer_to(&s);
	m.u.answer.seq = 2;
	add(&m, FIELD_USERNAME, "x");
	say(&m);
	hear(&r);
	assert_true(r.refused && r.reason == REASON_WRONG_SEQ);
	m = answer_to(&s);
	m.u.answer.step = STEP_PASSWORD;
	add(&m, FIELD_PASSWORD, "x");
	say(&m);
	hear(&r);
	assert_true(r.refused && r.reason == REASON_WRONG_STEP);
	answer(&s, FIELD_PASSWORD, "x", 0, NULL);
	hear(&r);
	assert_true(r.refused && r.reason == REASON_BAD_REQUEST);
	answer(&s, FIELD_USERNAME, "x", FIELD_USERNAME, "y");
	hear(&r);
	assert_true(r.refused && r.reason == REASON_BAD_REQUEST);
	answer(&s, FIELD_USERNAME, "", 0, NULL);
	hear(&s);
	assert_true(!s.refused && s.reason == REASON_EMPTY && s.at == FIELD_USERNAME);
	answer(&s, FIELD_USERNAME, "a\nb", 0, NULL);
	hear(&s);
	assert_int_equal(s.reason, REASON_BAD_VALUE);
	assert_true(silent(registrar));
}

static void
test_proof_that_cannot_be_read(void **state)
{
	struct msg_step s;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(VERDICT_NOBODY);
	hear(&s);
	answer(&s, FIELD_MOBILE, "06-12345678", FIELD_BIRTHDATE, "31-2-1984");
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
	assert_int_equal(s.reason, REASON_BAD_VALUE);
	assert_int_equal(s.at, FIELD_BIRTHDATE);
	answer(&s, FIELD_MOBILE, "mijn nummer", FIELD_BIRTHDATE, "1-2-1984");
	hear(&s);
	assert_int_equal(s.at, FIELD_MOBILE);
}

static void
test_refused_password_may_be_tried_again(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_password(&s);
	answer(&s, FIELD_PASSWORD, "een", FIELD_PASSWORD_AGAIN, "twee");
	serve_rules();
	hear(&s);
	assert_int_equal(s.reason, REASON_NOT_SAME);
	answer(&s, FIELD_PASSWORD, "kort", FIELD_PASSWORD_AGAIN, "kort");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_RULE, RULE_LENGTH);
	serve_rules();
	hear(&s);
	assert_int_equal(s.reason, REASON_RULE_LENGTH);
	assert_int_equal(s.rules[0].met, MET_NO);
	answer(&s, FIELD_PASSWORD, "Oud.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Oud.Wachtwoord1");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	serve_verdict(MSG_SET, MSG_DONE, VERDICT_RULE, RULE_HISTORY);
	serve_rules();
	hear(&s);
	assert_int_equal(s.reason, REASON_RULE_HISTORY);
	assert_int_equal(s.step, STEP_PASSWORD);
	answer(&s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	serve_verdict(MSG_SET, MSG_DONE, VERDICT_OK, 0);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

/* Nothing is typed for nothing; whoever answers all the same is told why it is refused. */
static void
test_password_that_is_too_young(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_password(&s);
	ask_flow(MSG_SHOW, s.flow, NULL);
	serve_rules_too_young();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
	assert_int_equal(s.reason, REASON_RULE_AGE);
	assert_int_equal(s.wait, 3600);
	assert_int_equal(s.n_fields, 0);
	assert_int_equal(s.rules[0].met, MET_OPEN);
	assert_int_equal(s.rules[1].met, MET_NO);
	answer(&s, FIELD_PASSWORD, "kort", FIELD_PASSWORD_AGAIN, "kort");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_RULE, RULE_LENGTH);
	serve_rules_too_young();
	hear(&s);
	assert_int_equal(s.reason, REASON_RULE_AGE);
	/* When the time is over it is a page like any other. */
	ask_flow(MSG_SHOW, s.flow, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.reason, REASON_RULE_LENGTH);
	assert_int_equal(s.n_fields, 2);
	assert_int_equal(s.wait, 0);
}

/* ---- Crashes ------------------------------------------------------------------------------------ */

static void
restart_keeper(void)
{
	hang_up();
	kill_keeper(SIGKILL);
	start_keeper();
	dial_all();
}

static void
test_keeper_killed_between_code_and_password(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	restart_keeper();
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
	restart_keeper();
	answer(&s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	serve_verdict(MSG_SET, MSG_DONE, VERDICT_OK, 0);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

/* What was being looked up is not stored, so the person is asked again, whoever it is. */
static void
test_keeper_killed_behind_the_answer(void **state)
{
	struct msg_step s;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	hear(&s);
	restart_keeper();
	ask_flow(MSG_SHOW, s.flow, &s);
	assert_int_equal(s.step, STEP_NAME);
	assert_int_equal(s.reason, REASON_TRY_AGAIN);
}

static void
set_then(void (*crash)(void), const bool *set, struct msg_step *s)
{
	struct msg asked;

	walk_to_password(s);
	answer(s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	expect(MSG_SET, &asked);
	crash();
	if (set != NULL)
		serve_state(*set);
}

static void
lose_registrar(void)
{
	close(registrar);
	registrar = dial(ROLE_REGISTRAR);
}

static void
test_registrar_lost_at_set_and_done(void **state)
{
	struct msg_step s;

	(void)state;
	set_then(lose_registrar, &(bool){ true }, &s);
	do {
		hear(&s);
		if (s.step == STEP_SETTING)
			ask_flow(MSG_SHOW, s.flow, &s);
	} while (s.step == STEP_SETTING);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

static void
test_registrar_lost_at_set_and_not_done(void **state)
{
	struct msg_step s;

	(void)state;
	set_then(lose_registrar, &(bool){ false }, &s);
	hear(&s);
	assert_int_equal(s.step, STEP_SETTING);
	assert_int_equal(s.wait, 1);
	ask_flow(MSG_SHOW, s.flow, &s);	/* still looking */
	assert_int_equal(s.step, STEP_SETTING);
}

static void
test_keeper_killed_at_set(void **state)
{
	struct msg_step s;
	struct msg m = { .type = MSG_SHOW };

	(void)state;
	set_then(restart_keeper, NULL, &s);
	memcpy(m.u.flow.flow, s.flow, sizeof m.u.flow.flow);
	say(&m);
	serve_state(true);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

/* What became of it is found out, written down and told by notice, whether she comes back or not. */
static void
test_keeper_killed_at_set_and_nobody_looks(void **state)
{
	struct msg_step s;

	(void)state;
	set_then(restart_keeper, NULL, &s);
	serve_state(true);
	ask_flow(MSG_SHOW, s.flow, &s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

/* The server that judged is away when it comes to writing: another one judges, and sets. */
static void
test_judged_again_elsewhere(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_password(&s);
	answer(&s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	for (int i = 0; i < 2; i++) {
		serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
		serve_verdict(MSG_SET, MSG_DONE, i == 0 ? VERDICT_UNAVAILABLE : VERDICT_OK, 0);
	}
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_RESET);
}

/* ---- The price ---------------------------------------------------------------------------- */

static void
walk_to_price(enum wish wish, enum verdict found, struct msg_step *s)
{
	open_flow(wish, s);
	answer(s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(found);
	hear(s);
	assert_int_equal(s->step, STEP_PRICE);
	assert_int_equal(s->place, 1);
	assert_int_equal(s->wait, patience);
	assert_int_equal(s->n_fields, 1);
	assert_int_equal(s->fields[0].longest, s->work.puzzles * NONCE_DIGITS);
}

static void
test_price_by_work(void **state)
{
	struct msg_step first, other, s;
	struct secret solution;

	(void)state;
	walk_to_price(WISH_NONE, VERDICT_OK, &first);
	walk_to_price(WISH_NONE, VERDICT_OK, &other);
	assert_string_not_equal(first.work.challenge, other.work.challenge);
	solve(&first.work, &solution);
	/* Of another flow, or of this one at another step. */
	answer(&other, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&other);
	assert_int_equal(other.step, STEP_PRICE);
	assert_int_equal(other.reason, REASON_BAD_VALUE);
	assert_int_equal(other.at, FIELD_CAPTCHA);
	answer(&first, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_WISH);
	assert_int_equal(s.work.puzzles, 0);
	/* Once more is no mistake, and does nothing. */
	for (int i = 0; i < 3; i++) {
		struct msg_step again;

		answer(&first, FIELD_CAPTCHA, solution.text, 0, NULL);
		hear(&again);
		assert_memory_equal(&s, &again, sizeof s);
	}
	answer(&s, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.reason, REASON_BAD_REQUEST);
}

/* What was tried changes neither what is to be solved nor how long there is to wait. */
static void
test_price_wrongly(void **state)
{
	static const char *const wrong[] = { "", "0", "zzzzz" };
	struct msg_step first, s;
	struct secret solution, almost;

	(void)state;
	walk_to_price(WISH_RESET, VERDICT_OK, &first);
	s = first;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		answer(&s, FIELD_CAPTCHA, wrong[i], 0, NULL);
		hear(&s);
		assert_int_equal(s.step, STEP_PRICE);
		assert_int_equal(s.reason, wrong[i][0] == '\0' ? REASON_EMPTY : REASON_BAD_VALUE);
		assert_memory_equal(&s.work, &first.work, sizeof s.work);
	}
	solve(&s.work, &solution);
	almost = solution;
	/* Now and then another nonce does as well. */
	do
		almost.text[0]++;
	while (is_solved(&s.work, 0, almost.text));
	answer(&s, FIELD_CAPTCHA, almost.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.reason, REASON_BAD_VALUE);
	answer(&s, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
	assert_int_equal(s.reason, REASON_NONE);
}

/* Nobodies are asked as much as somebodies, and before anything is compared. */
static void
test_price_of_decoys(void **state)
{
	static const enum verdict found[] = { VERDICT_NOBODY, VERDICT_DISABLED, VERDICT_PROTECTED };
	struct msg_step known, s;

	(void)state;
	walk_to_price(WISH_RESET, VERDICT_OK, &known);
	for (size_t i = 0; i < sizeof found / sizeof found[0]; i++) {
		walk_to_price(WISH_RESET, found[i], &s);
		memcpy(s.flow, known.flow, sizeof s.flow);
		memcpy(s.work.challenge, known.work.challenge, sizeof s.work.challenge);
		s.reference = known.reference;
		assert_memory_equal(&s, &known, sizeof s);
		assert_true(silent(registrar));
	}
}

/* To look does not shorten the wait; what is paid stays paid, also over a crash. */
static void
test_price_after_a_crash(void **state)
{
	struct msg_step first, s;
	struct secret solution;

	(void)state;
	walk_to_price(WISH_RESET, VERDICT_OK, &first);
	for (int i = 0; i < 5; i++)
		ask_flow(MSG_SHOW, first.flow, &s);
	assert_int_equal(s.seq, first.seq);
	assert_int_equal(s.step, STEP_PRICE);
	kill_keeper(SIGKILL);
	hang_up();
	start_keeper();
	dial_all();
	ask_flow(MSG_SHOW, first.flow, &s);
	assert_int_equal(s.step, STEP_PRICE);
	assert_memory_equal(&s.work, &first.work, sizeof s.work);
	solve(&s.work, &solution);
	answer(&first, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
}

/* The name is lost in a crash and asked for again; the price is not. */
static void
test_price_once(void **state)
{
	struct msg_step s;
	struct secret solution;
	struct msg lost;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	expect(MSG_FIND, &lost);
	hear(&s);
	solve(&s.work, &solution);
	answer(&s, FIELD_CAPTCHA, solution.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
	kill_keeper(SIGKILL);
	hang_up();
	start_keeper();
	dial_all();
	ask_flow(MSG_SHOW, s.flow, &s);
	assert_int_equal(s.step, STEP_NAME);
	assert_int_equal(s.reason, REASON_TRY_AGAIN);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(VERDICT_OK);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
}

/* It is a look that goes on, an answer that comes late is one to an earlier page. */
static void
test_price_by_waiting(void **state)
{
	struct msg_step price_page, s;

	(void)state;
	open_flow(WISH_RESET, &s);
	answer(&s, FIELD_USERNAME, "a.jansen", 0, NULL);
	serve_find(VERDICT_OK);
	hear(&price_page);
	assert_int_equal(price_page.step, STEP_PRICE);
	ask_flow(MSG_SHOW, price_page.flow, &s);
	assert_int_equal(s.step, STEP_PROOF);
	assert_int_equal(s.seq, price_page.seq + 1);
	answer(&price_page, FIELD_CAPTCHA, "00000", 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_PROOF);
	assert_int_equal(s.reason, REASON_NONE);
	assert_int_equal(s.seq, price_page.seq + 1);
}

/* ---- A hostile peer costs itself ------------------------------------------------------------------ */

/* ---- The store cannot be written ------------------------------------------------------ */

static pid_t other;

/* Another process holds it, and no batch can begin. */
static void
lock_store(void)
{
	char path[128], there;
	int ready[2];
	sqlite3 *db;

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	assert_int_equal(pipe(ready), 0);
	fflush(NULL);
	if ((other = fork()) == 0) {
		if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_busy_timeout(db, 5000) != SQLITE_OK ||
		    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK ||
		    write(ready[1], "y", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &there, 1), 1);
	close(ready[0]);
}

static void
unlock_store(void)
{
	assert_int_equal(kill(other, SIGKILL), 0);
	assert_int_equal(waitpid(other, NULL, 0), other);
}

/* All peers are hung up on, and come back. */
static void
expect_the_end(void)
{
	struct msg m;

	assert_int_equal(call_receive(portal, ROLE_KEEPER, ROLE_PORTAL, &m), 0);
	assert_int_equal(call_receive(courier, ROLE_KEEPER, ROLE_COURIER, &m), 0);
	hang_up();
	dial_all();
}

static void
expect_try_later(enum msg_type type, const char *flow)
{
	struct msg m = { .type = type };
	struct msg_step s;

	if (type != MSG_OPEN)
		snprintf(m.u.flow.flow, sizeof m.u.flow.flow, "%s", flow);
	say(&m);
	hear(&s);
	assert_true(s.refused);
	assert_int_equal(s.reason, REASON_TRY_LATER);
}

static void
read_status(struct msg_status *out)
{
	struct msg m = { .type = MSG_STATUS };

	say(&m);
	receive(portal, ROLE_PORTAL, &m);
	assert_int_equal(m.type, MSG_STATUS_IS);
	*out = m.u.status;
}

static void
wait_for_the_store(void)
{
	struct msg_status status;

	for (int i = 0; i < 1000; i++) {
		read_status(&status);
		if (status.store[0] == '\0')
			return;
		poll(NULL, 0, 10);
	}
	fail_msg("%s", status.store);
}

/* Nothing of the batch was heard of, no try was used, and all goes on as it was. */
static void
test_locked_store_is_told_and_heals(void **state)
{
	struct msg_status status;
	struct msg_step s, now;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	read_status(&status);
	assert_string_equal(status.store, "");
	lock_store();
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	expect_the_end();
	read_status(&status);
	assert_non_null(strstr(status.store, "locked"));
	assert_non_null(strstr(status.store, folder));
	expect_try_later(MSG_OPEN, NULL);
	expect_try_later(MSG_SHOW, s.flow);
	expect_try_later(MSG_AGAIN, s.flow);
	expect_try_later(MSG_LEAVE, s.flow);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	hear(&now);
	assert_true(now.refused);
	assert_int_equal(now.reason, REASON_TRY_LATER);
	unlock_store();
	wait_for_the_store();
	ask_flow(MSG_SHOW, s.flow, &now);
	assert_int_equal(now.step, STEP_CODE);
	assert_int_equal(now.left, 5);
	assert_int_equal(now.seq, s.seq);
	answer(&now, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
}

/* What was judged and could not be kept is not ordered: SET never leaves without its reason. */
static void
test_no_set_without_its_commit(void **state)
{
	struct msg_step s, now;

	(void)state;
	walk_to_password(&s);
	answer(&s, FIELD_PASSWORD, "Nieuw.Wachtwoord1", FIELD_PASSWORD_AGAIN, "Nieuw.Wachtwoord1");
	lock_store();
	serve_verdict(MSG_JUDGE, MSG_JUDGED, VERDICT_OK, 0);
	expect_the_end();
	unlock_store();
	wait_for_the_store();
	ask_flow(MSG_SHOW, s.flow, NULL);
	serve_rules();
	hear(&now);
	assert_int_equal(now.step, STEP_PASSWORD);
	assert_int_equal(now.seq, s.seq);
	assert_true(silent(registrar));
}

static void
test_started_while_the_store_is_locked(void **state)
{
	struct msg_step s;

	(void)state;
	hang_up();
	kill_keeper(SIGTERM);
	lock_store();
	start_keeper();
	dial_all();
	expect_try_later(MSG_OPEN, NULL);
	unlock_store();
	wait_for_the_store();
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
}

/* Somebody wrote over it: that is seen at the start, and no waiting would help. */
static void
test_damaged_store_is_refused_in_words(void **state)
{
	struct msg_status status;
	char command[256];

	(void)state;
	hang_up();
	kill_keeper(SIGTERM);
	snprintf(command, sizeof command, "echo 'This is no database, but a long text of many "
	    "words, of more bytes than a head of one has, and yet.' >%s/latchkey.db", folder);
	assert_int_equal(system(command), 0);
	start_keeper();
	dial_all();
	expect_try_later(MSG_OPEN, NULL);
	read_status(&status);
	assert_non_null(strstr(status.store, "damaged"));
	assert_non_null(strstr(status.store, "latchkey restore"));
}

/* ---- A second code, where a policy asks it ---------------------------------------------------- */

/* Codes live shorter than pages, so that the two can be told apart. */
static int
set_up_second(void **state)
{
	int r;

	keeper_courier.n_gateways = 2;
	keeper_courier.gateways[0].channel = CHANNEL_SMS;
	keeper_courier.gateways[1].channel = CHANNEL_MAIL;
	second = 1U << CHANNEL_MAIL;
	has_mail = true;
	code_life = 60;
	r = set_up(state);
	code_life = 600;
	return r;
}

static int
tear_down_second(void **state)
{
	second = 0;
	has_mail = false;
	return tear_down(state);
}

static void
walk_to_second(enum wish wish, struct msg_step *s)
{
	walk_to_code(wish, VERDICT_OK, VERDICT_OK, s);
	assert_int_equal(s->places, 4 + (wish == WISH_RESET));
	answer(s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_ways();
	receive_code_at("a.jansen@example.nl");
	hear(s);
	assert_int_equal(s->step, STEP_SECOND);
	assert_int_equal(s->reason, REASON_NONE);
	assert_int_equal(s->n_choices, 1);
	assert_int_equal(s->choices[0].channel, CHANNEL_MAIL);
	assert_int_equal(s->left, 5);
	assert_int_equal(s->place, 4);
	assert_int_equal(s->places, 5 + (wish == WISH_RESET));
}

static void
test_second_code(void **state)
{
	struct secret first;
	struct msg_step s;
	char name[FLOW_LONGEST + 1];

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	memcpy(name, s.flow, sizeof name);
	secret_copy(&first, &sent_code);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_ways();
	receive_code_at("a.jansen@example.nl");
	hear(&s);
	assert_string_not_equal(s.flow, name);
	assert_false(secret_equal(&first, &sent_code));
	/* The first one is no second. */
	answer(&s, FIELD_CODE, first.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.step, STEP_SECOND);
	assert_int_equal(s.reason, REASON_WRONG_CODE);
	assert_int_equal(s.left, 4);
	memcpy(name, s.flow, sizeof name);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
	assert_string_not_equal(s.flow, name);
	assert_int_equal(s.place, s.places - 1);
	assert_int_equal(s.places, 6);
}

/* Nothing is unlocked before it. */
static void
test_second_code_before_unlocking(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_second(WISH_UNLOCK, &s);
	assert_true(silent(registrar));
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_verdict(MSG_UNLOCK, MSG_DONE, VERDICT_OK, 0);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_UNLOCKED);
	assert_int_equal(s.place, s.places);
}

static void
test_second_code_five_tries(void **state)
{
	struct msg_step s;

	(void)state;
	walk_to_second(WISH_RESET, &s);
	for (int i = 0; i < 5; i++) {
		answer(&s, FIELD_CODE, "00000000", 0, NULL);
		hear(&s);
	}
	assert_int_equal(s.outcome, OUTCOME_STOPPED);
	assert_int_equal(s.reason, REASON_TOO_MANY);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_STOPPED);
	assert_true(silent(registrar));
}

/* What carried the first code is no other way, and who has none is told so. */
static void
test_second_code_has_no_way(void **state)
{
	struct msg_step s;

	(void)state;
	has_mail = false;
	second = 1U << CHANNEL_SMS | 1U << CHANNEL_MAIL;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_ways();
	hear(&s);
	assert_int_equal(s.outcome, OUTCOME_STOPPED);
	assert_int_equal(s.reason, REASON_NO_OTHER_WAY);
	assert_true(silent(courier));
}

/* The directory is away just then: told, and asked again when the page is. */
static void
test_second_code_later(void **state)
{
	struct msg asked, m = { 0 };
	struct msg_step s;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	expect(MSG_WAYS, &asked);
	m.u.ways.verdict = VERDICT_UNAVAILABLE;
	reply(&asked, MSG_WAYS_ARE, &m);
	hear(&s);
	assert_int_equal(s.step, STEP_SECOND);
	assert_int_equal(s.reason, REASON_TRY_LATER);
	assert_int_equal(s.n_fields, 0);
	assert_in_range(s.life, 595, 600);
	ask_flow(MSG_AGAIN, s.flow, NULL);
	serve_ways();
	receive_code_at("a.jansen@example.nl");
	hear(&s);
	assert_int_equal(s.reason, REASON_NONE);
	assert_int_equal(s.n_fields, 1);
}

static void
test_keeper_killed_before_the_second_code(void **state)
{
	struct msg_step s, first;
	struct msg asked;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	expect(MSG_WAYS, &asked);
	hang_up();
	kill_keeper(SIGKILL);
	start_keeper();
	dial_all();
	/* The person does the same once more, and is led on. */
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_ways();
	receive_code_at("a.jansen@example.nl");
	hear(&first);
	assert_int_equal(first.step, STEP_SECOND);
	answer(&first, FIELD_CODE, sent_code.text, 0, NULL);
	serve_rules();
	hear(&s);
	assert_int_equal(s.step, STEP_PASSWORD);
}

/* Typed before courier said that it was sent, and typed twice. */
static void
test_second_code_twice(void **state)
{
	struct msg_step s, one, two;
	struct msg m;

	(void)state;
	walk_to_code(WISH_RESET, VERDICT_OK, VERDICT_OK, &s);
	answer(&s, FIELD_CODE, sent_code.text, 0, NULL);
	serve_ways();
	receive(courier, ROLE_COURIER, &m);
	hear(&s);
	answer(&s, FIELD_CODE, m.u.send.code.text, 0, NULL);
	answer(&s, FIELD_CODE, m.u.send.code.text, 0, NULL);
	serve_rules();
	hear(&one);
	hear(&two);
	assert_int_equal(one.step, STEP_PASSWORD);
	assert_string_equal(one.flow, two.flow);
}

static void
test_hostile_portal(void **state)
{
	static const struct {
		unsigned char	head[5], body[5];
		size_t		len;		/* of the body; what it should be, or not */
	} bad[] = {
		{ { MSG_SET }, { 0 }, 1 }, { { 255 }, { 0 }, 0 }, { { MSG_STEP }, { 0 }, 4 },
		{ { MSG_OPEN }, { 99 }, 4 }, { { MSG_OPEN }, { 0 }, 5 },
		{ { MSG_HELLO }, { 0, WIRE_VERSION, ROLE_PORTAL }, 3 },
	};
	unsigned char packet[MSG_HEAD + sizeof bad[0].body] = { 0 };
	struct msg_step s;
	struct msg m;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		int fd = dial(ROLE_PORTAL);

		memcpy(packet, bad[i].head, sizeof bad[i].head);
		memcpy(packet + MSG_HEAD, bad[i].body, sizeof bad[i].body);
		assert_int_equal(send(fd, packet, MSG_HEAD + bad[i].len, 0), MSG_HEAD + bad[i].len);
		assert_true(call_receive(fd, ROLE_KEEPER, ROLE_PORTAL, &m) <= 0);
		close(fd);
	}
	open_flow(WISH_NONE, &s);	/* the honest one is still served */
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
#define SECOND(f) cmocka_unit_test_setup_teardown(f, set_up_second, tear_down_second)
#define PRICED(f) cmocka_unit_test_setup_teardown(f, set_up_price, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_reset), TEST(test_unlock_asks_no_password),
		TEST(test_wish_is_asked_when_not_said), TEST(test_decoys),
		TEST(test_five_wrong_codes), TEST(test_same_seq_again), TEST(test_right_code_twice),
		cmocka_unit_test_setup_teardown(test_again, set_up_hurry, tear_down),
		cmocka_unit_test_setup_teardown(test_answer_comes_first, set_up_slow, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_to_ask_any_more, set_up_slow, tear_down),
		TEST(test_again_too_soon), TEST(test_leaving),
		TEST(test_wrong_questions), TEST(test_proof_that_cannot_be_read),
		TEST(test_refused_password_may_be_tried_again), TEST(test_password_that_is_too_young),
		TEST(test_keeper_killed_between_code_and_password),
		TEST(test_keeper_killed_behind_the_answer),
		TEST(test_registrar_lost_at_set_and_done),
		TEST(test_registrar_lost_at_set_and_not_done), TEST(test_judged_again_elsewhere),
		TEST(test_keeper_killed_at_set), TEST(test_keeper_killed_at_set_and_nobody_looks),
		TEST(test_hostile_portal),
		TEST(test_locked_store_is_told_and_heals), TEST(test_no_set_without_its_commit),
		TEST(test_started_while_the_store_is_locked),
		TEST(test_damaged_store_is_refused_in_words),
		PRICED(test_price_by_work), PRICED(test_price_wrongly), PRICED(test_price_of_decoys),
		PRICED(test_price_after_a_crash), PRICED(test_price_once),
		SECOND(test_second_code), SECOND(test_second_code_before_unlocking),
		SECOND(test_second_code_five_tries), SECOND(test_second_code_has_no_way),
		SECOND(test_second_code_later), SECOND(test_keeper_killed_before_the_second_code),
		SECOND(test_second_code_twice),
		cmocka_unit_test_setup_teardown(test_price_by_waiting, set_up_no_wait, tear_down),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests_name("journey", tests, NULL, NULL);
}
