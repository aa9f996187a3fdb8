#include "ctl/findings.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "ctl/room.h"

enum { FINDING_LONGEST = 2048 };	/* of a text or command that a program tells: program.h */

struct findings {
	const struct call	*call;
	bool			 facts;		/* are shown as well */
	json_t			*list;		/* of objects: program, level, line, setting, text */
	size_t			 faults, advice;
};

static const char *
text_of(const json_t *finding, const char *key)
{
	const char *text = json_string_value(json_object_get(finding, key));

	return text == NULL ? "" : text;
}

static long long
line_of(const json_t *finding)
{
	return json_integer_value(json_object_get(finding, "line"));
}

/* All four read the top of the file, and would all tell of the same mistake. */
static bool
is_told(const struct findings *f, const json_t *new)
{
	const json_t *old;
	size_t i;

	json_array_foreach(f->list, i, old)
		if (line_of(old) == line_of(new) &&
		    strcmp(text_of(old, "setting"), text_of(new, "setting")) == 0 &&
		    strcmp(text_of(old, "text"), text_of(new, "text")) == 0)
			return true;
	return false;
}

/* ---- Showing one ------------------------------------------------------------- */

/* Names that the directory holds may hold anything, and must not speak to the terminal. */
static void
put_safe(const char *text)
{
	char safe[4 * FINDING_LONGEST];

	text_harmless(safe, sizeof safe, text);
	fputs(safe, stdout);
}

static void
print_safe(const char *text)
{
	put_safe(text);
	putchar('\n');
}

static void
show_remedies(const json_t *finding)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(finding, "remedies"), i, one) {
		fputs("    with ", stdout);
		put_safe(text_of(one, "tool"));
		fputs(":\n        ", stdout);
		print_safe(text_of(one, "command"));
	}
}

static void
show_words(const json_t *finding, const char *level, const char *config)
{
	char where[CONF_WHERE];

	put_safe(text_of(finding, "program"));
	fputs(": ", stdout);
	if (strcmp(level, "fact") == 0) {
		print_safe(text_of(finding, "text"));
		return;
	}
	conf_where(where, config, (int)line_of(finding), text_of(finding, "setting"));
	printf("%s: ", strcmp(level, "advice") == 0 ? "advice" : "mistake");
	print_safe(where);
	fputs("    ", stdout);
	print_safe(text_of(finding, "text"));
	show_remedies(finding);
}

/* At once: what is looked at may take its time. */
static void
show(const struct findings *f, const json_t *finding, const char *level)
{
	if (strcmp(level, "fact") == 0 && !f->facts)
		return;
	if (!f->call->json) {
		show_words(finding, level, f->call->config);
	} else {
		json_dumpf(finding, stdout, JSON_COMPACT);
		putchar('\n');
	}
	fflush(stdout);
}

/* ---- Collecting --------------------------------------------------------------- */

/* Owns ${new} from here on. */
static void
add(struct findings *f, json_t *new)
{
	const char *level;

	if (new == NULL)
		fatalx("no memory");
	level = text_of(new, "level");
	if (strcmp(level, "advice") == 0)
		f->advice++;
	else if (strcmp(level, "fact") != 0)
		f->faults++;
	show(f, new, level);
	json_array_append_new(f->list, new);
}

static void
add_own(struct findings *f, int room, const char *text)
{
	add(f, json_pack("{s:s,s:s,s:i,s:s,s:s}", "program", room_names[room], "level", "error",
	    "line", 0, "setting", "", "text", text));
}

void
findings_read(struct findings *f, int room, FILE *in)
{
	char *line = NULL;
	size_t size = 0;
	bool garbled = false;
	json_t *new;

	while (getline(&line, &size, in) > 0) {
		new = json_loads(line, 0, NULL);
		if (json_is_object(new) && !is_told(f, new)) {
			add(f, new);
			continue;
		}
		/* Of a text that it should not say, each line would be one more fault. */
		if (!json_is_object(new) && !garbled)
			add_own(f, room, "said something on standard output that is no JSON line");
		garbled = garbled || !json_is_object(new);
		json_decref(new);
	}
	free(line);
}

static void
collect(struct findings *f, int room, const struct call *call)
{
	size_t before = f->faults;
	char path[4096], text[128], ask[512] = "--check";
	int ends[2], status;
	FILE *in;
	pid_t pid;

	if (room_find(room, call, path, sizeof path) == -1) {
		add_own(f, room, "is not installed beside this program, in " SBINDIR
		    ", or where --bindir says");
		return;
	}
	if (call->canary != NULL && room == ROOM_REGISTRAR)
		snprintf(ask, sizeof ask, "--canary=%s", call->canary);
	if (pipe(ends) == -1 || (pid = room_start(path, call, ask, ends[1])) == -1)
		fatal("%s cannot be started", path);
	close(ends[1]);
	if ((in = fdopen(ends[0], "r")) == NULL)
		fatal("no memory");
	findings_read(f, room, in);
	fclose(in);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (WIFSIGNALED(status))
		snprintf(text, sizeof text, "its check was ended by signal %d", WTERMSIG(status));
	else
		snprintf(text, sizeof text, "its check ended with status %d, and said no reason",
		    WEXITSTATUS(status));
	/* A mistake that another program has told of already counts as a reason. */
	if (WIFSIGNALED(status) || WEXITSTATUS(status) > 1 ||
	    (WEXITSTATUS(status) == 1 && before == 0 && f->faults == 0))
		add_own(f, room, text);
}

struct findings *
findings_new(const struct call *call, bool facts)
{
	struct findings *f = calloc(1, sizeof *f);

	if (f == NULL || (f->list = json_array()) == NULL)
		fatalx("no memory");
	f->call = call;
	f->facts = facts;
	return f;
}

struct findings *
findings_collect(const struct call *call, bool facts)
{
	struct findings *f = findings_new(call, facts);

	for (int room = 0; room < ROOMS; room++)
		collect(f, room, call);
	return f;
}

bool
findings_bar(const struct call *call, const char *outcome)
{
	struct findings *f = findings_collect(call, false);
	size_t faults = f->faults;

	findings_free(f);
	if (faults > 0)
		log_warnx("%s: %zu mistake%s to mend first", outcome, faults,
		    faults == 1 ? "" : "s");
	return faults > 0;
}

size_t
findings_faults(const struct findings *f)
{
	return f->faults;
}

size_t
findings_advice(const struct findings *f)
{
	return f->advice;
}

void
findings_free(struct findings *f)
{
	if (f == NULL)
		return;
	json_decref(f->list);
	free(f);
}
