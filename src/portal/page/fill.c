#include "portal/page/fill.h"

#include <stdio.h>
#include <string.h>

/* The value of the {name} that ${text} begins with, or NULL; ${end} is its brace. */
static const json_t *
named(const char *text, const char **end, const json_t *values)
{
	char name[48];
	size_t len;

	if (*text != '{' || (*end = strchr(text, '}')) == NULL)
		return NULL;
	len = (size_t)(*end - text) - 1;
	if (len >= sizeof name)
		return NULL;
	memcpy(name, text + 1, len);
	name[len] = '\0';
	return json_object_get(values, name);
}

void
fill_text(char *out, size_t size, const char *text, const json_t *values)
{
	size_t o = 0, len;

	while (*text != '\0' && o + 1 < size) {
		const char *end, *word = NULL;
		const json_t *v = named(text, &end, values);
		char number[24];

		if (json_is_string(v)) {
			word = json_string_value(v);
		} else if (json_is_integer(v)) {
			snprintf(number, sizeof number, "%lld", (long long)json_integer_value(v));
			word = number;
		}
		if (word == NULL) {
			out[o++] = *text++;
			continue;
		}
		if ((len = strlen(word)) >= size - o)
			break;
		memcpy(out + o, word, len);
		o += len;
		text = end + 1;
	}
	out[o] = '\0';
}
