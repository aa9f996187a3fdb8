#include "courier/template.h"

#include <stdio.h>
#include <string.h>

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz_"

/* ---- Where the placeholders are -------------------------------------------- */

const char *
template_next(const char **at, char name[SLOT_NAME_LONGEST + 1])
{
	const char *brace = *at;
	size_t len;

	for (; (brace = strchr(brace, '{')) != NULL; brace++) {
		len = strspn(brace + 1, NAME_LETTERS);
		if (len == 0 || len > SLOT_NAME_LONGEST || brace[1 + len] != '}')
			continue;
		memcpy(name, brace + 1, len);
		name[len] = '\0';
		*at = brace + len + 2;
		return brace;
	}
	return NULL;
}

bool
template_holds(const char *template, const char *name)
{
	char found[SLOT_NAME_LONGEST + 1];

	while (template_next(&template, found) != NULL)
		if (strcmp(found, name) == 0)
			return true;
	return false;
}

bool
template_stranger(const char *template, const char *const *names,
    char stranger[SLOT_NAME_LONGEST + 1])
{
	size_t i;

	while (template_next(&template, stranger) != NULL) {
		for (i = 0; names[i] != NULL && strcmp(names[i], stranger) != 0; i++)
			continue;
		if (names[i] == NULL)
			return true;
	}
	return false;
}

/* ---- What goes in ------------------------------------------------------------- */

static int
put(struct draft *d, const char *data, size_t len)
{
	if (len > DRAFT_LONGEST - d->len)
		return -1;
	memcpy(d->text + d->len, data, len);
	d->len += len;
	d->text[d->len] = '\0';
	return 0;
}

static int
put_plain(struct draft *d, unsigned char c)
{
	return put(d, (const char *)&c, 1);
}

static int
put_percent(struct draft *d, unsigned char c)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";
	char code[4];

	if (strchr(unreserved, c) != NULL)
		return put_plain(d, c);
	snprintf(code, sizeof code, "%%%02X", (unsigned int)c);
	return put(d, code, 3);
}

static int
put_json(struct draft *d, unsigned char c)
{
	char code[7];

	if (c == '"' || c == '\\')
		return put(d, c == '"' ? "\\\"" : "\\\\", 2);
	if (c >= 0x20 && c != 0x7f)
		return put_plain(d, c);
	snprintf(code, sizeof code, "\\u%04x", (unsigned int)c);
	return put(d, code, 6);
}

static int
put_xml(struct draft *d, unsigned char c)
{
	static const char *const names[] = {
		['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
		/* In an attribute these would be read as blanks. */
		['\n'] = "&#10;", ['\t'] = "&#9;", ['\r'] = "&#13;",
	};
	const char *name = c < sizeof names / sizeof names[0] ? names[c] : NULL;

	if (name != NULL)
		return put(d, name, strlen(name));
	/* XML 1.0 has no way to write the others. */
	return c < 0x20 ? -1 : put_plain(d, c);
}

static int
put_header(struct draft *d, unsigned char c)
{
	return c < 0x20 || c == 0x7f ? -1 : put_plain(d, c);
}

static const struct slot *
find_slot(const struct slot *slots, const char *name)
{
	for (; slots->name != NULL; slots++)
		if (strcmp(slots->name, name) == 0)
			return slots;
	return NULL;
}

int
template_fill(struct draft *d, const char *template, const struct slot *slots, enum escape escape)
{
	static int (*const putters[])(struct draft *, unsigned char) = {
		[ESCAPE_NONE] = put_plain, [ESCAPE_PERCENT] = put_percent,
		[ESCAPE_JSON] = put_json, [ESCAPE_XML] = put_xml, [ESCAPE_HEADER] = put_header,
	};
	char name[SLOT_NAME_LONGEST + 1];
	const char *from = template, *at = template, *brace;
	const struct slot *s;

	while ((brace = template_next(&at, name)) != NULL) {
		if (put(d, from, (size_t)(brace - from)) == -1 ||
		    (s = find_slot(slots, name)) == NULL)
			return -1;
		for (const char *p = s->value; *p != '\0'; p++)
			if (putters[escape](d, (unsigned char)*p) == -1)
				return -1;
		from = at;
	}
	return put(d, from, strlen(from));
}

void
draft_wipe(struct draft *d)
{
	explicit_bzero(d->text, d->len + 1);
	d->len = 0;
}
