/* The JSON API: wrong types and names are refused, and a step is told to the letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/clock.h"
#include "portal/api.h"
#include "portal/page/fill.h"
#include "portal/page/view.h"
#include "portal/settings.h"
#include "wire/house.h"

static int
start(void **state)
{
	(void)state;
	api_start();
	strcpy(settings.share, "share");
	strcpy(settings.languages[0], "nl");
	strcpy(settings.languages[1], "en");
	settings.n_languages = 2;
	return lang_start();
}

#define ANSWER(rest) "{\"flow\":\"f\",\"seq\":1,\"step\":\"name\"," rest "}"

static void
test_answer_odd(void **state)
{
	static const char *const odd[] = {
		"", "x", "[]", "null", "1", "{}", ANSWER("\"fields\":{}") "x", ANSWER("\"fields\":[]"),
		ANSWER("\"fields\":null"), ANSWER("\"fields\":\"a\""), ANSWER("\"fields\":{},\"more\":1"),
		ANSWER("\"fields\":{},\"seq\":1"), ANSWER("\"fields\":{\"username\":1}"),
		ANSWER("\"fields\":{\"username\":null}"), ANSWER("\"fields\":{\"username\":[\"a\"]}"),
		ANSWER("\"fields\":{\"username\":{\"a\":\"b\"}}"), ANSWER("\"fields\":{\"user\":\"a\"}"),
		ANSWER("\"fields\":{\"username\":\"a\",\"username\":\"b\"}"),
		ANSWER("\"fields\":{\"username\":\"a\\u0000b\"}"), ANSWER("\"fields\":{\"username\":\"\xff\"}"),
		ANSWER("\"fields\":{\"username\":\"\",\"mobile\":\"\",\"birthdate\":\"\",\"code\":\"\","
		    "\"wish\":\"\"}"),
		"{\"flow\":\"f\",\"seq\":\"1\",\"step\":\"name\",\"fields\":{}}",
		"{\"flow\":\"f\",\"seq\":1.0,\"step\":\"name\",\"fields\":{}}",
		"{\"flow\":\"f\",\"seq\":true,\"step\":\"name\",\"fields\":{}}",
		"{\"flow\":1,\"seq\":1,\"step\":\"name\",\"fields\":{}}",
		"{\"flow\":null,\"seq\":1,\"step\":\"name\",\"fields\":{}}",
		"{\"flow\":\"f\",\"seq\":1,\"step\":2,\"fields\":{}}",
		"{\"flow\":\"f\",\"seq\":1,\"step\":\"vault\",\"fields\":{}}",
		"{\"flow\":\"f\",\"seq\":1,\"fields\":{}}",
	};
	struct msg m;

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
		if (api_read_answer(&m, odd[i], strlen(odd[i])) != REASON_BAD_REQUEST)
			fail_msg("taken: %s", odd[i]);
}

static enum reason
read_answer(struct msg *m, const char *text)
{
	return api_read_answer(m, text, strlen(text));
}

static void
test_answer(void **state)
{
	char text[1200];
	struct msg m;

	(void)state;
	assert_int_equal(read_answer(&m, "{\"flow\":\"f\",\"seq\":4294967295,\"step\":\"proof\","
	    "\"fields\":{\"mobile\":\"06\",\"birthdate\":\"\"}}"), REASON_NONE);
	assert_int_equal(m.type, MSG_ANSWER);
	assert_int_equal(m.u.answer.seq, UINT32_MAX);
	assert_int_equal(m.u.answer.step, STEP_PROOF);
	assert_int_equal(m.u.answer.n_fields, 2);
	assert_int_equal(m.u.answer.fields[0].name, FIELD_MOBILE);
	assert_string_equal(m.u.answer.fields[0].value.text, "06");
	assert_int_equal(read_answer(&m, "{\"flow\":\"f\",\"seq\":4294967296,\"step\":\"name\","
	    "\"fields\":{}}"), REASON_WRONG_SEQ);
	assert_int_equal(read_answer(&m, "{\"flow\":\"f\",\"seq\":-1,\"step\":\"name\","
	    "\"fields\":{}}"), REASON_WRONG_SEQ);
	snprintf(text, sizeof text, "{\"flow\":\"%0100d\",\"seq\":1,\"step\":\"name\",\"fields\":{}}", 0);
	assert_int_equal(read_answer(&m, text), REASON_UNKNOWN_FLOW);
	snprintf(text, sizeof text, "{\"flow\":\"f\",\"seq\":1,\"step\":\"name\",\"fields\":{"
	    "\"username\":\"%0*d\"}}", SECRET_LONGEST + 1, 0);
	assert_int_equal(read_answer(&m, text), REASON_TOO_LARGE);
}

static enum reason
read_open(struct msg *m, const char *text)
{
	return api_read_open(m, text, strlen(text), "nl");
}

static void
test_open(void **state)
{
	struct msg m;

	(void)state;
	assert_int_equal(read_open(&m, "{\"journey\":\"recover\"}"), REASON_NONE);
	assert_int_equal(m.u.open.wish, WISH_NONE);
	assert_string_equal(m.u.open.lang, "nl");
	assert_int_equal(read_open(&m, "{\"journey\":\"recover\",\"wish\":\"unlock\",\"lang\":\"en-GB\"}"),
	    REASON_NONE);
	assert_int_equal(m.u.open.wish, WISH_UNLOCK);
	assert_string_equal(m.u.open.lang, "en");
	assert_int_equal(read_open(&m, "{\"journey\":\"recover\",\"wish\":null,\"lang\":null}"),
	    REASON_NONE);
	assert_int_equal(read_open(&m, "{\"journey\":\"recover\",\"wish\":\"none\"}"), REASON_BAD_REQUEST);
	assert_int_equal(read_open(&m, "{\"journey\":null}"), REASON_BAD_REQUEST);
	assert_int_equal(read_open(&m, "{\"wish\":\"reset\"}"), REASON_BAD_REQUEST);
}

/* Whoever reads it relies on these names, and on this order of nothing. */
static void
test_step(void **state)
{
	struct msg_step s = {
		.flow = "f", .seq = 7, .step = STEP_PASSWORD, .lang = "en", .reason = REASON_RULE_LENGTH,
		.at = FIELD_PASSWORD, .at_field = true, .left = 0, .life = 600, .n_fields = 1, .n_rules = 3,
		.fields = { { FIELD_PASSWORD, KIND_PASSWORD, 1024, "" } },
		.rules = { { RULE_LENGTH, 12, MET_NO }, { RULE_NAME, 0, MET_YES }, { RULE_HISTORY, 5, MET_OPEN } },
	};
	json_t *view = view_step(&s, lang_find("en")), *expected;

	(void)state;
	expected = json_loads("{\"flow\":\"f\",\"seq\":7,\"step\":\"password\","
	    "\"title\":\"Choose a new password\",\"reason\":\"rule_length\","
	    "\"reason_text\":\"This password is too short. Please choose a longer one.\","
	    "\"fields\":[{\"name\":\"password\",\"kind\":\"password\","
	    "\"label\":\"New password\",\"longest\":1024}],\"choices\":[],"
	    "\"rules\":[{\"name\":\"rule_length\",\"text\":\"At least 12 characters\",\"met\":false},"
	    "{\"name\":\"rule_name\",\"text\":\"Your name and user name are not in it\",\"met\":true},"
	    "{\"name\":\"rule_history\",\"text\":\"Not one of your last 5 passwords\",\"met\":null}],"
	    "\"left\":0,\"wait\":0,\"life\":600,\"done\":false,\"outcome\":null,\"reference\":null,"
	    "\"work\":null,\"riddle\":null}", 0, NULL);
	assert_non_null(expected);
	assert_true(json_equal(view, expected));
	json_decref(view);
	json_decref(expected);
}

