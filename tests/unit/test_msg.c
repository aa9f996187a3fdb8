/* Every message: what goes in comes out; what the law forbids does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "wire/msg.h"

static const enum role roles[] = {
	ROLE_PORTAL, ROLE_KEEPER, ROLE_REGISTRAR, ROLE_COURIER, ROLE_CTL
};
enum { N_ROLES = sizeof roles / sizeof roles[0] };

/* Who may send each type, learnt from pack itself, so that this test needs no second table. */
static enum role
sender_of(enum msg_type type, size_t *len, unsigned char *packet)
{
	for (size_t i = 0; i < N_ROLES; i++) {
		struct msg m = { .type = type, .id = 7, .reference = { { 1, 2, 3, 4, 5 } } };

		if ((*len = msg_pack(&m, roles[i], packet, MSG_LONGEST)) > 0)
			return roles[i];
	}
	fail_msg("nobody may send type %d", (int)type);
	return 0;
}

static enum role
receiver_of(const unsigned char *packet, size_t len, enum role from)
{
	struct msg m;

	for (size_t i = 0; i < N_ROLES; i++)
		if (msg_unpack(&m, packet, len, from, roles[i]) == MSG_GOOD)
			return roles[i];
	fail_msg("nobody may receive type %d", packet[0]);
	return 0;
}

static void
test_empty_ones_come_back(void **state)
{
	(void)state;
	for (int type = MSG_HELLO; type < MSG__COUNT; type++) {
		unsigned char packet[MSG_LONGEST], again[MSG_LONGEST];
		size_t len, len2;
		enum role from = sender_of((enum msg_type)type, &len, packet);
		enum role to = receiver_of(packet, len, from);
		struct msg m;

		assert_int_equal(msg_unpack(&m, packet, len, from, to), MSG_GOOD);
		assert_int_equal(m.id, 7);
		assert_int_equal(m.reference.byte[REFERENCE_SIZE - 1], 5);
		len2 = msg_pack(&m, from, again, sizeof again);
		assert_int_equal(len, len2);
		assert_memory_equal(packet, again, len);
	}
}

/* STYLE: permission first, then unpack: a stranger's garbage body is never looked at. */
static void
test_sender_before_body(void **state)
{
	unsigned char packet[64] = { MSG_SET, 0, 0, 0, 1 };
	struct msg m;

	(void)state;
	memset(packet + MSG_HEAD, 0xff, 3);
	assert_int_equal(msg_unpack(&m, packet, sizeof packet, ROLE_PORTAL, ROLE_REGISTRAR), MSG_BAD_SENDER);
	assert_int_equal(msg_unpack(&m, packet, sizeof packet, ROLE_PORTAL, ROLE_KEEPER), MSG_BAD_SENDER);
	assert_int_equal(msg_unpack(&m, packet, sizeof packet, ROLE_KEEPER, ROLE_REGISTRAR), MSG_BAD_FIELD);
}

static void
test_each_wrong_sender(void **state)
{
	(void)state;
	for (int type = MSG_HELLO + 1; type < MSG__COUNT; type++) {
		unsigned char packet[MSG_LONGEST];
		size_t len;
		enum role from = sender_of((enum msg_type)type, &len, packet);
		unsigned int good = 0;

		(void)from;
		for (size_t f = 0; f < N_ROLES; f++)
			for (size_t t = 0; t < N_ROLES; t++) {
				struct msg m;
				enum msg_fault fault = msg_unpack(&m, packet, len, roles[f], roles[t]);

				assert_true(fault == MSG_GOOD || fault == MSG_BAD_SENDER);
				good += fault == MSG_GOOD;
				/* keeper is one end of every conversation */
				if (fault == MSG_GOOD)
					assert_true(roles[f] == ROLE_KEEPER || roles[t] == ROLE_KEEPER);
			}
		assert_in_range(good, 1, 3);
	}
}

static void
test_cut_and_lengthened(void **state)
{
	(void)state;
	for (int type = MSG_HELLO; type < MSG__COUNT; type++) {
		unsigned char packet[MSG_LONGEST + 1] = { 0 };
		size_t len;
		enum role from = sender_of((enum msg_type)type, &len, packet);
		enum role to = receiver_of(packet, len, from);
		struct msg m;

		for (size_t n = 0; n < len; n++)
			assert_int_not_equal(msg_unpack(&m, packet, n, from, to), MSG_GOOD);
		assert_int_not_equal(msg_unpack(&m, packet, len + 1, from, to), MSG_GOOD);
		assert_int_equal(msg_unpack(&m, packet, MSG_LONGEST + 1, from, to), MSG_BAD_SIZE);
	}
}

