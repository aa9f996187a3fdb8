#include "base/conf.h"

#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

/* One run of the reader: where mistakes go, and how many there were. */
struct reading {
	conf_fault_fn	*fault;
	void		*ctx;
	int		 faults;
	char		 path[256];	/* of the group that is being read, with its dot */
	bool		 part;		/* names that are not in its table are not ours to judge */
};

static void fill(struct reading *, const struct setting *, config_setting_t *, void *);
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

/* ---- "did you mean" ------------------------------------------------------- */

struct guess {
	const char	*typed, *best;
	size_t		 least;
};

static void
guess_try(struct guess *g, const char *name)
{
	size_t d = text_distance(g->typed, name);

	if (d < g->least && d <= strlen(name) / 3 + 1) {
		g->least = d;
		g->best = name;
	}
}

static void
unknown(struct reading *r, int line, const struct guess *g)
{
	if (g->best != NULL)
		fault(r, line, g->typed, "unknown setting; did you mean \"%s\"?", g->best);
	else
		fault(r, line, g->typed, "unknown setting");
}

/* ---- One value ---------------------------------------------------------------- */

static int
line_of(config_setting_t *s)
{
	return s == NULL ? 0 : (int)config_setting_source_line(s);
}

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

static void
fill_number(struct reading *r, const struct setting *t, long long value, int *out, int line)
{
	if (value < t->least || value > t->most)
		fault(r, line, t->name, "is %lld, and has to be from %ld to %ld", value, t->least,
		    t->most);
	else
		*out = (int)value;
}