static void
test_work(void **state)
{
	struct msg_step s = { .flow = "f", .step = STEP_PRICE, .work = { "0123abcd", 32, 13 } };
	json_t *view = view_step(&s, lang_find("en")), *expected;

	(void)state;
	expected = json_loads("{\"challenge\":\"0123abcd\",\"puzzles\":32,\"bits\":13}", 0, NULL);
	assert_true(json_equal(json_object_get(view, "work"), expected));
	json_decref(view);
	json_decref(expected);
}

/* Sunday 22 November 2026, 13:29:01 UTC, is what a person reads as half past two. */
static void
test_too_young(void **state)
{
	static const struct { const char *lang, *title, *text, *rule; } cases[] = {
		{ "en", "Your password can't be changed yet",
		    "Your password was changed only a short time ago. You can choose a new one from "
		    "Sunday 22 November 14:30, or call the service desk.",
		    "Your password can be changed again from Sunday 22 November 14:30" },
		{ "nl", "Uw wachtwoord kan nog niet worden gewijzigd",
		    "Uw wachtwoord is nog maar kort geleden gewijzigd. U kunt een nieuw wachtwoord "
		    "kiezen vanaf zondag 22 november 14:30 uur, of bel de servicedesk.",
		    "Uw wachtwoord kan weer worden gewijzigd vanaf zondag 22 november 14:30 uur" },
	};
	struct msg_step s = {
		.flow = "f", .seq = 7, .step = STEP_PASSWORD, .reason = REASON_RULE_AGE,
		.n_rules = 1, .rules = { { RULE_AGE, 0, MET_NO } }, .places = 5, .place = 4,
	};

	(void)state;
	setenv("TZ", "Europe/Amsterdam", 1);
	tzset();
	clock_shift(1795354141 - 3600 - clock_now());
	s.wait = s.rules[0].number = 3600;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		json_t *view = view_step(&s, lang_find(cases[i].lang));
		json_t *rule = json_array_get(json_object_get(view, "rules"), 0);

		assert_string_equal(json_string_value(json_object_get(view, "title")), cases[i].title);
		assert_string_equal(json_string_value(json_object_get(view, "reason_text")),
		    cases[i].text);
		assert_string_equal(json_string_value(json_object_get(rule, "name")), "rule_age");
		assert_string_equal(json_string_value(json_object_get(rule, "text")), cases[i].rule);
		assert_true(json_is_false(json_object_get(rule, "met")));
		json_decref(view);
	}
}

