/* The message to a person, and whether a telephone can show it in its own alphabet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "courier/letter.h"
#include "courier/settings.h"
#include "courier/wording.h"
#include "wire/house.h"

static struct letter letter;

static int
write_letter(const char *url, const char *lang)
{
	struct msg_send m = { .channel = CHANNEL_SMS, .address = "+31612345678", .minutes = 10 };

	snprintf(house.public_url, sizeof house.public_url, "%s", url);
	snprintf(m.lang, sizeof m.lang, "%s", lang);
	assert_int_equal(secret_set(&m.code, "12345678", 8), 0);
	letter_wipe(&letter);
	return letter_write(&letter, &m);
}

static void
test_text(void **state)
{
	(void)state;
	snprintf(house.organisation, sizeof house.organisation, "Zorggroep {code} Linde");
	snprintf(settings.languages[0], sizeof settings.languages[0], "en");
	settings.n_languages = 1;
	assert_int_equal(write_letter("https://recover.example.nl", "en"), 0);
	assert_string_equal(letter.to.text, "+31612345678");
	assert_string_equal(letter.text.text, "12345678 is your recovery code for "
	    "Zorggroep {code} Linde, valid for 10 minutes. Never give it to anyone.\n\n"
	    "@recover.example.nl #12345678");
	assert_int_equal(letter.text.len, strlen(letter.text.text));
	/* A language that is not here gets the first. */
	assert_int_equal(write_letter("https://recover.example.nl", "xx"), 0);
}

/* What a telephone shows as one message: so long may the names be that stand in it. */
static void
test_one_message(void **state)
{
	static const char *const langs[] = { "nl", "en" };
	/* No day and month are longer, in either language. */
	struct msg_send m = { .channel = CHANNEL_SMS, .address = "+31612345678", .minutes = 10,
	    .at = 1600905599 };

	(void)state;
	strcpy(courier_portal.desk.phone, "+31 10 123 45 67");
	snprintf(settings.share, sizeof settings.share, "share");
	snprintf(house.organisation, sizeof house.organisation, "Zorggroep De Linden");
	snprintf(house.public_url, sizeof house.public_url, "https://herstel.linde.nl");
	assert_int_equal(secret_set(&m.code, "12345678", 8), 0);
	for (size_t i = 0; i < sizeof langs / sizeof langs[0]; i++) {
		snprintf(settings.languages[0], sizeof settings.languages[0], "%s", langs[i]);
		letter_prepare();
		for (int which = 0; which < TEXT__COUNT; which++) {
			m.template = (enum text_template)which;
			letter_wipe(&letter);
			assert_int_equal(letter_write(&letter, &m), 0);
			assert_true(letter_is_gsm(letter.text.text));
			assert_in_range(letter.text.len, 1, 160);
			if (wording[which].brings_code)
				assert_string_equal(strrchr(letter.text.text, '\n'),
				    "\n@herstel.linde.nl #12345678");
			else
				assert_null(strstr(letter.text.text, "12345678"));
		}
		letter_forget();
	}
}

/* Browsers compare the host alone. */
static void
test_host(void **state)
{
	static const char *const urls[] = {
		"https://h.nl", "https://h.nl/", "https://h.nl:8443", "http://h.nl:80/a", "h.nl/x",
	};

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
		assert_int_equal(write_letter(urls[i], "en"), 0);
		assert_non_null(strstr(letter.text.text, "\n@h.nl #12345678"));
	}
}

static void
test_gsm(void **state)
{
	static const struct {
		const char	*text;
		bool		 gsm;
	} rows[] = {
		{ "", true }, { "abc XYZ 0-9 @$_^{}[]~|\\ \"'\n", true },
		{ "\xc3\xa9\xc3\xa8\xc3\xb6\xe2\x82\xac", true },		/* é è ö € */
		{ "\xc3\xab", false }, { "\xc3\xaf", false },			/* ë ï */
		{ "\xc3\x89", true }, { "\xc3\x87", true },			/* É Ç */
		{ "`", false }, { "\t", false }, { "\xe2\x80\x99", false },	/* ’ */
		{ "\xf0\x9f\x98\x80", false },					/* an emoji */
		{ "\xce\xa9", true },						/* Ω */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(letter_is_gsm(rows[i].text), rows[i].gsm);
}

/* What stands on a locked screen holds no code, and what is mailed no line for browsers. */
static void
test_mail(void **state)
{
	static const char *const langs[] = { "nl", "en" };
	struct msg_send m = { .channel = CHANNEL_MAIL, .address = "a@linde.nl", .minutes = 10 };

	(void)state;
	snprintf(settings.share, sizeof settings.share, "share");
	assert_int_equal(secret_set(&m.code, "12345678", 8), 0);
	for (size_t i = 0; i < sizeof langs / sizeof langs[0]; i++) {
		snprintf(settings.languages[0], sizeof settings.languages[0], "%s", langs[i]);
		letter_prepare();
		for (int which = 0; which < TEXT__COUNT; which++) {
			m.template = (enum text_template)which;
			letter_wipe(&letter);
			assert_int_equal(letter_write(&letter, &m), 0);
			assert_string_equal(letter.lang, langs[i]);
			assert_true(letter.subject[0] != '\0' && strpbrk(letter.subject, "{}\n") == NULL);
			assert_null(strstr(letter.subject, "12345678"));
			assert_true((strstr(letter.text.text, "12345678") != NULL) ==
			    wording[which].brings_code);
			assert_null(strstr(letter.text.text, "@"));
		}
		letter_forget();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text), cmocka_unit_test(test_host),
		cmocka_unit_test(test_gsm), cmocka_unit_test(test_one_message),
		cmocka_unit_test(test_mail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
