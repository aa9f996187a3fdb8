#include "portal/page/template.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "portal/page/fill.h"
#include "portal/page/markup.h"

enum { PAGE_LONGEST = 65536, DEPTH_MOST = 8, NAME_SIZE = 48, TEXT_SIZE = 512 };

enum node_kind { NODE_RAW, NODE_VALUE, NODE_TEXT, NODE_IF, NODE_UNLESS };

struct node {
	enum node_kind	 kind;
	bool		 url;		/* stands where a browser would follow it */
	size_t		 end;		/* IF, UNLESS: the node behind what belongs to it */
	size_t		 len;
	char		*text;		/* markup, a value's name, or English */
};

struct template {
	struct node	*nodes;
	size_t		 n, room;
};

/* A page while it is read. */
struct reading {
	const struct template_source	*source;
	struct template			*template;
	const struct reading		*outer;		/* the page that this one is part of */
	const char			*page;
	struct markup			 markup;	/* where in the HTML we are */
	char				 file[600];
	int				 line, faults;
};

static void read_page(struct reading *, const char *);

static void
fault(struct reading *r, const char *fmt, const char *what)
{
	char text[700];

	/* Every format here is our own, with one %s. */
	snprintf(text, sizeof text, fmt, what);
	r->faults++;
	r->source->fault(r->file, r->line, text);
}

/* ---- Reading ------------------------------------------------------------------- */

static struct node *
add_node(struct reading *r, enum node_kind kind, const char *text, size_t len)
{
	struct template *t = r->template;
	struct node *n;

	if (t->n == t->room) {
		t->room = t->room == 0 ? 64 : t->room * 2;
		if ((t->nodes = realloc(t->nodes, t->room * sizeof *t->nodes)) == NULL)
			fatalx("no memory for the pages");
	}
	n = &t->nodes[t->n++];
	*n = (struct node){ .kind = kind, .len = len, .text = strndup(text, len) };
	if (n->text == NULL)
		fatalx("no memory for the pages");
	return n;
}

static void
add_markup(struct reading *r, const char *text, size_t len)
{
	if (len == 0)
		return;
	markup_read(&r->markup, text, len);
	add_node(r, NODE_RAW, text, len);
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			r->line++;
}

/* A value or text stands here: is it a place where it can be escaped? */
static void
add_filled(struct reading *r, enum node_kind kind, const char *text)
{
	enum markup_place place = markup_place(&r->markup);

	if (place == MARKUP_NOWHERE)
		fault(r, "{{%s}} may stand only in text, or in an attribute between double quotes",
		    text);
	else if (place == MARKUP_IN_URL)
		fault(r, "{{%s}} must be all of this address, from the first quote on", text);
	else
		add_node(r, kind, text, strlen(text))->url = place == MARKUP_URL;
	markup_filled(&r->markup);
}

static void
add_value(struct reading *r, const char *name)
{
	if (!r->source->knows(name))
		fault(r, "there is no value called \"%s\"", name);
	add_filled(r, NODE_VALUE, name);
}

static void
check_names(struct reading *r, const char *text)
{
	char name[NAME_SIZE];

	for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(p + 1, "}"), p + 1);
		if (!r->source->knows(name))
			fault(r, "there is no value called \"%s\"", name);
	}
}

/* Pages may break a text over lines; catalogues have it on one. */
static void
add_text(struct reading *r, const char *raw)
{
	char text[TEXT_SIZE];
	size_t o = 0;

	for (const char *p = raw; *p != '\0' && o + 1 < sizeof text; p++) {
		if (!isspace((unsigned char)*p))
			text[o++] = *p;
		else if (o > 0 && text[o - 1] != ' ')
			text[o++] = ' ';
	}
	while (o > 0 && text[o - 1] == ' ')
		o--;
	text[o] = '\0';
	check_names(r, text);
	add_filled(r, NODE_TEXT, text);
}

struct open_section {
	char		name[NAME_SIZE];
	size_t		node;
	struct markup	markup;
};

