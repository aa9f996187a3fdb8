/* What can be previewed is all that keeper can say: nothing on its lists is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "portal/page/asset.h"
#include "portal/page/page.h"
#include "portal/page/preview.h"
#include "portal/settings.h"
#include "wire/house.h"

static int
start(void **state)
{
	(void)state;
	strcpy(settings.share, "share");
	strcpy(settings.languages[0], "nl");
	settings.n_languages = 1;
	/* As the settings count fields and kinds: mobile and birth date. */
	house.n_proofs = 2;
	house.proofs[1] = (struct proof){ .field = 1, .kind = 1 };
	return lang_start() == -1 || asset_start() == -1 || page_start() == -1 ? -1 : 0;
}

/* Fail for the first word of a list that no state has. */
static void
must_have_all(const char *what, const bool *have, const char *const *words, int count)
{
	for (int i = 0; i < count; i++)
		if (!have[i])
			fail_msg("no state has the %s \"%s\"", what, words[i]);
}

static void
test_all_words(void **state)
{
	bool steps[STEP__COUNT] = { false }, outcomes[OUTCOME__COUNT] = { false };
	bool reasons[REASON__COUNT] = { false }, wishes[WISH__COUNT] = { false };
	const struct preview_state *p;
	struct msg_step s;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		preview_step(p, &s);
		steps[s.step] = outcomes[s.outcome] = reasons[s.reason] = wishes[s.wish] = true;
	}
	must_have_all("step", steps, word_step, STEP__COUNT);
	must_have_all("outcome", outcomes, word_outcome, OUTCOME__COUNT);
	must_have_all("reason", reasons, word_reason, REASON__COUNT);
	must_have_all("wish", wishes, word_wish, WISH__COUNT);
}

/* Each rule as it is judged; the one about time is told only where it is broken. */
static void
test_all_rules(void **state)
{
	bool seen[RULE__COUNT][MET__COUNT] = { { false } };
	const struct preview_state *p;
	struct msg_step s;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		preview_step(p, &s);
		for (unsigned int j = 0; j < s.n_rules; j++)
			seen[s.rules[j].rule][s.rules[j].met] = true;
	}
	for (int rule = 0; rule < RULE__COUNT; rule++)
		for (int met = 0; met < MET__COUNT; met++)
			if (!seen[rule][met] && (rule != RULE_AGE || met == MET_NO))
				fail_msg("no state has the rule \"%s\" at %d", word_rule[rule], met);
}

/* Every field that pages ask for, without a reason and with one beside it. */
static void
test_all_fields(void **state)
{
	bool asked[FIELD__COUNT] = { false }, wrong[FIELD__COUNT] = { false };
	const struct preview_state *p;
	bool top[STEP__COUNT] = { false };
	struct msg_step s;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		preview_step(p, &s);
		for (unsigned int j = 0; j < s.n_fields; j++)
			asked[s.fields[j].name] = true;
		if (s.at_field)
			wrong[s.at] = true;
		else if (s.reason != REASON_NONE && !s.refused)
			top[s.step] = true;
	}
	for (int i = 0; i < FIELD__COUNT; i++)
		if (asked[i] != wrong[i])
			fail_msg("%s is asked or wrong, not both", word_field[i]);
	assert_true(top[STEP_NAME] && top[STEP_PROOF] && top[STEP_CODE] && top[STEP_PASSWORD]);
}

/* A name is that of one file, and a text says in words what makes this one different. */
static void
test_names(void **state)
{
	const struct preview_state *p, *other;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		assert_int_equal(strspn(p->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(p->name));
		assert_true(strlen(p->text) > 3);
		for (size_t j = 0; j < i && (other = preview_at(j)) != NULL; j++)
			assert_string_not_equal(p->name, other->name);
	}
}

/* What somebody reads to the service desk from an example is not to be looked for. */
static void
test_reference(void **state)
{
	const struct preview_state *p;
	char text[REFERENCE_TEXT];
	struct msg_step s;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		preview_step(p, &s);
		reference_text(&s.reference, text);
		assert_string_equal(text, p->missing ? "" : "PREV-1EW0");
	}
}

/* Whatever house a state stands in, the admin's own is there again behind it. */
static void
test_house(void **state)
{
	const struct preview_state *p;
	struct portal_settings own = settings;
	struct house had = house;

	(void)state;
	for (size_t i = 0; (p = preview_at(i)) != NULL; i++) {
		preview_enter(p);
		assert_true(p->house != HOUSE_FULL || settings.sign_in_url[0] != '\0');
		preview_leave();
		assert_memory_equal(&own, &settings, sizeof own);
		assert_memory_equal(&had, &house, sizeof had);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_words), cmocka_unit_test(test_all_rules),
		cmocka_unit_test(test_all_fields), cmocka_unit_test(test_names),
		cmocka_unit_test(test_reference), cmocka_unit_test(test_house),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
