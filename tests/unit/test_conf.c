/* The settings file: every mistake is told with its line and what mends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/conf.h"

struct row { char name[8]; int size; };
struct inner { char phone[16]; };
struct all {
	char text[16];
	int number, word;
	bool flag;
	unsigned int words;
	char texts[3][8];
	size_t n_texts;
	struct row rows[2];
	size_t n_rows;
	struct inner inner;
};

static const char *const colours[] = { "red", "green", "blue", NULL };
static const struct setting row_table[] = {
	CONF_IS_TEXT("name", struct row, name, 1, NULL, "a name"),
	CONF_IS_NUMBER("size", struct row, size, 0, 9, "5", "a size"),
	{ .name = NULL },
};
static const struct setting inner_table[] = {
	CONF_IS_TEXT("phone", struct inner, phone, 0, "none", "a phone"),
	{ .name = NULL },
};
static const struct setting table[] = {
	CONF_IS_TEXT("text", struct all, text, 1, NULL, "some text"),
	CONF_IS_NUMBER("number", struct all, number, 1, 100, "42", "a number"),
	CONF_IS_WORD("colour", struct all, word, colours, "green", "a colour"),
	CONF_IS_BOOL("flag", struct all, flag, "true", "a flag"),
	CONF_IS_WORDS("colours", struct all, words, colours, "red blue", "some colours"),
	CONF_IS_TEXTS("texts", struct all, texts, n_texts, 0, "a b", "some texts"),
	CONF_IS_ROWS("rows", struct all, rows, n_rows, 0, row_table, "some rows"),
	CONF_IS_GROUP("inner", struct all, inner, inner_table, "a group"),
	{ .name = NULL },
};

static char told[2048], later[256];

static void
tell(void *ctx, int line, const char *setting, const char *text)
{
	(void)ctx;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%d %s: %s\n", line, setting, text);
}

static void
tell_later(const char *setting)
{
	snprintf(later + strlen(later), sizeof later - strlen(later), "%s ", setting);
}

static int
read_text(const char *text, struct all *out)
{
	const struct conf_section sections[] = {
		{ .name = "house", .table = table, .out = out },
		{ .name = "other", .table = NULL, .out = NULL },
		CONF_END,
	};
	char path[] = "/tmp/latchkey-conf-XXXXXX";
	int fd = mkstemp(path), r;

	memset(out, 0, sizeof *out);
	told[0] = '\0';
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	r = conf_read(path, sections, tell, NULL);
	unlink(path);
	return r;
}

static void
test_defaults(void **state)
{
	struct all a;

	(void)state;
	assert_int_equal(read_text("house: { text = \"x\"; };", &a), 0);
	assert_string_equal(a.text, "x");
	assert_int_equal(a.number, 42);
	assert_int_equal(a.word, 1);
	assert_true(a.flag);
	assert_int_equal(a.words, 5);
	assert_int_equal(a.n_texts, 2);
	assert_string_equal(a.texts[1], "b");
	assert_int_equal(a.n_rows, 0);
	assert_string_equal(a.inner.phone, "none");
}

static void
test_everything_given(void **state)
{
	struct all a;

	(void)state;
	assert_int_equal(read_text("other: { whatever = 1; };\nhouse: { text = \"x\"; number = 7;"
	    " colour = \"blue\"; flag = false; colours = (\"green\"); texts = (\"q\");"
	    " rows = ( { name = \"r\"; }, { name = \"s\"; size = 2; } ); inner: { phone = \"1\"; }; };",
	    &a), 0);
	assert_int_equal(a.number, 7);
	assert_int_equal(a.word, 2);
	assert_false(a.flag);
	assert_int_equal(a.words, 2);
	assert_int_equal(a.n_texts, 1);
	assert_int_equal(a.n_rows, 2);
	assert_int_equal(a.rows[0].size, 5);
	assert_string_equal(a.rows[1].name, "s");
	assert_string_equal(a.inner.phone, "1");
}

static void
test_mistakes(void **state)
{
	static const struct { const char *text, *told; } cases[] = {
		{ "house: {\n text = \"x\";\n numbr = 1; };",
		  "3 house.numbr: unknown setting; did you mean \"number\"?\n" },
		{ "hous: { };\nhouse: { text = \"x\"; };",
		  "1 hous: unknown setting; did you mean \"house\"?\n" },
		{ "house: { text = \"x\"; zzzzzz = 1; };", "1 house.zzzzzz: unknown setting\n" },
		{ "house: { };", "1 house.text: has to be set: some text\n" },
		{ "", "0 house.text: has to be set: some text\n" },
		{ "house: { text = 5; };", "1 house.text: has to be text between quotation marks\n" },
		{ "house: { text = \"\"; };", "1 house.text: is too short: some text\n" },
		{ "house: { text = \"12345678901234567\"; };",
		  "1 house.text: is longer than 15 bytes\n" },
		{ "house: { text = \"x\"; number = 101; };",
		  "1 house.number: is 101, and has to be from 1 to 100\n" },
		{ "house: { text = \"x\"; number = \"1\"; };",
		  "1 house.number: has to be a whole number, without quotation marks\n" },
		{ "house: { text = \"x\"; flag = \"yes\"; };",
		  "1 house.flag: has to be true or false, without quotation marks\n" },
		{ "house: { text = \"x\"; colour = \"gren\"; };",
		  "1 house.colour: \"gren\" is none of \"red\", \"green\", \"blue\"; did you mean \"green\"?\n" },
		{ "house: { text = \"x\"; texts = (\"a\",\"b\",\"c\",\"d\"); };",
		  "1 house.texts: holds 4, and has to hold from 0 to 3\n" },
		{ "house: { text = \"x\"; rows = ( { nam = \"a\"; } ); };",
		  "1 house.rows[0].nam: unknown setting; did you mean \"name\"?\n"
		  "1 house.rows[0].name: has to be set: a name\n" },
		{ "house: { text = \"x\"; inner = 1; };",
		  "1 house.inner: has to be a group: { ... }\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct all a;

		assert_int_not_equal(read_text(cases[i].text, &a), 0);
		assert_string_equal(told, cases[i].told);
	}
}

static void
test_syntax(void **state)
{
	struct all a;

	(void)state;
	assert_int_not_equal(read_text("house: {\n text = ;\n};", &a), 0);
	assert_memory_equal(told, "2 : ", 4);
	assert_int_not_equal(conf_read("/nonexistent", (struct conf_section[]){ CONF_END }, tell, NULL), 0);
}

static int
read_again(const char *text, struct all *used)
{
	static const char *const fixed[] = { "house.number", "house.texts", "house.inner", NULL };
	const struct conf_section sections[] = {
		{ .name = "house", .table = table, .out = used, .size = sizeof *used },
		CONF_END,
	};
	char path[] = "/tmp/latchkey-conf-XXXXXX";
	int fd = mkstemp(path), r;

	told[0] = later[0] = '\0';
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	r = conf_read_again(path, sections, fixed, tell_later, tell, NULL);
	unlink(path);
	return r;
}

static void
test_again(void **state)
{
	struct all a;

	(void)state;
	assert_int_equal(read_text("house: { text = \"x\"; colours = (\"green\"); };", &a), 0);
	assert_int_equal(read_again("house: { text = \"longer\"; flag = false; colours = (\"red\"); };",
	    &a), 0);
	assert_string_equal(a.text, "longer");
	assert_false(a.flag);
	assert_int_equal(a.words, 1);
	assert_string_equal(later, "");
	/* What was taken out of the file has its default again. */
	assert_int_equal(read_again("house: { text = \"y\"; };", &a), 0);
	assert_true(a.flag);
	assert_int_equal(a.words, 5);
}

