#include "portal/page/markup.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void
markup_begin(struct markup *m)
{
	memset(m, 0, sizeof *m);
}

static void
append(char *out, size_t size, char c)
{
	size_t len = strlen(out);

	if (len + 1 < size) {
		out[len] = (char)tolower((unsigned char)c);
		out[len + 1] = '\0';
	}
}

/* The last few bytes end with ${what}. */
static bool
ends_with(const struct markup *m, const char *what)
{
	size_t have = strlen(m->tail), want = strlen(what);

	return have >= want && strcasecmp(m->tail + have - want, what) == 0;
}

static void
remember(struct markup *m, char c)
{
	size_t len = strlen(m->tail);

	if (len + 1 == sizeof m->tail)
		memmove(m->tail, m->tail + 1, len--);
	m->tail[len] = c;
	m->tail[len + 1] = '\0';
}

static enum markup_state
leave_tag(struct markup *m)
{
	m->tail[0] = '\0';
	return strcmp(m->tag, "script") == 0 || strcmp(m->tag, "style") == 0 ? IN_CODE : IN_TEXT;
}

static enum markup_state
begin_name(struct markup *m, char c)
{
	m->name[0] = '\0';
	m->value = 0;
	append(m->name, sizeof m->name, c);
	return IN_NAME;
}

static enum markup_state
in_tag(struct markup *m, char c)
{
	if (c == '>')
		return leave_tag(m);
	return isspace((unsigned char)c) || c == '/' ? IN_TAG : begin_name(m, c);
}

static enum markup_state
in_tag_name(struct markup *m, char c)
{
	if (c == '>')
		return leave_tag(m);
	if (isspace((unsigned char)c) || c == '/')
		return IN_TAG;
	append(m->tag, sizeof m->tag, c);
	return strcmp(m->tag, "!--") == 0 ? IN_REMARK : IN_TAG_NAME;
}

static enum markup_state
in_name(struct markup *m, char c)
{
	if (c == '=')
		return BEFORE_VALUE;
	if (c == '>' || isspace((unsigned char)c))
		return in_tag(m, c);
	append(m->name, sizeof m->name, c);
	return IN_NAME;
}

/* Only the end tag of its own name ends it, and behind "<!--" not even that, for us. */
static enum markup_state
in_code(struct markup *m, char c)
{
	char end[sizeof m->tail];

	if (ends_with(m, "<!--"))
		m->tag[0] = '\0';
	snprintf(end, sizeof end, "</%s%c", m->tag, c);
	if (m->tag[0] == '\0' || (c != '>' && c != '/' && !isspace((unsigned char)c)) ||
	    !ends_with(m, end))
		return IN_CODE;
	m->tag[0] = '\0';
	return in_tag(m, c);
}

static enum markup_state
next(struct markup *m, char c)
{
	switch (m->state) {
	case IN_TEXT:
		m->tag[0] = '\0';
		return c == '<' ? IN_TAG_NAME : IN_TEXT;
	case IN_TAG_NAME:
		return in_tag_name(m, c);
	case IN_TAG:
		return in_tag(m, c);
	case IN_NAME:
		return in_name(m, c);
	case BEFORE_VALUE:
		if (c == '>')
			return leave_tag(m);
		return isspace((unsigned char)c) ? BEFORE_VALUE : c == '"' ? IN_QUOTED : IN_UNQUOTED;
	case IN_QUOTED:
		m->value++;
		return c == '"' ? IN_TAG : IN_QUOTED;
	case IN_UNQUOTED:
		return c == '>' || isspace((unsigned char)c) ? in_tag(m, c) : IN_UNQUOTED;
	case IN_REMARK:
		return ends_with(m, "-->") ? leave_tag(m) : IN_REMARK;
	case IN_CODE:
		return in_code(m, c);
	}
	return m->state;
}

void
markup_read(struct markup *m, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		remember(m, text[i]);
		m->state = next(m, text[i]);
	}
}

static bool
is_url(const char *name)
{
	static const char *const names[] = { "href", "src", "action", "formaction" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

enum markup_place
markup_place(const struct markup *m)
{
	if (m->state == IN_TEXT)
		return MARKUP_TEXT;
	/* on...= is script, and style= is as good as one. */
	if (m->state != IN_QUOTED || strncmp(m->name, "on", 2) == 0 ||
	    strcmp(m->name, "style") == 0 || strcmp(m->name, "srcdoc") == 0)
		return MARKUP_NOWHERE;
	if (!is_url(m->name))
		return MARKUP_TEXT;
	return m->value == 0 ? MARKUP_URL : MARKUP_IN_URL;
}

void
markup_filled(struct markup *m)
{
	m->value++;
}

bool
markup_same(const struct markup *a, const struct markup *b)
{
	if (a->state != b->state)
		return false;
	return a->state != IN_QUOTED || strcmp(a->name, b->name) == 0;
}

bool
markup_url_is_safe(const char *url)
{
	/* The last two cannot hold more than what is seen or heard. */
	static const char *const schemes[] = {
		"https://", "http://", "mailto:", "tel:", "data:image/png;base64,",
		"data:audio/wav;base64,",
	};

	if (url[0] == '#' || strncmp(url, "./", 2) == 0)
		return true;
	if (url[0] == '/')
		return url[1] != '/' && url[1] != '\\';
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

void
markup_escape(struct evbuffer *out, const char *text)
{
	while (*text != '\0') {
		size_t plain = strcspn(text, "&<>\"'");
		const char *entity = NULL;

		evbuffer_add(out, text, plain);
		text += plain;
		switch (*text) {
		case '&': entity = "&amp;"; break;
		case '<': entity = "&lt;"; break;
		case '>': entity = "&gt;"; break;
		case '"': entity = "&quot;"; break;
		case '\'': entity = "&#39;"; break;
		default: return;
		}
		evbuffer_add(out, entity, strlen(entity));
		text++;
	}
}
