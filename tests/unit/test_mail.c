/* A letter as a mail: what stands in it, and what a server's answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"
#include "base/clock.h"
#include "courier/mail.h"
#include "wire/house.h"

static const struct gateway_settings gateway = {
	.name = "m", .channel = CHANNEL_MAIL, .url = "smtp://mail.linde.nl:587",
	.sender = "herstel@linde.nl",
};

static struct mail mail;

static int
write_mail(const char *to, const char *name, const char *subject, const char *text)
{
	static struct letter l;

	memset(&l, 0, sizeof l);
	snprintf(house.organisation, sizeof house.organisation, "%s", name);
	snprintf(l.subject, sizeof l.subject, "%s", subject);
	snprintf(l.lang, sizeof l.lang, "nl");
	assert_int_equal(secret_set(&l.to, to, strlen(to)), 0);
	assert_int_equal(secret_set(&l.text, text, strlen(text)), 0);
	return mail_write(&mail, &gateway, &l);
}

static void
test_whole(void **state)
{
	const char *text = mail.letter.text;

	(void)state;
	assert_int_equal(write_mail("a@b.nl", "Anna & \"Co\"", "Uw code", "12345678\n\n<b>."), 0);
	assert_string_equal(mail.url, "smtp://mail.linde.nl:587/linde.nl");
	assert_string_equal(mail_said(&mail, MAIL_FROM), "MAIL FROM:<herstel@linde.nl>\r\n");
	assert_string_equal(mail_said(&mail, MAIL_TO), "RCPT TO:<a@b.nl>\r\n");
	assert_non_null(strstr(text, "To: <a@b.nl>\r\nSubject: Uw code\r\nDate: "));
	assert_non_null(strstr(text, "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"));
	assert_non_null(strstr(text, "\r\n\r\n12345678\r\n\r\n<b>=2E\r\n--=_"));
	assert_non_null(strstr(text, "<p>&lt;b&gt;=2E</p>\r\n"));
	assert_string_equal(text + mail.letter.len - 7, "--\r\n.\r\n");
}

static void
test_headers(void **state)
{
	static const struct { const char *name, *subject, *from, *header; } rows[] = {
		{ "Linde", "Uw code", "From: \"Linde\"\r\n <herstel@linde.nl>\r\n", "Subject: Uw code\r\n" },
		{ "Zoë", "Café", "From: =?UTF-8?B?Wm/Dqw==?=\r\n <herstel@linde.nl>\r\n",
		    "Subject: =?UTF-8?B?Q2Fmw6k=?=\r\n" },
		/* A quotation mark would end the name, and an encoded word would be read as one. */
		{ "A \"B\"", "=?UTF-8?Q?x?=", "From: =?UTF-8?B?QSAiQiI=?=\r\n",
		    "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(write_mail("a@b.nl", rows[i].name, rows[i].subject, "x"), 0);
		assert_non_null(strstr(mail.letter.text, rows[i].from));
		assert_non_null(strstr(mail.letter.text, rows[i].header));
	}
}

/* No line is longer than mail may be, no character is torn, and none is one dot. */
static void
test_long(void **state)
{
	char subject[SUBJECT_LONGEST + 1] = "", text[1000] = "";

	(void)state;
	while (strlen(subject) + 4 < sizeof subject)
		strcat(subject, "€");
	while (strlen(text) + 8 < sizeof text)
		strcat(text, "ë .\n.\n");
	assert_int_equal(write_mail("a@b.nl", "Zoë", subject, text), 0);
	for (const char *p = mail.letter.text, *end; *p != '\0'; p = end + 2) {
		end = strstr(p, "\r\n");
		assert_non_null(end);
		assert_in_range(end - p, 0, 76);
		assert_true(*p != '.' || end[2] == '\0');
		for (const char *c = p; c < end; c++)
			assert_in_range(*c, 0x20, 0x7e);
	}
}

static void
test_no_header_more(void **state)
{
	(void)state;
	assert_int_equal(write_mail("a@b.nl\r\nBcc: c@d.nl", "Linde", "Uw code", "x"), -1);
	assert_int_equal(write_mail("a@b.nl>", "Linde", "Uw code", "x"), -1);
	assert_int_equal(write_mail("", "Linde", "Uw code", "x"), -1);
	assert_int_equal(write_mail("a@b.nl", "Linde", "Uw\r\nBcc: c@d.nl", "x"), -1);
}

