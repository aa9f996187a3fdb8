/*
 * What is sent to a gateway.  The first line is a template, the rest a value: each
 * escape can be undone, and no value gets out of its place.
 */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "courier/template.h"
#include "fuzz.h"

static struct draft d;

static int
fill(const char *template, const char *value, enum escape escape)
{
	const struct slot slots[] = { { "text", value }, { "to", "+31612345678" }, { NULL, NULL } };

	draft_wipe(&d);
	return template_fill(&d, template, slots, escape);
}

static void
check_percent(const char *value)
{
	const char *p = d.text;
	unsigned int byte;

	for (; *value != '\0'; value++, p++) {
		byte = (unsigned char)*p;
		if (*p == '%') {
			MUST(sscanf(p + 1, "%2X", &byte) == 1);
			p += 2;
		} else {
			MUST(isalnum(byte) || strchr("-._~", *p) != NULL);
		}
		MUST(byte == (unsigned char)*value);
	}
	MUST(*p == '\0');
}

static void
check_json(const char *value)
{
	json_t *o;

	if (!text_utf8(value, strlen(value)))
		return;
	o = json_loads(d.text, 0, NULL);
	MUST(json_is_object(o) && json_object_size(o) == 1);
	MUST(strcmp(json_string_value(json_object_get(o, "text")), value) == 0);
	json_decref(o);
}

static void
check_xml(void)
{
	for (const char *p = d.text; *p != '\0'; p++) {
		MUST(strchr("<>\"'\n\t\r", *p) == NULL && (unsigned char)*p >= 0x20);
		MUST(*p != '&' || p[1 + strspn(p + 1, "#abcdefghijklmnopqrstuvwxyz0123456789")] == ';');
	}
}

static void
check_escapes(const char *value)
{
	if (fill("{text}", value, ESCAPE_NONE) == 0)
		MUST(strcmp(d.text, value) == 0);
	if (fill("{text}", value, ESCAPE_PERCENT) == 0)
		check_percent(value);
	if (fill("{\"text\": \"{text}\"}", value, ESCAPE_JSON) == 0)
		check_json(value);
	if (fill("{text}", value, ESCAPE_XML) == 0)
		check_xml();
	if (fill("X-Text: {text}", value, ESCAPE_HEADER) == 0)
		for (const char *p = d.text; *p != '\0'; p++)
			MUST((unsigned char)*p >= 0x20 && *p != 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "text", "to", NULL };
	char *template = fuzz_text(data, size), *value = fuzz_halves(template);
	char stranger[SLOT_NAME_LONGEST + 1];

	check_escapes(value);
	if (template_stranger(template, names, stranger)) {
		MUST(stranger[0] != '\0' && template_holds(template, stranger));
		MUST(fill(template, value, ESCAPE_PERCENT) == -1);
	} else if (fill(template, value, ESCAPE_PERCENT) == 0) {
		MUST(d.len == strlen(d.text) && d.len <= DRAFT_LONGEST);
	}
	draft_wipe(&d);
	MUST(d.len == 0 && d.text[0] == '\0');
	free(template);
	return 0;
}
