#include "base/conf_own.h"

#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* One run of the reader: where mistakes go, and how many there were. */
struct reading {
	conf_fault_fn	*fault;
	void		*ctx;
	int		 faults;
	char		 path[256];	/* of the group that is being read, with its dot */
	bool		 part;		/* names that are not in its table are not ours to judge */
};

static void read_group(struct reading *, const struct setting *, config_setting_t *, void *, int);

static void fault(struct reading *, int, const char *, const char *, ...)
    __attribute__((format(printf, 4, 5)));

static void
fault(struct reading *r, int line, const char *name, const char *fmt, ...)
{
	char full[512], text[512];
	va_list ap;

	snprintf(full, sizeof full, "%s%s", r->path, name);
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	r->faults++;
	r->fault(r->ctx, line, full, text);
}

static int
line_of(config_setting_t *s)
{
	return (int)config_setting_source_line(s);
}

void
conf_where(char out[CONF_WHERE], const char *path, int line, const char *setting)
{
	char at[16] = "";

	if (line > 0)
		snprintf(at, sizeof at, ":%d", line);
	snprintf(out, CONF_WHERE, "%s%s%s%s", path, at, setting[0] != '\0' ? ": " : "", setting);
}

/* ---- "did you mean" ------------------------------------------------------- */

/* What is none of those that it was compared with leaves the nearest of them in ${g}. */
static bool
is_word(struct guess *g, const char *typed, const char *word)
{
	text_guess(g, word, text_distance(typed, word));
	return strcmp(typed, word) == 0;
}

static bool
is_setting(struct guess *g, const char *typed, const struct setting *table)
{
	for (const struct setting *t = table; t->name != NULL; t++)
		if (is_word(g, typed, t->name))
			return true;
	return false;
}

static void
unknown(struct reading *r, config_setting_t *s, const struct guess *g)
{
	const char *name = config_setting_name(s);

	if (g->best != NULL)
		fault(r, line_of(s), name, "unknown setting; did you mean \"%s\"?", g->best);
	else
		fault(r, line_of(s), name, "unknown setting");
}

/* ---- One value ---------------------------------------------------------------- */

static void
fill_text(struct reading *r, const struct setting *t, const char *value, char *out, int line)
{
	size_t len = strlen(value);

	if (len > t->size - 1)
		fault(r, line, t->name, "is longer than %zu bytes", t->size - 1);
	else if (!text_plain(value))
		fault(r, line, t->name, "is not plain UTF-8 text");
	else if ((long)len < t->least)
		fault(r, line, t->name, "is too short: %s", t->help);
	else
		memcpy(out, value, len + 1);
}

/* The place of ${value} among the words, told if there is none. */
static int
find_word(struct reading *r, const struct setting *t, const char *value, int line)
{
	struct guess g = { .best = NULL };
	char all[256] = "";

	for (int i = 0; t->words[i] != NULL; i++) {
		if (is_word(&g, value, t->words[i]))
			return i;
		snprintf(all + strlen(all), sizeof all - strlen(all), "%s\"%s\"", i > 0 ? ", " : "",
		    t->words[i]);
	}
	if (g.best != NULL)
		fault(r, line, t->name, "\"%s\" is none of %s; did you mean \"%s\"?", value, all,
		    g.best);
	else
		fault(r, line, t->name, "\"%s\" is none of %s", value, all);
	return -1;
}

/* ---- The kinds: ${out} is where the setting's value goes ------------------------- */

/* A list of any kind: its elements are text, or groups. */
static void
wrong_element(struct reading *r, const struct setting *t, config_setting_t *e, int i)
{
	fault(r, line_of(e), t->name, "number %d of the list is of the wrong kind", i + 1);
}

static void
take_text(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	fill_text(r, t, config_setting_get_string(s), out, line_of(s));
}

static void
take_number(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	long long value = config_setting_get_int64(s);

	if (value < t->least || value > t->most)
		fault(r, line_of(s), t->name, "is %lld, and has to be from %ld to %ld", value, t->least,
		    t->most);
	else
		*(int *)(void *)out = (int)value;
}

static void
take_bool(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	(void)r;
	(void)t;
	*(bool *)(void *)out = config_setting_get_bool(s) != 0;
}

static void
take_word(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	int word = find_word(r, t, config_setting_get_string(s), line_of(s));

	if (word >= 0)
		*(int *)(void *)out = word;
}

static void
take_words(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	*(unsigned int *)(void *)out = 0;
	for (int i = 0; i < config_setting_length(s); i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *value = config_setting_get_string(e);
		int word = value == NULL ? -1 : find_word(r, t, value, line_of(e));

		if (value == NULL)
			wrong_element(r, t, e, i);
		else if (word >= 0)
			*(unsigned int *)(void *)out |= 1U << word;
	}
}

static void
take_texts(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	const struct setting one = { .name = t->name, .size = t->size, .help = t->help };

	for (int i = 0; i < config_setting_length(s); i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (config_setting_get_string(e) == NULL)
			wrong_element(r, t, e, i);
		else
			take_text(r, &one, e, out + (size_t)i * t->size);
	}
}

