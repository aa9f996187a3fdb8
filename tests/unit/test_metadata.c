/* What replication notes of an attribute. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ad/metadata.h"

#define BEFORE "<DS_REPL_ATTR_META_DATA>\n\t<pszAttributeName>mobile</pszAttributeName>\n" \
	"\t<dwVersion>2</dwVersion>\n"
#define TIME(t) "\t<ftimeLastOriginatingChange>" t "</ftimeLastOriginatingChange>\n"
#define AFTER "\t<uuidLastOriginatingDsaInvocationID>0b5a5a6e-6c61-4a3c-a0a5-6a4f5a1f4a55" \
	"</uuidLastOriginatingDsaInvocationID>\n\t<usnOriginatingChange>4711</usnOriginatingChange>\n" \
	"\t<usnLocalChange>4711</usnLocalChange>\n\t<pszLastOriginatingDsaDN>CN=NTDS Settings" \
	"</pszLastOriginatingDsaDN>\n</DS_REPL_ATTR_META_DATA>\n"
#define ELEMENT(t) BEFORE TIME(t) AFTER

static int
element(const char *text, const char *attribute, int64_t *when)
{
	return metadata_element(text, strlen(text), attribute, when);
}

static void
test_an_element(void **state)
{
	int64_t when = 0;

	(void)state;
	assert_int_equal(element(ELEMENT("2026-11-21T04:18:24Z"), "mobile", &when), 1);
	assert_int_equal(when, 1795234704);
	assert_int_equal(element(ELEMENT("2026-11-21T04:18:24Z"), "MOBILE", &when), 1);
	assert_int_equal(element(ELEMENT("2026-11-21T04:18:24Z"), "mobil", &when), 0);
	assert_int_equal(element(ELEMENT("2026-11-21T04:18:24Z"), "otherMobile", &when), 0);
	/* Windows ends it with a NUL. */
	assert_int_equal(metadata_element(ELEMENT("2026-11-21T04:18:24Z"),
	    sizeof ELEMENT("2026-11-21T04:18:24Z"), "mobile", &when), 1);
}

static void
test_no_element(void **state)
{
	static const char *const bad[] = {
		"", "<", BEFORE, BEFORE AFTER, TIME("2026-11-21T04:18:24Z"),
		ELEMENT(""), ELEMENT("2026-11-21"), ELEMENT("2026-11-21T04:18:24"),
		ELEMENT("2026-11-21 04:18:24Z"), ELEMENT("2026-11-21T04:18:24Z "),
		ELEMENT("20x6-11-21T04:18:24Z"), ELEMENT("<b>2026-11-21T04:18:24Z</b>"),
		/* Said twice: which of them? */
		BEFORE TIME("2026-11-21T04:18:24Z") TIME("2001-01-01T00:00:00Z") AFTER,
		BEFORE "<pszAttributeName>x</pszAttributeName>" TIME("2026-11-21T04:18:24Z") AFTER,
		"<DS_REPL_VALUE_META_DATA>" TIME("2026-11-21T04:18:24Z") AFTER,
	};
	static const char nul[] = BEFORE "\0" TIME("2026-11-21T04:18:24Z") AFTER;
	char large[5000];
	int64_t when = 0;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (element(bad[i], "mobile", &when) != -1)
			fail_msg("number %zu was taken", i);
	assert_int_equal(metadata_element(nul, sizeof nul - 1, "mobile", &when), -1);
	memset(large, ' ', sizeof large);
	memcpy(large, ELEMENT("2026-11-21T04:18:24Z"), sizeof ELEMENT("2026-11-21T04:18:24Z") - 1);
	assert_int_equal(metadata_element(large, sizeof large, "mobile", &when), -1);
}

/* As a Samba wrote it: 36 attributes, of which these are two. */
#define STAMP(attid, seconds) attid "\x01\x00\x00\x00" seconds \
	"0123456789abcdef" "\x9d\x0f\x00\x00\x00\x00\x00\x00" "\x9d\x0f\x00\x00\x00\x00\x00\x00"
#define VECTOR(n) "\x01\x00\x00\x00\x00\x00\x00\x00" n "\x00\x00\x00\x00\x00\x00\x00" \
	STAMP("\x14\x00\x00\x00", "\x01\x91\x10\xb6\x01\x00\x00\x00") \
	STAMP("\x29\x00\x15\x00", "\x90\xe6\x10\x21\x03\x00\x00\x00")

static void
test_a_vector(void **state)
{
	static const char whole[] = VECTOR("\x02");
	static const char one[] = VECTOR("\x01"), many[] = VECTOR("\xff");
	int64_t when = 0;

	(void)state;
	assert_int_equal(metadata_vector(whole, sizeof whole - 1, 0x150029, &when), 1);
	assert_int_equal(when, 0x32110e690 - 11644473600);
	/* A year before there were domains. */
	assert_int_equal(metadata_vector(whole, sizeof whole - 1, 0x14, &when), -1);
	assert_int_equal(metadata_vector(whole, sizeof whole - 1, 0x15, &when), 0);
	for (size_t len = 0; len < sizeof whole - 1; len++)
		assert_int_equal(metadata_vector(whole, len, 0x150029, &when), -1);
	assert_int_equal(metadata_vector(one, sizeof one - 1, 0x150029, &when), -1);
	assert_int_equal(metadata_vector(many, sizeof many - 1, 0x150029, &when), -1);
}

static void
test_numbers_of_attributes(void **state)
{
	static const struct {
		const char	*oid;
		int		 r;
		uint32_t	 attid;
	} table[] = {
		{ "0.9.2342.19200300.100.1.41", 0, 0x150029 }, { "2.5.4.20", 0, 0x14 },
		{ "1.2.840.113556.1.4.2214", 0, 0x908a6 }, { "1.2.840.113556.1.4.647", 0, 0x90287 },
		{ "1.2.840.113556.1.2.610", 0, 0x20262 }, { "2.16.840.1.113730.3.1.1", 0, 0x160001 },
		{ "1.2.840.113556.1.4.16384", -1, 0 }, { "1.3.6.1.4.1.32473.1.1", -1, 0 },
		{ "2.5.4.20.1", -1, 0 }, { "2.5.4.", -1, 0 }, { "2.5.4.-1", -1, 0 }, { "", -1, 0 },
	};
	uint32_t attid;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(metadata_attid(table[i].oid, &attid), table[i].r);
		if (table[i].r == 0)
			assert_int_equal(attid, table[i].attid);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_element),
		cmocka_unit_test(test_no_element),
		cmocka_unit_test(test_a_vector),
		cmocka_unit_test(test_numbers_of_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
