/* Judging a password: lengths, names, kinds of characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/password.h"
#include "registrar/rules.h"

#define BIT(rule) (1U << (rule))

static struct secret
secret_of(const char *text)
{
	struct secret s;

	assert_int_equal(secret_set(&s, text, strlen(text)), 0);
	return s;
}

static uint32_t
judged(const struct rules *r, const char *text)
{
	struct secret typed = secret_of(text), composed;

	password_compose(&typed, &composed);
	return rules_judge(r, &composed);
}

static void
add_name(struct account *a, enum name_kind kind, const char *text)
{
	a->names[a->n_names].kind = kind;
	strcpy(a->names[a->n_names++].text, text);
}

/* ---- Names: [MS-SAMR] 3.1.1.7.2 ----------------------------------------------- */

static const struct {
	const char	*login, *display, *password;
	int		 broken;
} names[] = {
	{ "a.jansen", "Anna Jansen", "xxJansenxx1", 1 }, { "a.jansen", "Anna Jansen", "JANSEN", 1 },
	{ "a.jansen", "Anna Jansen", "bananna", 1 }, { "a.jansen", "Anna Jansen", "Janssen42", 0 },
	{ "a.jansen", "Anna Jansen", "j-a-n-s-e-n", 0 }, { "a.jansen", "", "my.A.JANSEN!", 1 },
	/* The user name counts as a whole, not in words. */
	{ "a.jansen", "", "Jansen42", 0 }, { "ab", "", "abcdef", 0 }, { "abc", "", "xABCx", 1 },
	/* The display name counts in words, not as a whole; two letters are no word. */
	{ "x", "Erin M. Hagens", "hagens99", 1 }, { "x", "Erin M. Hagens", "mMmMmM", 0 },
	{ "x", "Erin M. Hagens", "Hag.ens", 0 }, { "x", "Jo van der Berg", "Wonderful1", 1 },
	{ "x", "Jo van der Berg", "Joviaal", 0 },
	/* Each separator. */
	{ "x", "een,twee", "xtweex", 1 }, { "x", "een.twee", "xtweex", 1 },
	{ "x", "een\ttwee", "xtweex", 1 }, { "x", "een-twee", "xtweex", 1 },
	{ "x", "een_twee", "xtweex", 1 }, { "x", "een#twee", "xtweex", 1 },
	{ "x", "een twee", "xtweex", 1 }, { "x", "een/twee", "xtweex", 0 },
	{ "x", "een/twee", "een/twee", 1 }, { "x", " ,.een.., ", "xeenx", 1 },
	/* Other letters, in either case and either composition. */
	{ "x", "Ren\xc3\xa9", "xREN\xc3\x89x", 1 }, { "x", "Ren\xc3\xa9", "rene\xcc\x81!", 1 },
	{ "x", "Rene\xcc\x81", "ren\xc3\xa9!", 1 }, { "x", "Ren\xc3\xa9", "Rene42", 0 },
	{ "x", "\xd0\x9e\xd0\xbb\xd1\x8f", "\xd0\xbe\xd0\xbb\xd1\x8f", 1 },
	{ "", "", "anything", 0 }, { "x", ", . - _ #", ", . - _ #", 0 },
};

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct account a = { .n_names = 0 };
		struct rules r = { .n_terms = 0 };

		add_name(&a, NAME_LOGIN, names[i].login);
		add_name(&a, NAME_DISPLAY, names[i].display);
		rules_name(&r, &a, false);
		if (judged(&r, names[i].password) != (names[i].broken ? BIT(RULE_NAME) : 0))
			fail_msg("%s, %s: %s was %s", names[i].login, names[i].display,
			    names[i].password, names[i].broken ? "taken" : "refused");
	}
}