/* As RFC 5322 writes it, and of no time zone. */
static void
test_date(void **state)
{
	(void)state;
	clock_shift(1785587459 - clock_now());
	assert_int_equal(write_mail("a@b.nl", "Linde", "Uw code", "x"), 0);
	assert_non_null(strstr(mail.letter.text, "Date: Sat, 1 Aug 2026 12:3"));
	assert_non_null(strstr(mail.letter.text, " +0000\r\nMessage-ID: <"));
	assert_non_null(strstr(mail.letter.text, "@linde.nl>\r\n"));
}

static void
test_reply(void **state)
{
	static const struct { const char *text; long status; } rows[] = {
		{ "", 0 }, { "250", 0 }, { "250 ok", 0 }, { "250 ok\r\n", 250 }, { "354\r\n", 354 },
		{ "250-a\r\n", 0 }, { "250-a\r\n250", 0 }, { "250-a\r\n250 b\r\n", 250 },
		{ "250-a\r\nhello\r\n", -1 }, { "\r\n", -1 }, { "99 x\r\n", -1 }, { "650 x\r\n", -1 },
		{ "ab\n", -1 }, { "550 no\n", 550 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(mail_reply(rows[i].text, strlen(rows[i].text)), rows[i].status);
}

static void
test_judge(void **state)
{
	static const struct { enum mail_stage stage; long status; enum verdict verdict; } rows[] = {
		{ MAIL__COUNT, 0, VERDICT_UNAVAILABLE }, { MAIL__COUNT, 220, VERDICT_UNAVAILABLE },
		{ MAIL__COUNT, 535, VERDICT_REJECTED }, { MAIL__COUNT, 454, VERDICT_UNAVAILABLE },
		{ MAIL_FROM, 250, VERDICT_OK }, { MAIL_FROM, 0, VERDICT_UNAVAILABLE },
		{ MAIL_TO, 251, VERDICT_OK }, { MAIL_TO, 550, VERDICT_REJECTED },
		{ MAIL_TO, 451, VERDICT_UNAVAILABLE }, { MAIL_TO, 354, VERDICT_UNAVAILABLE },
		{ MAIL_DATA, 354, VERDICT_OK }, { MAIL_DATA, 250, VERDICT_UNAVAILABLE },
		{ MAIL_LETTER, 250, VERDICT_OK }, { MAIL_LETTER, 0, VERDICT_UNKNOWN },
		{ MAIL_LETTER, 354, VERDICT_UNKNOWN }, { MAIL_LETTER, 452, VERDICT_UNAVAILABLE },
		{ MAIL_LETTER, 552, VERDICT_REJECTED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(mail_judge(rows[i].stage, rows[i].status), rows[i].verdict);
}

static void
test_address(void **state)
{
	char longest[ADDRESS_LONGEST + 2] = "a@";
	static const char *const good[] = {
		"a@b", "a.b+c@d-e.nl", "A_1!#$%&'*/=?^`{|}~-@1.nl", "a@127.0.0.1",
	};
	static const char *const bad[] = {
		"", "a", "@", "a@", "@b", "a@@b", ".a@b", "a.@b", "a..b@c", "a@.b", "a@b.", "a@-b",
		"a@b-", "a@b-.c", "a@b_c", "a b@c", "a@b c", "a@b\n", "a@b\r", "\"a\"@b", "a,b@c",
		"<a@b>", "a(b)@c", "a:b@c", "a;b@c", "a\\b@c", "a@[b]", "\xc3\xa9@b", "a@\xc3\xa9", "a@b\x7f",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(address_is_mail(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(address_is_mail(bad[i]));
	for (size_t i = 2; i < ADDRESS_LONGEST; i++)
		longest[i] = i % 50 == 0 ? '.' : 'b';
	assert_true(address_is_mail(longest));
	strcat(longest, "b");
	assert_false(address_is_mail(longest));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_headers),
		cmocka_unit_test(test_long), cmocka_unit_test(test_no_header_more),
		cmocka_unit_test(test_date), cmocka_unit_test(test_reply),
		cmocka_unit_test(test_judge), cmocka_unit_test(test_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