static void
test_choices(void **state)
{
	struct msg_step s = {
		.flow = "f", .step = STEP_WISH, .n_choices = 2,
		.choices = { { FIELD_WISH, WISH_RESET, CHANNEL_SMS, "" },
		    { FIELD_CHOICE, 3, CHANNEL_VOICE, "78" } },
	};
	json_t *view = view_step(&s, lang_find("nl")), *list = json_object_get(view, "choices");
	json_t *wish = json_array_get(list, 0), *way = json_array_get(list, 1);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(wish, "id")), "reset");
	assert_true(json_is_null(json_object_get(wish, "channel")));
	assert_string_equal(json_string_value(json_object_get(way, "id")), "3");
	assert_string_equal(json_string_value(json_object_get(way, "channel")), "voice");
	assert_string_equal(json_string_value(json_object_get(way, "hint")), "78");
	json_decref(view);
}

static void
test_status(void **state)
{
	static const struct { enum reason reason; int status; } cases[] = {
		{ REASON_BAD_REQUEST, 400 }, { REASON_TOO_LARGE, 413 }, { REASON_UNKNOWN_FLOW, 404 },
		{ REASON_WRONG_STEP, 409 }, { REASON_WRONG_SEQ, 409 }, { REASON_TRY_LATER, 503 },
	};
	struct msg_step s;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		view_refusal(&s, cases[i].reason);
		assert_int_equal(api_status(&s), cases[i].status);
		s.refused = false;
		assert_int_equal(api_status(&s), 200);
	}
}

static void
test_fill(void **state)
{
	char out[16];
	json_t *values = json_pack("{s:s, s:i}", "a", "x{n}", "n", 5);

	(void)state;
	fill_text(out, sizeof out, "{a}-{n}-{b}-{", values);
	assert_string_equal(out, "x{n}-5-{b}-{");
	/* A value that does not fit whole is left out, and what follows it. */
	fill_text(out, 4, "{n}{a}{n}", values);
	assert_string_equal(out, "5");
	json_decref(values);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer_odd), cmocka_unit_test(test_answer), cmocka_unit_test(test_open),
		cmocka_unit_test(test_step), cmocka_unit_test(test_work), cmocka_unit_test(test_choices),
		cmocka_unit_test(test_status), cmocka_unit_test(test_fill), cmocka_unit_test(test_too_young),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