static void
test_extra_names_by_setting(void **state)
{
	struct account a = { .n_names = 0 };
	struct rules without = { .n_terms = 0 }, with = { .n_terms = 0 };

	(void)state;
	add_name(&a, NAME_DISPLAY, "A. Jansen");
	add_name(&a, NAME_EXTRA, "Annabel");
	rules_name(&without, &a, false);
	rules_name(&with, &a, true);
	assert_int_equal(judged(&without, "xannabelx"), 0);
	assert_int_equal(judged(&with, "xannabelx"), BIT(RULE_NAME));
	assert_int_equal(judged(&with, "xjansenx"), BIT(RULE_NAME));
}

static void
test_terms_are_told_once_and_in_lower_case(void **state)
{
	struct account a = { .n_names = 0 };
	struct rules r = { .n_terms = 0 };
	struct msg_rules out = { .n_rules = 0 };
	char longest[PERSON_NAME_LONGEST + 1];

	(void)state;
	memset(longest, 'q', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	add_name(&a, NAME_LOGIN, "JANSEN");
	add_name(&a, NAME_DISPLAY, "Zo\xc3\x8b Jansen");
	add_name(&a, NAME_DISPLAY, longest);
	rules_name(&r, &a, false);
	rules_tell(&r, &out);
	assert_int_equal(out.n_rules, 1);
	assert_int_equal(out.rules[0].rule, RULE_NAME);
	assert_int_equal(out.n_terms, 2);
	assert_string_equal(out.terms[0], "jansen");
	assert_string_equal(out.terms[1], "zo\xc3\xab");
	/* Too long to be shown, and judged all the same. */
	assert_int_equal(judged(&r, longest), BIT(RULE_NAME));
}

/* ---- Lengths, kinds, what is no text ---------------------------------------------- */

static void
test_lengths(void **state)
{
	struct rules r = { .holds = { [RULE_LENGTH] = true, [RULE_LONGEST] = true },
		.number = { [RULE_LENGTH] = 8, [RULE_LONGEST] = 10 } };

	(void)state;
	assert_int_equal(judged(&r, "1234567"), BIT(RULE_LENGTH));
	assert_int_equal(judged(&r, "12345678"), 0);
	assert_int_equal(judged(&r, "1234567890"), 0);
	assert_int_equal(judged(&r, "12345678901"), BIT(RULE_LONGEST));
	assert_int_equal(judged(&r, "      a "), 0);
	/* slapd counts bytes: four times e with an accent are eight. */
	assert_int_equal(judged(&r, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), 0);
	assert_int_equal(judged(&r, "e\xcc\x81" "e\xcc\x81"), BIT(RULE_LENGTH));
	/* Windows counts UTF-16: a picture is two. */
	r.unit = UNIT_UTF16;
	assert_int_equal(judged(&r, "123456\xf0\x9f\x98\x80"), 0);
	assert_int_equal(judged(&r, "12345\xf0\x9f\x98\x80"), BIT(RULE_LENGTH));
	assert_int_equal(judged(&r, "123456789\xf0\x9f\x98\x80"), BIT(RULE_LONGEST));
	assert_int_equal(judged(&r, "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), BIT(RULE_LENGTH));
	assert_int_equal(judged(&(struct rules){ .n_terms = 0 }, ""), BIT(RULE_LENGTH));
}

static void
test_kinds_of_characters(void **state)
{
	static const struct {
		const char	*password;
		uint32_t	 kinds;
	} table[] = {
		{ "abcdefgh", 1 }, { "abcdEFGH", 2 }, { "abcdEF12", 3 }, { "abcdEF1!", 4 },
		{ "abcdEF1!\xe6\xb0\xb4", 5 }, { "abc \xe2\x82\xac", 1 }, { "12345678", 1 },
		/* Beyond ASCII: the smaller of two ways to count, and signs are of no kind. */
		{ "\xc3\xa9\xc3\x89", 1 }, { "a\xc3\xa9" "1", 2 }, { "aA\xc3\xa9", 2 },
		{ "A\xc3\xa9" "1", 3 }, { "a\xe6\xb0\xb4" "1", 3 },
		{ "ab1\xf0\x9f\x98\x80", 2 }, { "ab1\xf0\xa0\x80\x80", 2 },
		{ "aB\xc7\x85", 2 }, { "a1\xc3\x9f", 2 }, { "()`~!@#$%^&*_-+=|\\{}[]:;\"'<>,.?/", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		for (uint32_t asked = 1; asked <= 5; asked++) {
			struct rules r = { .holds = { [RULE_CLASSES] = true },
				.number = { [RULE_CLASSES] = asked } };

			assert_int_equal(judged(&r, table[i].password),
			    asked > table[i].kinds ? BIT(RULE_CLASSES) : 0);
		}
}

static void
test_what_is_no_text(void **state)
{
	static const char *const bad[] = { "\xff\xfe" "123456", "abc\xc3", "abc\tdef", "abc\x7f",
	    "abc\xc2\x85" "def", "\xed\xa0\x80" };
	struct rules r = { .n_terms = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(judged(&r, bad[i]), BIT(RULE_QUALITY));
}

/* ---- One that nobody knows -------------------------------------------------------------- */

static void
test_random_ones_obey_the_rules(void **state)
{
	static const struct {
		uint32_t	least, most;	/* 0: no such rule */
		size_t		len;
		bool		impossible;
	} table[] = {
		{ 0, 0, 40, false }, { 8, 256, 40, false }, { 64, 0, 64, false }, { 0, 12, 12, false },
		{ SECRET_LONGEST, 0, SECRET_LONGEST, false },
		{ SECRET_LONGEST + 1, 0, 0, true }, { 20, 10, 10, true },
	};
	struct secret one, other;

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct rules r = { .holds = { [RULE_CLASSES] = true, [RULE_AGE] = true } };

		r.number[RULE_CLASSES] = 3;
		r.holds[RULE_LENGTH] = table[i].least > 0;
		r.number[RULE_LENGTH] = table[i].least;
		r.holds[RULE_LONGEST] = table[i].most > 0;
		r.number[RULE_LONGEST] = table[i].most;
		memset(&one, 0, sizeof one);
		memset(&other, 0, sizeof other);
		assert_int_equal(rules_random(&r, &one) != 0, table[i].impossible);
		assert_int_equal(one.len, table[i].len);
		assert_int_equal(rules_random(&r, &other) != 0, table[i].impossible);
		assert_int_equal(secret_equal(&one, &other), one.len == 0);
	}
}

/* ---- What is written ------------------------------------------------------------------ */

static void
test_nothing_is_trimmed_or_folded(void **state)
{
	static const char *const same[] = { " a ", "ABC", "\xef\xac\x81", "\xc3\xa9", "\xff", "" };
	struct secret typed, out;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
		typed = secret_of(same[i]);
		password_compose(&typed, &out);
		assert_true(secret_equal(&typed, &out));
	}
	typed = secret_of("e\xcc\x81");
	password_compose(&typed, &out);
	assert_string_equal(out.text, "\xc3\xa9");
	assert_int_equal(out.len, 2);
}

/* Composing may lengthen: U+0958 becomes two characters, three bytes six. */
static void
test_longest_stays_whole(void **state)
{
	struct secret typed = { .len = 0 }, out;

	(void)state;
	while (typed.len + 3 <= SECRET_LONGEST) {
		memcpy(typed.text + typed.len, "\xe0\xa5\x98", 3);
		typed.len += 3;
	}
	typed.text[typed.len] = '\0';
	password_compose(&typed, &out);
	assert_true(secret_equal(&typed, &out));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_extra_names_by_setting),
		cmocka_unit_test(test_terms_are_told_once_and_in_lower_case),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_kinds_of_characters),
		cmocka_unit_test(test_what_is_no_text),
		cmocka_unit_test(test_random_ones_obey_the_rules),
		cmocka_unit_test(test_nothing_is_trimmed_or_folded),
		cmocka_unit_test(test_longest_stays_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
