/* Catalogues: damaged ones are refused, and ours hold every text and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/catalog.h"
#include "base/text.h"
#include "courier/wording.h"
#include "portal/page/asset.h"
#include "portal/page/lang.h"
#include "portal/page/page.h"
#include "portal/page/phrase.h"
#include "portal/settings.h"

enum { TEXTS_MOST = 400 };
static const char *used[TEXTS_MOST];
static size_t n_used;

static void
keep(const char *english, void *ctx)
{
	(void)ctx;
	for (size_t i = 0; i < n_used; i++)
		if (strcmp(used[i], english) == 0)
			return;
	assert_true(n_used < TEXTS_MOST);
	used[n_used++] = english;
}

static int
start(void **state)
{
	(void)state;
	strcpy(settings.share, "share");
	strcpy(settings.languages[0], "nl");
	strcpy(settings.languages[1], "en");
	settings.n_languages = 2;
	if (lang_start() == -1 || asset_start() == -1 || page_start() == -1)
		return -1;
	page_each_text(keep, NULL);
	phrase_each(keep, NULL);
	wording_each(keep, NULL);
	return 0;
}

static void
must_be_used(const char *english, void *ctx)
{
	for (size_t i = 0; i < n_used; i++)
		if (strcmp(used[i], english) == 0)
			return;
	fail_msg("%s.po has a text that nothing uses: %s", (const char *)ctx, english);
}

static void
test_all_and_no_other(void **state)
{
	const struct lang *l;

	(void)state;
	for (size_t n = 0; (l = lang_at(n)) != NULL; n++) {
		for (size_t i = 0; i < n_used; i++)
			/* What is not found comes back as it is: the same pointer. */
			if (lang_text(l, used[i]) == used[i])
				fail_msg("%s.po lacks: %s", l->tag, used[i]);
		catalog_each(l->catalog, must_be_used, (void *)(uintptr_t)l->tag);
	}
}

/* Each {name} of the English stands in the other text, and no name that it lacks. */
static void
names_of(const char *text, const char *other, const char *tag)
{
	char name[64];

	for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
		snprintf(name, sizeof name, "%.*s}", (int)strcspn(p, "}"), p);
		if (strstr(other, name) == NULL)
			fail_msg("%s.po: %s is not in: %s", tag, name, other);
	}
}

static void
test_names(void **state)
{
	const struct lang *l;

	(void)state;
	for (size_t n = 0; (l = lang_at(n)) != NULL; n++)
		for (size_t i = 0; i < n_used; i++) {
			names_of(used[i], lang_text(l, used[i]), l->tag);
			names_of(lang_text(l, used[i]), used[i], l->tag);
		}
}

/* Ends as a sentence, a question, or as something that is no sentence. */
static char
end_of(const char *text)
{
	size_t len = strlen(text);

	return len > 0 && strchr(".?!:;,", text[len - 1]) != NULL ? text[len - 1] : '\0';
}

/*
 * What is in no text: markup, which pages add; signs that other texts write otherwise,
 * and that a text message could not hold; blanks that nobody sees; what turns or hides.
 */
static const char *
ill_formed(const char *text, const char *english)
{
	static const char *const never[] = {
		"<", ">", "&", "  ", " \n", "\n ", "\t", "\r", "...", "\xe2\x80\xa6", " - ",
		"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c",
		"\xe2\x80\x9d", "\xc2\xa0", "\xc2\xad", " .", " ,", " ?", " !", " ;", " :",
	};
	size_t len = strlen(text);

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		if (strstr(text, never[i]) != NULL)
			return never[i];
	if (len == 0 || text[0] == ' ' || text[len - 1] == ' ' || text[len - 1] == '\n')
		return "nothing, or a blank at an end";
	if (strchr(english, '\n') == NULL && !text_plain(text))
		return "a sign that is not for reading";
	return end_of(text) == end_of(english) ? NULL : "another end than the English";
}

static void
test_well_formed(void **state)
{
	const struct lang *l;
	const char *what;

	(void)state;
	for (size_t n = 0; (l = lang_at(n)) != NULL; n++)
		for (size_t i = 0; i < n_used; i++)
			if ((what = ill_formed(lang_text(l, used[i]), used[i])) != NULL)
				fail_msg("%s.po: \"%s\" in: %s", l->tag, what,
				    lang_text(l, used[i]));
}

/* A test that can't fail is none. */
static void
test_ill_formed(void **state)
{
	static const struct { const char *text, *english; } cases[] = {
		{ "", "Next" }, { " Volgende", "Next" }, { "Volgende ", "Next" },
		{ "Een  twee", "One two" },
		{ "<b>Volgende</b>", "Next" }, { "Wacht...", "Wait." }, { "Volgende.", "Next" },
		{ "Klaar", "Done." }, { "Zo\xe2\x80\x99n", "So" }, { "a\xe2\x80\xae" "b", "ab" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_non_null(ill_formed(cases[i].text, cases[i].english));
	assert_null(ill_formed("Gaat het?", "Is it all right?"));
}

static void
test_languages(void **state)
{
	static const struct { const char *header, *tag; } cases[] = {
		{ NULL, "nl" }, { "", "nl" }, { "en", "en" }, { "en-GB,en;q=0.9", "en" },
		{ "de,fr;q=0.8", "nl" }, { "de, en;q=0.4, nl;q=0.5", "nl" }, { "nl;q=0.1,en;q=0.123456", "en" },
		{ "en;q=0", "nl" }, { "EN", "en" }, { "en;q=nan,nl", "nl" }, { ",,;;q=,", "nl" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(lang_accepted(cases[i].header)->tag, cases[i].tag);
	assert_null(lang_find("xx"));
}

/* Every byte of a good file changed, and every length: never a crash, never a read outside. */
static void
test_damaged(void **state)
{
	char path[400], why[600], copy[] = "/tmp/latchkey-mo-XXXXXX";
	static char data[1 << 16];
	size_t len;
	FILE *f;
	int fd = mkstemp(copy);

	(void)state;
	snprintf(path, sizeof path, "%s/locale/nl.mo", settings.share);
	f = fopen(path, "rb");
	assert_non_null(f);
	len = fread(data, 1, sizeof data, f);
	fclose(f);
	for (size_t i = 0; i < len; i += i < 600 ? 1 : 97) {
		struct catalog *c;

		data[i] ^= (char)0xff;
		assert_int_equal(pwrite(fd, data, len, 0), (ssize_t)len);
		if ((c = catalog_load(copy, why, sizeof why)) != NULL)
			catalog_text(c, "Cancel");
		catalog_free(c);
		data[i] ^= (char)0xff;
	}
	for (size_t cut = 0; cut < len; cut += 131) {
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, data, cut, 0), (ssize_t)cut);
		assert_null(catalog_load(copy, why, sizeof why));
		assert_non_null(strstr(why, copy));
	}
	close(fd);
	unlink(copy);
	assert_null(catalog_load("/nonexistent.mo", why, sizeof why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_and_no_other), cmocka_unit_test(test_names),
		cmocka_unit_test(test_well_formed), cmocka_unit_test(test_ill_formed),
		cmocka_unit_test(test_languages), cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