static void
take_group(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	read_group(r, t->table, s, out, -1);
}

static void
take_rows(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	for (int i = 0; i < config_setting_length(s); i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);

		if (config_setting_is_group(e))
			read_group(r, t->table, e, out + (size_t)i * t->size, i);
		else
			wrong_element(r, t, e, i);
	}
}

static const struct kind {
	const char	*name;		/* in the list for the manual */
	int		 type;		/* to libconfig */
	size_t		 width;		/* of its value; 0: of one element, the table says */
	bool		 counted;	/* a list that has a size_t and a range for its length */
	const char	*wanted;	/* what it has to be, where it is not */
	void		(*take)(struct reading *, const struct setting *, config_setting_t *, char *);
} kinds[] = {
	[CONF_TEXT]   = { "text", CONFIG_TYPE_STRING, 0, false, "text between quotation marks",
			  take_text },
	[CONF_NUMBER] = { "number", CONFIG_TYPE_INT, sizeof(int), false,
			  "a whole number, without quotation marks", take_number },
	[CONF_BOOL]   = { "true or false", CONFIG_TYPE_BOOL, sizeof(bool), false,
			  "true or false, without quotation marks", take_bool },
	[CONF_WORD]   = { "word", CONFIG_TYPE_STRING, sizeof(int), false, "a word between quotation marks",
			  take_word },
	[CONF_WORDS]  = { "words", CONFIG_TYPE_LIST, sizeof(int), false, "a list: ( ... )", take_words },
	[CONF_TEXTS]  = { "texts", CONFIG_TYPE_LIST, 0, true, "a list: ( ... )", take_texts },
	[CONF_GROUP]  = { "group", CONFIG_TYPE_GROUP, 0, false, "a group: { ... }", take_group },
	[CONF_ROWS]   = { "list of groups", CONFIG_TYPE_LIST, 0, true, "a list: ( ... )", take_rows },
};

size_t
conf_width(const struct setting *t)
{
	const struct kind *kind = &kinds[t->kind];

	if (kind->width != 0)
		return kind->width;
	return kind->counted ? t->size * (size_t)t->most : t->size;
}

bool
conf_is_counted(const struct setting *t)
{
	return kinds[t->kind].counted;
}

/* A number may be written with an L behind it, and a list between [ and ] as well. */
static bool
is_of(const struct kind *kind, config_setting_t *s)
{
	int type = config_setting_type(s);

	return type == kind->type || (kind->type == CONFIG_TYPE_INT && type == CONFIG_TYPE_INT64) ||
	    (kind->type == CONFIG_TYPE_LIST && type == CONFIG_TYPE_ARRAY);
}

static void
fill(struct reading *r, const struct setting *t, config_setting_t *s, char *base)
{
	const struct kind *kind = &kinds[t->kind];
	int n;

	if (!is_of(kind, s)) {
		fault(r, line_of(s), t->name, "has to be %s", kind->wanted);
		return;
	}
	if (kind->counted) {
		n = config_setting_length(s);
		if (n < t->least || n > t->most) {
			fault(r, line_of(s), t->name, "holds %d, and has to hold from %ld to %ld", n,
			    t->least, t->most);
			return;
		}
		*(size_t *)(void *)(base + t->count) = (size_t)n;
	}
	kind->take(r, t, s, base + t->at);
}

/* The default, as if somebody had typed it; a list is written with blanks between. */
static config_setting_t *
plant(const struct setting *t, config_setting_t *group)
{
	config_setting_t *s = config_setting_add(group, t->name, kinds[t->kind].type);
	char copy[512], *word, *rest = copy;

	switch (kinds[t->kind].type) {
	case CONFIG_TYPE_STRING:
		config_setting_set_string(s, t->fallback);
		break;
	case CONFIG_TYPE_INT:
		config_setting_set_int(s, (int)strtol(t->fallback, NULL, 10));
		break;
	case CONFIG_TYPE_BOOL:
		config_setting_set_bool(s, strcmp(t->fallback, "true") == 0);
		break;
	case CONFIG_TYPE_LIST:
		snprintf(copy, sizeof copy, "%s", t->fallback);
		while ((word = strsep(&rest, " ")) != NULL)
			if (*word != '\0')
				config_setting_set_string_elem(s, -1, word);
	}
	return s;
}

/* ---- A group, a section, the file ------------------------------------------------ */

/* It has no default, or one of no use. */
static bool
has_to_be_set(const struct setting *t)
{
	return t->fallback == NULL ||
	    (kinds[t->kind].counted && t->least > 0 && t->fallback[0] == '\0');
}

