/* What a program of the house tells of its settings: nothing in it speaks to the terminal. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/findings.h"
#include "ctl/room.h"
#include "fuzz.h"

static char *printed;
static size_t printed_size;

static void
check_words(void)
{
	for (size_t i = 0; i < printed_size; i++) {
		unsigned char c = (unsigned char)printed[i];

		MUST((c >= ' ' && c != 0x7f) || c == '\n');
		MUST(c != 0xc2 || i + 1 == printed_size || (unsigned char)printed[i + 1] < 0x80 ||
		    (unsigned char)printed[i + 1] >= 0xa0);
	}
}

static void
check_json(void)
{
	char *line = printed, *end;
	json_t *o;

	for (; line < printed + printed_size; line = end + 1) {
		MUST((end = memchr(line, '\n', printed_size - (size_t)(line - printed))) != NULL);
		o = json_loadb(line, (size_t)(end - line), 0, NULL);
		MUST(json_is_object(o));
		json_decref(o);
	}
}

static void
check(char *text, size_t size, bool json)
{
	const struct call call = { .config = "/etc/latchkey.conf", .json = json };
	FILE *in = fmemopen(text, size, "r");
	struct findings *f = findings_new(&call, true);

	MUST(in != NULL);
	rewind(stdout);
	findings_read(f, ROOM_PORTAL, in);
	fflush(stdout);
	if (json)
		check_json();
	else
		check_words();
	MUST(printed_size > 0 || findings_faults(f) + findings_advice(f) == 0);
	findings_free(f);
	fclose(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (size == 0)
		return 0;
	if (printed == NULL)
		MUST((stdout = open_memstream(&printed, &printed_size)) != NULL);
	MUST((text = malloc(size)) != NULL);
	memcpy(text, data, size);
	check(text, size, false);
	check(text, size, true);
	free(text);
	return 0;
}