/* The place of ${value} among the words, told if there is none. */
static int
find_word(struct reading *r, const struct setting *t, const char *value, int line)
{
	struct guess g = { .typed = value, .least = SIZE_MAX };
	char all[256] = "";

	for (int i = 0; t->words[i] != NULL; i++) {
		if (strcmp(t->words[i], value) == 0)
			return i;
		guess_try(&g, t->words[i]);
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

/* Elements of a list, whether the file has it or the table's default. */
static void
fill_element(struct reading *r, const struct setting *t, const char *value, char *out, size_t i,
    int line)
{
	int word;

	if (t->kind == CONF_TEXTS)
		fill_text(r, &(struct setting){ .name = t->name, .size = t->size, .help = t->help },
		    value, out + t->at + i * t->size, line);
	else if ((word = find_word(r, t, value, line)) >= 0)
		*(unsigned int *)(void *)(out + t->at) |= 1U << word;
}

static void
fill_list(struct reading *r, const struct setting *t, config_setting_t *s, char *out)
{
	int n = config_setting_length(s), line = line_of(s);

	if (!config_setting_is_list(s) && !config_setting_is_array(s)) {
		fault(r, line, t->name, "has to be a list: ( ... )");
		return;
	}
	if (t->kind == CONF_WORDS)
		*(unsigned int *)(void *)(out + t->at) = 0;
	else if (n < t->least || n > t->most) {
		fault(r, line, t->name, "holds %d, and has to hold from %ld to %ld", n, t->least,
		    t->most);
		return;
	}
	for (int i = 0; i < n; i++) {
		config_setting_t *e = config_setting_get_elem(s, (unsigned int)i);
		const char *value = config_setting_get_string(e);
		char *row = out + t->at + (size_t)i * t->size;

		if (t->kind == CONF_ROWS && config_setting_is_group(e))
			read_group(r, t->table, e, row, i);
		else if (t->kind != CONF_ROWS && value != NULL)
			fill_element(r, t, value, out, (size_t)i, line_of(e));
		else
			fault(r, line_of(e), t->name, "number %d of the list is of the wrong kind",
			    i + 1);
	}
	if (t->kind != CONF_WORDS)
		*(size_t *)(void *)(out + t->count) = (size_t)n;
}

/* The default, written as one would type it. */
static void
fill_default(struct reading *r, const struct setting *t, char *out, int line)
{
	char copy[512], *word, *rest = copy;
	size_t n = 0;

	switch (t->kind) {
	case CONF_TEXT:
		snprintf(out + t->at, t->size, "%s", t->fallback);
		return;
	case CONF_NUMBER:
		*(int *)(void *)(out + t->at) = (int)strtol(t->fallback, NULL, 10);
		return;
	case CONF_BOOL:
		*(bool *)(void *)(out + t->at) = strcmp(t->fallback, "true") == 0;
		return;
	case CONF_WORD:
		*(int *)(void *)(out + t->at) = find_word(r, t, t->fallback, line);
		return;
	case CONF_GROUP:
		read_group(r, t->table, NULL, out + t->at, -1);
		return;
	case CONF_TEXTS:
	case CONF_WORDS:
		if (t->kind == CONF_WORDS)
			*(unsigned int *)(void *)(out + t->at) = 0;
		snprintf(copy, sizeof copy, "%s", t->fallback);
		while ((word = strsep(&rest, " ")) != NULL)
			if (*word != '\0')
				fill_element(r, t, word, out, n++, line);
		break;
	case CONF_ROWS:
		break;
	}
	if (t->kind != CONF_WORDS)
		*(size_t *)(void *)(out + t->count) = n;
}

static void
fill(struct reading *r, const struct setting *t, config_setting_t *s, void *base)
{
	char *out = base;
	int line = line_of(s), type = config_setting_type(s), word;

	switch (t->kind) {
	case CONF_TEXT:
		if (type == CONFIG_TYPE_STRING)
			fill_text(r, t, config_setting_get_string(s), out + t->at, line);
		else
			fault(r, line, t->name, "has to be text between quotation marks");
		return;
	case CONF_NUMBER:
		if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
			fill_number(r, t, config_setting_get_int64(s), (int *)(void *)(out + t->at),
			    line);
		else
			fault(r, line, t->name, "has to be a whole number, without quotation marks");
		return;
	case CONF_BOOL:
		if (type == CONFIG_TYPE_BOOL)
			*(bool *)(void *)(out + t->at) = config_setting_get_bool(s) != 0;
		else
			fault(r, line, t->name, "has to be true or false, without quotation marks");
		return;
	case CONF_WORD:
		if (type != CONFIG_TYPE_STRING)
			fault(r, line, t->name, "has to be a word between quotation marks");
		else if ((word = find_word(r, t, config_setting_get_string(s), line)) >= 0)
			*(int *)(void *)(out + t->at) = word;
		return;
	case CONF_GROUP:
		if (type == CONFIG_TYPE_GROUP)
			read_group(r, t->table, s, out + t->at, -1);
		else
			fault(r, line, t->name, "has to be a group: { ... }");
		return;
	case CONF_TEXTS:
	case CONF_WORDS:
	case CONF_ROWS:
		fill_list(r, t, s, out);
		return;
	}
}

/* ---- A group, a section, the file ------------------------------------------------ */

static void
read_settings(struct reading *r, const struct setting *table, config_setting_t *group, void *out)
{
	for (const struct setting *t = table; t->name != NULL; t++) {
		config_setting_t *s = group == NULL ? NULL :
		    config_setting_get_member(group, t->name);

		if (s != NULL)
			fill(r, t, s, out);
		else if (t->fallback == NULL ||
		    ((t->kind == CONF_ROWS || t->kind == CONF_TEXTS) && t->least > 0 &&
		    t->fallback[0] == '\0'))
			fault(r, line_of(group), t->name, "has to be set: %s", t->help);
		else
			fill_default(r, t, out, 0);
	}
}

static void
read_group(struct reading *r, const struct setting *table, config_setting_t *group, void *out,
    int number)
{
	size_t before = strlen(r->path), room = sizeof r->path - before;
	int n = group == NULL ? 0 : config_setting_length(group);

	if (group != NULL && number >= 0)
		snprintf(r->path + before, room, "%s[%d].",
		    config_setting_name(config_setting_parent(group)), number);
	else if (group != NULL && config_setting_name(group) != NULL)
		snprintf(r->path + before, room, "%s.", config_setting_name(group));
	for (int i = 0; i < n; i++) {
		config_setting_t *s = config_setting_get_elem(group, (unsigned int)i);
		struct guess g = { .typed = config_setting_name(s), .least = SIZE_MAX };
		bool known = false;

		for (const struct setting *t = table; t->name != NULL; t++) {
			known = known || strcmp(t->name, g.typed) == 0;
			guess_try(&g, t->name);
		}
		if (!known && !r->part)
			unknown(r, line_of(s), &g);
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
		struct guess g = { .typed = config_setting_name(s), .least = SIZE_MAX };
		bool known = false;

		for (const struct conf_section *c = sections; !CONF_IS_END(c); c++) {
			if (c->name != NULL) {
				known = known || strcmp(c->name, g.typed) == 0;
				guess_try(&g, c->name);
			} else for (const struct setting *t = c->table; t->name != NULL; t++) {
				known = known || strcmp(t->name, g.typed) == 0;
				guess_try(&g, t->name);
			}
		}
		if (!known)
			unknown(r, line_of(s), &g);
	}
}

int
conf_read(const char *path, const struct conf_section *sections, conf_fault_fn *fn, void *ctx)
{
	struct reading r = { .fault = fn, .ctx = ctx };
	const char *slash = strrchr(path, '/');
	char folder[4096];
	config_t file;

	config_init(&file);
	/* What it includes lies beside it, wherever the program was started. */
	if (slash != NULL && slash - path < (long)sizeof folder) {
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		config_set_include_dir(&file, folder);
	}
	if (config_read_file(&file, path) != CONFIG_TRUE) {
		int line = config_error_line(&file);

		if (config_error_type(&file) == CONFIG_ERR_FILE_IO)
			fault(&r, 0, "", "the file cannot be read: %s", strerror(errno));
		else
			fault(&r, line, "", "%s near this line; each setting is NAME = VALUE;",
			    config_error_text(&file));
		config_destroy(&file);
		return r.faults;
	}
	check_top(&r, sections, config_root_setting(&file));
	for (const struct conf_section *c = sections; !CONF_IS_END(c); c++) {
		config_setting_t *group = c->name == NULL ? config_root_setting(&file) :
		    config_setting_get_member(config_root_setting(&file), c->name);

		if (c->table == NULL)
			continue;
		if (c->name == NULL)
			read_settings(&r, c->table, group, c->out);
		else if (group != NULL && !config_setting_is_group(group))
			fault(&r, line_of(group), c->name, "has to be a group: { ... }");
		else {
			if (group == NULL)
				snprintf(r.path, sizeof r.path, "%s.", c->name);
			r.part = c->part;
			read_group(&r, c->table, group, c->out, -1);
			r.part = false;
			r.path[0] = '\0';
		}
	}
	config_destroy(&file);
	return r.faults;
}

/* ---- The file again ------------------------------------------------------------------ */

enum { SECTIONS_MOST = 8 };

static size_t
width(const struct setting *t)
{
	switch (t->kind) {
	case CONF_TEXT:
		return t->size;
	case CONF_BOOL:
		return sizeof(bool);
	case CONF_TEXTS:
	case CONF_ROWS:
		return t->size * (size_t)t->most;
	default:
		return sizeof(int);
	}
}

/* Bring what is in use into ${new}, in place of what the file says.  Return whether it differed. */
static bool
keep(const struct setting *t, const char *used, char *new)
{
	bool differs = false;

	used += t->at;
	new += t->at;
	for (const struct setting *in = t->table; t->kind == CONF_GROUP && in->name != NULL; in++)
		differs = keep(in, used, new) || differs;
	if (t->kind == CONF_GROUP)
		return differs;
	differs = memcmp(used, new, width(t)) != 0;
	memcpy(new, used, width(t));
	if (t->kind == CONF_TEXTS || t->kind == CONF_ROWS)
		memcpy(new - t->at + t->count, used - t->at + t->count, sizeof(size_t));
	return differs;
}

static void
keep_fixed(const struct conf_section *c, char *new, const char *const *fixed, conf_later_fn *later)
{
	char name[256];

	for (const struct setting *t = c->table; t->name != NULL; t++) {
		snprintf(name, sizeof name, "%s%s%s", c->name != NULL ? c->name : "",
		    c->name != NULL ? "." : "", t->name);
		for (const char *const *f = fixed; *f != NULL; f++)
			if (strcmp(*f, name) == 0 && keep(t, c->out, new) && later != NULL)
				later(name);
	}
}

int
conf_read_again(const char *path, const struct conf_section *sections, const char *const *fixed,
    conf_later_fn *later, conf_fault_fn *fn, void *ctx)
{
	struct conf_section copies[SECTIONS_MOST + 1];
	size_t n = 0;
	int faults;

	/* A copy of what is in use: what no setting fills stays as well. */
	for (; n < SECTIONS_MOST && !CONF_IS_END(&sections[n]); n++) {
		copies[n] = sections[n];
		if (copies[n].table != NULL && (copies[n].out = malloc(copies[n].size)) == NULL)
			fatalx("no memory for the settings");
		if (copies[n].table != NULL)
			memcpy(copies[n].out, sections[n].out, copies[n].size);
	}
	copies[n] = (struct conf_section)CONF_END;
	faults = conf_read(path, copies, fn, ctx);
	for (size_t i = 0; i < n; i++) {
		if (copies[i].table == NULL)
			continue;
		if (faults == 0) {
			keep_fixed(&sections[i], copies[i].out, fixed, later);
			memcpy(sections[i].out, copies[i].out, copies[i].size);
		}
		explicit_bzero(copies[i].out, copies[i].size);
		free(copies[i].out);
	}
	return faults;
}

/* ---- The list for the manual ---------------------------------------------------------- */

static void
list_table(const char *prefix, const struct setting *table)
{
	static const char *const kinds[] = {
		[CONF_TEXT] = "text", [CONF_NUMBER] = "number", [CONF_BOOL] = "true or false",
		[CONF_WORD] = "word", [CONF_WORDS] = "words", [CONF_TEXTS] = "texts",
		[CONF_GROUP] = "group", [CONF_ROWS] = "list of groups",
	};

	for (const struct setting *t = table; t->name != NULL; t++) {
		char name[256], range[256] = "";

		snprintf(name, sizeof name, "%s%s", prefix, t->name);
		if (t->kind == CONF_NUMBER)
			snprintf(range, sizeof range, "%ld to %ld", t->least, t->most);
		for (int i = 0; t->words != NULL && t->words[i] != NULL; i++)
			snprintf(range + strlen(range), sizeof range - strlen(range), "%s%s",
			    i > 0 ? ", " : "", t->words[i]);
		printf("%s\t%s\t%s\t%s\t%s\n", name, kinds[t->kind], range,
		    t->fallback == NULL ? "(has to be set)" : t->fallback, t->help);
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
