/* Forms, cookies and the addresses of who asks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "portal/cookie.h"
#include "portal/form.h"
#include "wire/house.h"

static int
parse(struct form *f, const char *text)
{
	return form_parse(f, text, strlen(text));
}

static void
test_good(void **state)
{
	struct form f;

	(void)state;
	assert_int_equal(parse(&f, "username=J%C3%B8rgen+%26+co&seq=1&empty=&p=a%3Db=c"), 0);
	assert_int_equal(f.n, 4);
	assert_string_equal(form_text(&f, "username"), "J\xc3\xb8rgen & co");
	assert_string_equal(form_text(&f, "empty"), "");
	assert_string_equal(form_text(&f, "p"), "a=b=c");
	assert_null(form_find(&f, "absent"));
	form_wipe(&f);
	assert_int_equal(f.n, 0);
	assert_int_equal(parse(&f, ""), 0);
}

static void
test_odd(void **state)
{
	static const char *const odd[] = {
		"a", "=b", "a=b&", "&a=b", "a=b&&c=d", "a=1&a=2", "a=1&%61=2", "a=%", "a=%4", "a=%4g",
		"a=%%41", "a=%00", "a=%C3", "a=%C3%28", "a=%C0%AF", "a=%ED%A0%80", "a=\xff", "%C3=a",
		"1=&2=&3=&4=&5=&6=&7=&8=&9=&10=&11=",
	};
	struct form f;

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		if (parse(&f, odd[i]) != -1)
			fail_msg("taken: %s", odd[i]);
		form_wipe(&f);
	}
	/* An array by another name is a field that nobody knows. */
	assert_int_equal(parse(&f, "username%5B%5D=a"), 0);
	assert_null(form_find(&f, "username"));
}

static void
test_long(void **state)
{
	char text[2 * SECRET_LONGEST];
	struct form f;

	(void)state;
	memset(text, 'x', sizeof text);
	memcpy(text, "a=", 2);
	assert_int_equal(form_parse(&f, text, SECRET_LONGEST + 2), 0);
	assert_int_equal(form_find(&f, "a")->len, SECRET_LONGEST);
	assert_int_equal(form_parse(&f, text, SECRET_LONGEST + 3), -2);
	form_wipe(&f);
	memcpy(text, "aa", 2);
	text[40] = '=';
	assert_int_equal(form_parse(&f, text, 42), -2);
}

static void
test_cookies(void **state)
{
	char out[FLOW_LONGEST + 1], line[256];

	(void)state;
	strcpy(house.public_url, "http://127.0.0.1:1");
	cookie_flow("other=1; latchkey=aB-_9; latchkey-lang=en", out, sizeof out);
	assert_string_equal(out, "aB-_9");
	cookie_lang("other=1; latchkey=aB-_9; latchkey-lang=en", out, sizeof out);
	assert_string_equal(out, "en");
	cookie_flow("latchkey=a; latchkey=b", out, sizeof out);
	assert_string_equal(out, "");
	cookie_flow("latchkey=a\"b", out, sizeof out);
	assert_string_equal(out, "");
	cookie_flow("xlatchkey=a; latchkey", out, sizeof out);
	assert_string_equal(out, "");
	cookie_flow("latchkey=0123456789012345678901234567890123456789012345678901234567890123456789",
	    out, sizeof out);
	assert_string_equal(out, "");
	cookie_flow(NULL, out, sizeof out);
	assert_string_equal(out, "");
	strcpy(house.public_url, "https://recover.example");
	cookie_flow("latchkey=planted; __Host-latchkey=own", out, sizeof out);
	assert_string_equal(out, "own");
	cookie_keep_flow(line, sizeof line, "abc");
	assert_string_equal(line,
	    "Set-Cookie: __Host-latchkey=abc; Path=/; HttpOnly; SameSite=Strict; Secure\r\n");
}

static void
test_csrf(void **state)
{
	char one[CSRF_SIZE], two[CSRF_SIZE];

	(void)state;
	cookie_csrf("flow-1", one);
	cookie_csrf("flow-2", two);
	assert_int_equal(strlen(one), CSRF_SIZE - 1);
	assert_string_not_equal(one, two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_odd), cmocka_unit_test(test_long),
		cmocka_unit_test(test_cookies), cmocka_unit_test(test_csrf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
