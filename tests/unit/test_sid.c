/* Security identifiers, and which of them are never helped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ad/sid.h"

#define OCTETS(s) (s), sizeof(s) - 1
#define DOMAIN "\x15\x00\x00\x00\x03\xbf\x12\x5c\x01\xaf\x8a\x86\x3e\x17\x5e\x17"
#define OF_DOMAIN(rid) "\x01\x05\x00\x00\x00\x00\x00\x05" DOMAIN rid
#define BUILTIN(rid) "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00" rid

static const struct {
	const char	*octets;
	size_t		 len;
	const char	*text;
	bool		 powerful;
} good[] = {
	{ OCTETS(OF_DOMAIN("\x50\x04\x00\x00")), "S-1-5-21-1544732419-2257235713-392042302-1104",
	    false },
	{ OCTETS(OF_DOMAIN("\x00\x02\x00\x00")), "S-1-5-21-1544732419-2257235713-392042302-512", true },
	{ OCTETS(OF_DOMAIN("\x01\x02\x00\x00")), "S-1-5-21-1544732419-2257235713-392042302-513",
	    false },
	{ OCTETS(OF_DOMAIN("\x0d\x02\x00\x00")), "S-1-5-21-1544732419-2257235713-392042302-525", true },
	/* The number of an administrators' alias in a domain is nothing special. */
	{ OCTETS(OF_DOMAIN("\x20\x02\x00\x00")), "S-1-5-21-1544732419-2257235713-392042302-544",
	    false },
	{ OCTETS(BUILTIN("\x20\x02\x00\x00")), "S-1-5-32-544", true },
	{ OCTETS(BUILTIN("\x21\x02\x00\x00")), "S-1-5-32-545", false },
	{ OCTETS(BUILTIN("\x00\x02\x00\x00")), "S-1-5-32-512", false },
	{ OCTETS("\x01\x01\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"), "S-1-1-0", false },
	{ OCTETS("\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
	    "S-1-281474976710655-4294967295", false },
};

static void
test_good_ones(void **state)
{
	char text[SID_TEXT];
	struct sid sid;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(sid_read(good[i].octets, good[i].len, &sid), 0);
		sid_text(&sid, text);
		assert_string_equal(text, good[i].text);
		assert_int_equal(sid_powerful(&sid), good[i].powerful);
	}
}

static void
test_bad_ones(void **state)
{
	static const char whole[] = OF_DOMAIN("\x50\x04\x00\x00");
	char many[8 + 4 * 16] = "\x01\x10", longest[8 + 4 * SID_PARTS_MOST] = "\x01\x0f";
	char text[SID_TEXT];
	struct sid sid;

	(void)state;
	for (size_t len = 0; len < sizeof whole - 1; len++)
		assert_int_equal(sid_read(whole, len, &sid), -1);
	assert_int_equal(sid_read(whole, sizeof whole, &sid), -1);
	assert_int_equal(sid_read(NULL, 0, &sid), -1);
	assert_int_equal(sid_read(OCTETS("\x02\x01\0\0\0\0\0\x05\0\0\0\0"), &sid), -1);
	assert_int_equal(sid_read(OCTETS("\x01\x00\0\0\0\0\0\x05"), &sid), -1);
	assert_int_equal(sid_read(many, sizeof many, &sid), -1);
	memset(longest + 2, 0xff, sizeof longest - 2);
	assert_int_equal(sid_read(longest, sizeof longest, &sid), 0);
	sid_text(&sid, text);
	assert_int_equal(strlen(text), 19 + 11 * SID_PARTS_MOST);
}

static void
test_siblings(void **state)
{
	struct sid person, group, sibling;

	(void)state;
	assert_int_equal(sid_read(OCTETS(OF_DOMAIN("\x50\x04\x00\x00")), &person), 0);
	assert_int_equal(sid_read(OCTETS(OF_DOMAIN("\x01\x02\x00\x00")), &group), 0);
	assert_int_equal(sid_rid(&person), 1104);
	sibling = sid_sibling(&person, 513);
	assert_true(sid_equal(&sibling, &group));
	assert_false(sid_equal(&person, &group));
	/* Alike as far as the shorter goes. */
	assert_int_equal(sid_read(OCTETS(BUILTIN("\x20\x02\x00\x00")), &group), 0);
	group.n--;
	assert_int_equal(sid_read(OCTETS(BUILTIN("\x20\x02\x00\x00")), &person), 0);
	assert_false(sid_equal(&person, &group));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_ones),
		cmocka_unit_test(test_bad_ones),
		cmocka_unit_test(test_siblings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
