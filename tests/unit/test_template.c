/* Placeholders: found where they are, and escaped by where they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courier/template.h"

static struct draft d;

static const char *
fill(const char *template, const char *value, enum escape escape)
{
	const struct slot slots[] = { { "text", value }, { "to", "+31612345678" }, { NULL, NULL } };

	draft_wipe(&d);
	return template_fill(&d, template, slots, escape) == 0 ? d.text : NULL;
}

static void
test_escapes(void **state)
{
	static const struct {
		enum escape	 escape;
		const char	*value, *expected;	/* NULL: refused */
	} rows[] = {
		{ ESCAPE_NONE, "a \"b\"\n&<c>", "a \"b\"\n&<c>" },
		{ ESCAPE_PERCENT, "AZaz09-._~", "AZaz09-._~" },
		{ ESCAPE_PERCENT, "a b&c=d+e%/?#", "a%20b%26c%3Dd%2Be%25%2F%3F%23" },
		{ ESCAPE_PERCENT, "caf\xc3\xa9 \xe2\x82\xac\n", "caf%C3%A9%20%E2%82%AC%0A" },
		{ ESCAPE_JSON, "say \"no\" \\ yes", "say \\\"no\\\" \\\\ yes" },
		{ ESCAPE_JSON, "a\nb\tc\x01\x7f", "a\\u000ab\\u0009c\\u0001\\u007f" },
		{ ESCAPE_JSON, "\xc3\xab", "\xc3\xab" },
		{ ESCAPE_XML, "<a b='c' d=\"e\">&",
		    "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;" },
		{ ESCAPE_XML, "a\nb", "a&#10;b" },
		{ ESCAPE_XML, "a\x01", NULL },
		{ ESCAPE_HEADER, "Bearer abc==", "Bearer abc==" },
		{ ESCAPE_HEADER, "a\r\nX-Evil: 1", NULL },
		{ ESCAPE_HEADER, "a\n", NULL },
		{ ESCAPE_HEADER, "a\x7f", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *got = fill("{text}", rows[i].value, rows[i].escape);

		if (rows[i].expected == NULL)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].expected);
	}
}

static void
test_placeholders(void **state)
{
	(void)state;
	assert_string_equal(fill("to={to}&text={text}.", "x", ESCAPE_PERCENT),
	    "to=%2B31612345678&text=x.");
	/* Braces that hold no name stay braces. */
	assert_string_equal(fill("{\"a\":{\"b\":\"{text}\"}} {} {{text}} {Text} {te xt} {text", "x",
	    ESCAPE_JSON), "{\"a\":{\"b\":\"x\"}} {} {x} {Text} {te xt} {text");
	/* What went in is not looked at again. */
	assert_string_equal(fill("{text}", "{to}", ESCAPE_NONE), "{to}");
	assert_null(fill("{nobody}", "x", ESCAPE_NONE));
	assert_string_equal(fill("", "x", ESCAPE_NONE), "");
}

static void
test_too_long(void **state)
{
	static char value[DRAFT_LONGEST + 2];

	(void)state;
	memset(value, 'a', DRAFT_LONGEST);
	assert_non_null(fill("{text}", value, ESCAPE_NONE));
	assert_null(fill("{text}.", value, ESCAPE_NONE));
	value[0] = ' ';
	assert_null(fill("{text}", value, ESCAPE_PERCENT));
}

static void
test_names(void **state)
{
	static const char *const names[] = { "to", "text", NULL };
	char stranger[SLOT_NAME_LONGEST + 1];

	(void)state;
	assert_true(template_holds("a {to} b", "to"));
	assert_false(template_holds("a {too} {to", "to"));
	assert_false(template_stranger("{to} {text} {} {\"x\"}", names, stranger));
	assert_true(template_stranger("{to} {txt}", names, stranger));
	assert_string_equal(stranger, "txt");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes), cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_too_long), cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