static void
test_again_with_a_mistake(void **state)
{
	struct all a, before;

	(void)state;
	assert_int_equal(read_text("house: { text = \"x\"; };", &a), 0);
	before = a;
	assert_int_equal(read_again("house: { text = \"other\"; flag = false; size = 1; };", &a), 1);
	assert_memory_equal(&a, &before, sizeof a);
	assert_non_null(strstr(told, "unknown setting"));
}

static void
test_again_but_fixed(void **state)
{
	struct all a;

	(void)state;
	assert_int_equal(read_text("house: { text = \"x\"; inner: { phone = \"1\"; }; };", &a), 0);
	assert_int_equal(read_again("house: { text = \"y\"; number = 7; texts = (\"q\");"
	    " inner: { phone = \"2\"; }; };", &a), 0);
	assert_string_equal(a.text, "y");
	assert_int_equal(a.number, 42);
	assert_int_equal(a.n_texts, 2);
	assert_string_equal(a.texts[0], "a");
	assert_string_equal(a.inner.phone, "1");
	assert_string_equal(later, "house.number house.texts house.inner ");
}

static void
test_where(void **state)
{
	char out[CONF_WHERE];

	(void)state;
	conf_where(out, "a.conf", 12, "house.text");
	assert_string_equal(out, "a.conf:12: house.text");
	conf_where(out, "a.conf", 0, "house.text");
	assert_string_equal(out, "a.conf: house.text");
	conf_where(out, "a.conf", 12, "");
	assert_string_equal(out, "a.conf:12");
	conf_where(out, "a.conf", 0, "");
	assert_string_equal(out, "a.conf");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_everything_given),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_again_with_a_mistake),
		cmocka_unit_test(test_again_but_fixed),
		cmocka_unit_test(test_where),
	};

	return cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