static void
read_settings(struct reading *r, const struct setting *table, config_setting_t *group, void *out)
{
	for (const struct setting *t = table; t->name != NULL; t++) {
		config_setting_t *s = config_setting_get_member(group, t->name);

		if (s == NULL && has_to_be_set(t))
			fault(r, line_of(group), t->name, "has to be set: %s", t->help);
		else
			fill(r, t, s != NULL ? s : plant(t, group), out);
	}
}

static void
read_group(struct reading *r, const struct setting *table, config_setting_t *group, void *out,
    int number)
{
	size_t before = strlen(r->path), room = sizeof r->path - before;
	int n = config_setting_length(group);

	if (number >= 0)
		snprintf(r->path + before, room, "%s[%d].",
		    config_setting_name(config_setting_parent(group)), number);
	else
		snprintf(r->path + before, room, "%s.", config_setting_name(group));
	for (int i = 0; i < n; i++) {
		config_setting_t *s = config_setting_get_elem(group, (unsigned int)i);
		struct guess g = { .best = NULL };

		if (!is_setting(&g, config_setting_name(s), table) && !r->part)
			unknown(r, s, &g);
	}
	read_settings(r, table, group, out);
	r->path[before] = '\0';
}

/* What stands outside any group: the settings of the section without name, and the groups. */
static void
check_top(struct reading *r, const struct conf_section *sections, config_setting_t *root)
{
	for (int i = 0; i < config_setting_length(root); i++) {
		config_setting_t *s = config_setting_get_elem(root, (unsigned int)i);
		const char *name = config_setting_name(s);
		struct guess g = { .best = NULL };
		bool known = false;

		for (const struct conf_section *c = sections; !known && !CONF_IS_END(c); c++)
			known = c->name != NULL ? is_word(&g, name, c->name) :
			    is_setting(&g, name, c->table);
		if (!known)
			unknown(r, s, &g);
	}
}

static void
read_section(struct reading *r, const struct conf_section *c, config_setting_t *root)
{
	config_setting_t *group;

	if (c->table == NULL)
		return;
	if (c->name == NULL) {
		read_settings(r, c->table, root, c->out);
		return;
	}
	if ((group = config_setting_get_member(root, c->name)) == NULL)
		group = config_setting_add(root, c->name, CONFIG_TYPE_GROUP);
	if (!config_setting_is_group(group)) {
		fault(r, line_of(group), c->name, "has to be %s", kinds[CONF_GROUP].wanted);
		return;
	}
	r->part = c->part;
	read_group(r, c->table, group, c->out, -1);
	r->part = false;
}

static int
read_file(struct reading *r, config_t *file, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];

	/* What it includes lies beside it, wherever the program was started. */
	if (slash != NULL && slash - path < (long)sizeof folder) {
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		config_set_include_dir(file, folder);
	}
	if (config_read_file(file, path) == CONFIG_TRUE)
		return 0;
	if (config_error_type(file) == CONFIG_ERR_FILE_IO)
		fault(r, 0, "", "the file cannot be read: %s", strerror(errno));
	else
		fault(r, config_error_line(file), "", "%s near this line; each setting is NAME = VALUE;",
		    config_error_text(file));
	return -1;
}

int
conf_read(const char *path, const struct conf_section *sections, conf_fault_fn *fn, void *ctx)
{
	struct reading r = { .fault = fn, .ctx = ctx };
	config_t file;

	config_init(&file);
	if (read_file(&r, &file, path) == 0) {
		check_top(&r, sections, config_root_setting(&file));
		for (const struct conf_section *c = sections; !CONF_IS_END(c); c++)
			read_section(&r, c, config_root_setting(&file));
	}
	config_destroy(&file);
	return r.faults;
}

/* ---- The list for the manual ---------------------------------------------------------- */

static void
list_table(const char *prefix, const struct setting *table)
{
	for (const struct setting *t = table; t->name != NULL; t++) {
		char name[256], range[256] = "";

		snprintf(name, sizeof name, "%s%s", prefix, t->name);
		if (t->kind == CONF_NUMBER)
			snprintf(range, sizeof range, "%ld to %ld", t->least, t->most);
		for (int i = 0; t->words != NULL && t->words[i] != NULL; i++)
			snprintf(range + strlen(range), sizeof range - strlen(range), "%s%s",
			    i > 0 ? ", " : "", t->words[i]);
		printf("%s\t%s\t%s\t%s\t%s\n", name, kinds[t->kind].name, range,
		    has_to_be_set(t) ? "(has to be set)" : t->fallback, t->help);
		if (t->table != NULL) {
			snprintf(name, sizeof name, "%s%s%s", prefix, t->name,
			    t->kind == CONF_ROWS ? "[]." : ".");
			list_table(name, t->table);
		}
	}
}

void
conf_list(const struct conf_section *sections)
{
	for (const struct conf_section *c = sections; !CONF_IS_END(c); c++) {
		char prefix[64];

		snprintf(prefix, sizeof prefix, "%s%s", c->name == NULL ? "" : c->name,
		    c->name == NULL ? "" : ".");
		if (c->table != NULL && !c->part)
			list_table(prefix, c->table);
	}
}
