/* A form: what was read is told apart by its names, and gone once it is wiped. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "portal/form.h"

/* Each byte as %XX, which is the longest way to write it. */
static size_t
encode(char *out, const char *text)
{
	size_t o = 0;

	for (; *text != '\0'; text++)
		o += (size_t)sprintf(out + o, "%%%02x", (unsigned char)*text);
	return o;
}

static void
check_field(const struct form *f, size_t i)
{
	const struct secret *value = &f->fields[i].value;

	MUST(f->fields[i].name[0] != '\0');
	MUST(value->len <= SECRET_LONGEST && strlen(value->text) == value->len);
	MUST(text_utf8(value->text, value->len));
	MUST(form_find(f, f->fields[i].name) == value);
}

static void
check_again(const struct form *f)
{
	static char data[FORM_FIELDS_MOST * 3 * (32 + SECRET_LONGEST) + 64];
	static struct form again;
	size_t o = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (i > 0)
			data[o++] = '&';
		o += encode(data + o, f->fields[i].name);
		data[o++] = '=';
		o += encode(data + o, f->fields[i].value.text);
	}
	MUST(form_parse(&again, data, o) == 0 && again.n == f->n);
	for (size_t i = 0; i < f->n; i++)
		MUST(strcmp(form_text(&again, f->fields[i].name), f->fields[i].value.text) == 0);
	form_wipe(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char nothing[SECRET_LONGEST + 1];
	static struct form f;
	int r = form_parse(&f, (const char *)data, size);

	MUST(r == 0 || r == -1 || r == -2);
	MUST(f.n <= FORM_FIELDS_MOST);
	if (r == 0) {
		for (size_t i = 0; i < f.n; i++)
			check_field(&f, i);
		check_again(&f);
	}
	form_wipe(&f);
	for (size_t i = 0; i < FORM_FIELDS_MOST; i++)
		MUST(memcmp(f.fields[i].value.text, nothing, sizeof nothing) == 0);
	return 0;
}
