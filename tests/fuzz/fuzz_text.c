/* Text: folding twice is folding once; JSON reads back; typed things are plain ASCII. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/typed.h"
#include "fuzz.h"

enum { ROOM = 4096 };

static void
check_fold(const char *text)
{
	static char folded[ROOM], again[ROOM];

	if (text_fold(folded, sizeof folded, text) == -1)
		return;
	MUST(text_utf8(text, strlen(text)) && text_utf8(folded, strlen(folded)));
	MUST(text_fold(again, sizeof again, folded) == 0);
	MUST(strcmp(folded, again) == 0);
}

static void
check_plain(const char *text)
{
	if (!text_plain(text))
		return;
	MUST(text_utf8(text, strlen(text)));
	for (; *text != '\0'; text++)
		MUST((unsigned char)*text >= 0x20 && *text != 0x7f);
}

static void
check_harmless(const char *text)
{
	static char out[ROOM];

	text_harmless(out, sizeof out, text);
	MUST(text_plain(out));
	if (text_plain(text) && strlen(text) < sizeof out)
		MUST(strcmp(text, out) == 0);
	text_harmless(out, 8, text);
	MUST(strlen(out) < 8 && text_plain(out));
}

static void
check_json(const char *text)
{
	static char out[ROOM];
	size_t len = text_json(out, sizeof out, text);
	json_t *o;

	MUST(len == strlen(out));
	if (len == 0 || !text_utf8(text, strlen(text)))
		return;
	o = json_loads(out, JSON_DECODE_ANY, NULL);
	MUST(json_is_string(o) && strcmp(json_string_value(o), text) == 0);
	json_decref(o);
}

static void
check_typed(const char *text)
{
	char out[64], again[64];

	if (typed_ascii(text, out, sizeof out) == -1)
		return;
	for (const char *p = out; *p != '\0'; p++)
		MUST(*p >= 0x20 && (unsigned char)*p < 0x80);
	MUST(out[0] != ' ' && (out[0] == '\0' || out[strlen(out) - 1] != ' '));
	MUST(typed_ascii(out, again, sizeof again) == 0 && strcmp(out, again) == 0);
}

static void
check_distance(const char *a, const char *b)
{
	size_t d = text_distance(a, b), la = strlen(a), lb = strlen(b);

	MUST(d == text_distance(b, a));
	MUST(d == SIZE_MAX || (d <= (la > lb ? la : lb) && (d == 0) == (strcmp(a, b) == 0)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *rest;

	check_fold(text);
	check_plain(text);
	check_harmless(text);
	check_json(text);
	check_typed(text);
	rest = fuzz_halves(text);
	check_distance(text, rest);
	free(text);
	return 0;
}