static void
open_section(struct reading *r, enum node_kind kind, const char *name, struct open_section *open,
    size_t *n)
{
	if (!r->source->knows(name))
		fault(r, "there is no value called \"%s\"", name);
	if (*n == DEPTH_MOST) {
		fault(r, "{{#%s}} is nested too deep", name);
		return;
	}
	snprintf(open[*n].name, sizeof open[0].name, "%s", name);
	open[*n].node = r->template->n;
	open[*n].markup = r->markup;
	(*n)++;
	add_node(r, kind, name, strlen(name));
}

static void
close_section(struct reading *r, const char *name, struct open_section *open, size_t *n)
{
	if (*n == 0 || strcmp(open[*n - 1].name, name) != 0) {
		fault(r, "{{/%s}} closes nothing that is open here", name);
		return;
	}
	(*n)--;
	r->template->nodes[open[*n].node].end = r->template->n;
	/* Drawn or not, what follows must stand in the same place. */
	if (!markup_same(&open[*n].markup, &r->markup))
		fault(r, "{{/%s}} must stand in the same kind of place as where it was opened", name);
	r->markup = open[*n].markup;
}

/* What stands between two pairs of braces. */
static void
read_tag(struct reading *r, char *tag, struct open_section *open, size_t *n)
{
	char sign = *tag, *name = tag, *end;

	if (sign == '!')
		return;
	if (sign == 't' && isspace((unsigned char)tag[1])) {
		add_text(r, tag + 2);
		return;
	}
	if (strchr("#^/>", sign) != NULL)
		name++;
	name += strspn(name, " \t\n");
	end = name + strlen(name);
	while (end > name && isspace((unsigned char)end[-1]))
		*--end = '\0';
	if (*name == '\0' || strlen(name) >= NAME_SIZE ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-")] != '\0')
		fault(r, "\"%s\" is not a name", name);
	else if (sign == '#' || sign == '^')
		open_section(r, sign == '#' ? NODE_IF : NODE_UNLESS, name, open, n);
	else if (sign == '/')
		close_section(r, name, open, n);
	else if (sign == '>')
		read_page(r, name);
	else
		add_value(r, name);
}

static void
read_text(struct reading *r, char *at)
{
	struct open_section open[DEPTH_MOST];
	size_t n = 0;
	char *begin, *end;

	while ((begin = strstr(at, "{{")) != NULL) {
		add_markup(r, at, (size_t)(begin - at));
		if ((end = strstr(begin, "}}")) == NULL) {
			fault(r, "%s is never closed", "{{");
			return;
		}
		/* A text may end with a {name}: the last two braces are the tag's. */
		while (end[2] == '}')
			end++;
		*end = '\0';
		read_tag(r, begin + 2, open, &n);
		for (char *p = begin; p < end; p++)
			if (*p == '\n')
				r->line++;
		at = end + 2;
	}
	add_markup(r, at, strlen(at));
	if (n > 0)
		fault(r, "{{#%s}} is never closed", open[n - 1].name);
}

static FILE *
open_page(struct reading *r, const char *name)
{
	FILE *f = NULL;

	for (int i = 0; i < 2 && f == NULL; i++) {
		if (r->source->folders[i][0] == '\0')
			continue;
		snprintf(r->file, sizeof r->file, "%s/%s.html", r->source->folders[i], name);
		f = fopen(r->file, "re");
	}
	return f;
}

static bool
is_part_of(const struct reading *r, const char *name)
{
	for (; r != NULL && r->page != NULL; r = r->outer)
		if (strcmp(r->page, name) == 0)
			return true;
	return false;
}

static void
read_page(struct reading *outer, const char *name)
{
	struct reading r = *outer;
	char *text = calloc(1, PAGE_LONGEST);
	FILE *f = open_page(&r, name);
	size_t len = 0;

	if (text == NULL)
		fatalx("no memory for the pages");
	r.outer = outer;
	r.page = name;
	r.line = 1;
	r.faults = 0;
	if (f == NULL)
		fault(outer, "the page \"%s\" is missing", name);
	else if (is_part_of(outer, name))
		fault(outer, "the page \"%s\" ends up in itself", name);
	else if ((len = fread(text, 1, PAGE_LONGEST, f)) == PAGE_LONGEST)
		fault(&r, "%s is too large for a page", name);
	else if (strlen(text) != len)
		fault(&r, "%s is not a text", name);
	else
		read_text(&r, text);
	if (f != NULL)
		fclose(f);
	free(text);
	outer->markup = r.markup;
	outer->faults += r.faults;
}

struct template *
template_load(const struct template_source *source, const char *name)
{
	struct reading r = { .source = source, .template = calloc(1, sizeof *r.template) };

	if (r.template == NULL)
		fatalx("no memory for the pages");
	snprintf(r.file, sizeof r.file, "%s", source->folders[1]);
	markup_begin(&r.markup);
	read_page(&r, name);
	if (r.faults == 0)
		return r.template;
	template_free(r.template);
	return NULL;
}

/* ---- Drawing --------------------------------------------------------------------- */

struct scope {
	const json_t		*values;
	const struct scope	*outer;
};

static const json_t *
look_up(const struct scope *s, const char *name)
{
	const json_t *v = NULL;

	for (; s != NULL && v == NULL; s = s->outer)
		v = json_object_get(s->values, name);
	return v;
}

static bool
is_true(const json_t *v)
{
	if (json_is_string(v))
		return json_string_length(v) > 0;
	if (json_is_integer(v))
		return json_integer_value(v) != 0;
	if (json_is_array(v))
		return json_array_size(v) > 0;
	return json_is_true(v) || json_is_object(v);
}

static void
put_value(struct evbuffer *out, const json_t *v, bool url)
{
	if (json_is_integer(v))
		evbuffer_add_printf(out, "%lld", (long long)json_integer_value(v));
	else if (json_is_string(v) && (!url || markup_url_is_safe(json_string_value(v))))
		markup_escape(out, json_string_value(v));
	else if (url)
		evbuffer_add(out, "#", 1);
}

/* A text's {names} may come from any scope: gather them. */
static void
put_text(struct evbuffer *out, const struct scope *s, const char *text)
{
	char filled[2 * TEXT_SIZE], name[NAME_SIZE];
	json_t *values;

	if (strchr(text, '{') == NULL) {
		markup_escape(out, text);
		return;
	}
	values = json_object();
	for (const char *p = strchr(text, '{'); p != NULL; p = strchr(p + 1, '{')) {
		snprintf(name, sizeof name, "%.*s", (int)strcspn(p + 1, "}"), p + 1);
		json_object_set(values, name, (json_t *)(uintptr_t)look_up(s, name));
	}
	fill_text(filled, sizeof filled, text, values);
	markup_escape(out, filled);
	json_decref(values);
}

static void draw(const struct template *, size_t from, size_t end, struct evbuffer *,
    const struct scope *, const struct lang *);

static void
draw_section(const struct template *t, size_t at, struct evbuffer *out, const struct scope *s,
    const struct lang *lang)
{
	const struct node *n = &t->nodes[at];
	const json_t *v = look_up(s, n->text);
	size_t times = json_is_array(v) ? json_array_size(v) : is_true(v);

	if (n->kind == NODE_UNLESS)
		times = times == 0;
	for (size_t i = 0; i < times; i++) {
		struct scope inner = { json_is_array(v) ? json_array_get(v, i) : v, s };

		draw(t, at + 1, n->end, out, json_is_object(inner.values) ? &inner : s, lang);
	}
}

static void
draw(const struct template *t, size_t from, size_t end, struct evbuffer *out,
    const struct scope *s, const struct lang *lang)
{
	for (size_t i = from; i < end; i++) {
		const struct node *n = &t->nodes[i];

		switch (n->kind) {
		case NODE_RAW:
			evbuffer_add(out, n->text, n->len);
			break;
		case NODE_VALUE:
			put_value(out, look_up(s, n->text), n->url);
			break;
		case NODE_TEXT:
			put_text(out, s, lang_text(lang, n->text));
			break;
		default:
			draw_section(t, i, out, s, lang);
			i = n->end - 1;
		}
	}
}

void
template_draw(const struct template *t, struct evbuffer *out, const json_t *values,
    const struct lang *lang)
{
	struct scope all = { values, NULL };

	draw(t, 0, t->n, out, &all, lang);
}

void
template_each_text(const struct template *t, void (*each)(const char *, void *), void *ctx)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->nodes[i].kind == NODE_TEXT)
			each(t->nodes[i].text, ctx);
}

void
template_free(struct template *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->nodes[i].text);
	free(t->nodes);
	free(t);
}