/* Each byte of each message at its extremes: either it is in range, or it is refused. */
static void
test_every_byte_ranged(void **state)
{
	static const unsigned char extremes[] = { 0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff };
	unsigned int survived = 0;

	(void)state;
	for (int type = MSG_HELLO; type < MSG__COUNT; type++) {
		unsigned char packet[MSG_LONGEST];
		size_t len;
		enum role from = sender_of((enum msg_type)type, &len, packet);
		enum role to = receiver_of(packet, len, from);

		for (size_t at = 0; at < len; at++)
			for (size_t e = 0; e < sizeof extremes; e++) {
				unsigned char copy[MSG_LONGEST], again[MSG_LONGEST];
				struct msg m;

				memcpy(copy, packet, len);
				copy[at] = extremes[e];
				if (msg_unpack(&m, copy, len, from, to) == MSG_GOOD)
					assert_int_not_equal(
					    msg_pack(&m, from, again, sizeof again), 0);
				survived++;
			}
	}
	print_message("figure boundary_bytes %u cases\n", survived);
}

static void
test_full_step_fits(void **state)
{
	static struct msg m, back;
	unsigned char packet[MSG_LONGEST];
	size_t len;

	(void)state;
	m.type = MSG_STEP;
	m.u.step.n_fields = FIELDS_MOST;
	for (unsigned int i = 0; i < FIELDS_MOST; i++)
		memset(m.u.step.fields[i].label, 'l', LABEL_LONGEST);
	m.u.step.n_choices = CHOICES_MOST;
	for (unsigned int i = 0; i < CHOICES_MOST; i++)
		memset(m.u.step.choices[i].hint, 'h', HINT_LONGEST);
	m.u.step.n_rules = RULE__COUNT;
	m.u.step.n_terms = TERMS_MOST;
	for (unsigned int i = 0; i < TERMS_MOST; i++)
		memset(m.u.step.terms[i], 't', TERM_LONGEST);
	memset(m.u.step.flow, 'f', FLOW_LONGEST);
	memset(m.u.step.work.challenge, 'c', CHALLENGE_LONGEST);
	m.u.step.work.puzzles = PUZZLES_MOST;
	m.u.step.work.bits = BITS_MOST;
	len = msg_pack(&m, ROLE_KEEPER, packet, sizeof packet);
	assert_int_not_equal(len, 0);
	assert_int_equal(msg_unpack(&back, packet, len, ROLE_KEEPER, ROLE_PORTAL), MSG_GOOD);
	assert_memory_equal(&m, &back, sizeof m);
}

static void
test_full_answer_and_match_fit(void **state)
{
	static struct msg m;
	unsigned char packet[MSG_LONGEST];

	(void)state;
	m.type = MSG_ANSWER;
	m.u.answer.n_fields = FIELDS_MOST;
	for (unsigned int i = 0; i < FIELDS_MOST; i++) {
		m.u.answer.fields[i].value.len = SECRET_LONGEST;
		memset(m.u.answer.fields[i].value.text, 'v', SECRET_LONGEST);
	}
	memset(m.u.answer.flow, 'f', FLOW_LONGEST);
	memset(m.u.answer.addr, '1', ADDR_LONGEST);
	assert_int_not_equal(msg_pack(&m, ROLE_PORTAL, packet, sizeof packet), 0);
	memset(&m, 0, sizeof m);
	m.type = MSG_MATCH;
	m.u.match.ticket.len = TICKET_LONGEST;
	m.u.match.n_values = VALUES_MOST;
	for (unsigned int i = 0; i < VALUES_MOST; i++) {
		m.u.match.values[i].value.len = SECRET_LONGEST;
		memset(m.u.match.values[i].value.text, 'v', SECRET_LONGEST);
	}
	assert_int_not_equal(msg_pack(&m, ROLE_KEEPER, packet, sizeof packet), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_ones_come_back),
		cmocka_unit_test(test_sender_before_body),
		cmocka_unit_test(test_each_wrong_sender),
		cmocka_unit_test(test_cut_and_lengthened),
		cmocka_unit_test(test_every_byte_ranged),
		cmocka_unit_test(test_full_step_fits),
		cmocka_unit_test(test_full_answer_and_match_fit),
	};

	return cmocka_run_group_tests_name("msg", tests, NULL, NULL);
}
