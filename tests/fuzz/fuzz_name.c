/*
 * The name of a flow, and a code, as somebody sends them: only a name that keeper made
 * opens one, whatever is done to it.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "keeper/code.h"

static struct key key;
static char genuine[FLOW_LONGEST + 1];

static void
start(void)
{
	const struct opening o = { 1700000000, JOURNEY_RECOVER, WISH_RESET, "nl" };

	memset(key.byte, 7, sizeof key.byte);
	code_open(&key, &o, genuine);
}

/* An input over a part of a name that is ours. */
static void
check_changed(const char *text)
{
	char name[FLOW_LONGEST + 1];
	size_t len = strlen(genuine), n = strlen(text);
	struct opening o;

	for (size_t at = 0; at < len; at += 7) {
		strcpy(name, genuine);
		memcpy(name + at, text, n < len - at ? n : len - at);
		if (strcmp(name, genuine) != 0)
			MUST(code_opened(&key, name, &o) == -1);
	}
	MUST(code_opened(&key, genuine, &o) == 0);
	MUST(o.at == 1700000000 && o.wish == WISH_RESET && strcmp(o.lang, "nl") == 0);
}

static void
check_code(const char *text)
{
	static struct secret typed, code, again;

	if (secret_set(&typed, text, strlen(text)) == -1 || code_typed(&typed, &code) == -1)
		return;
	MUST(code.len == CODE_DIGITS && strspn(code.text, "0123456789") == CODE_DIGITS);
	MUST(code_typed(&code, &again) == 0 && secret_equal(&code, &again));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct opening o;

	if (genuine[0] == '\0')
		start();
	MUST(code_opened(&key, text, &o) == (strcmp(text, genuine) == 0 ? 0 : -1));
	check_changed(text);
	check_code(text);
	free(text);
	return 0;
}
