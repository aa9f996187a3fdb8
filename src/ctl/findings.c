#include "ctl/findings.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/room.h"

struct findings {
	json_t	*list;		/* of objects: program, level, line, setting, text */
	size_t	 faults;
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

/* Owns ${new} from here on. */
static void
add(struct findings *f, json_t *new)
{
	if (new == NULL)
		fatalx("no memory");
	if (strcmp(text_of(new, "level"), "advice") != 0)
		f->faults++;
	json_array_append_new(f->list, new);
}

static void
add_own(struct findings *f, int room, const char *text)
{
	add(f, json_pack("{s:s,s:s,s:i,s:s,s:s}", "program", room_names[room], "level", "error",
	    "line", 0, "setting", "", "text", text));
}

static void
read_lines(struct findings *f, int room, int fd)
{
	FILE *in = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;
	json_t *new;

	if (in == NULL)
		fatal("no memory");
	while (getline(&line, &size, in) > 0) {
		if (json_is_object(new = json_loads(line, 0, NULL)) && !is_told(f, new)) {
			add(f, new);
			continue;
		}
		if (!json_is_object(new))
			add_own(f, room, "said something on standard output that is no JSON line");
		json_decref(new);
	}
	free(line);
	fclose(in);
}

static void
collect(struct findings *f, int room, const struct call *call)
{
	size_t before = f->faults;
	char path[4096], text[128];
	int ends[2], status;
	pid_t pid;

	if (room_find(room, call, path, sizeof path) == -1) {
		add_own(f, room, "is not installed beside this program, in " SBINDIR
		    ", or where --bindir says");
		return;
	}
	if (pipe(ends) == -1 || (pid = room_start(path, call, "--check", ends[1])) == -1)
		fatal("%s cannot be started", path);
	close(ends[1]);
	read_lines(f, room, ends[0]);
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
findings_collect(const struct call *call)
{
	struct findings *f = calloc(1, sizeof *f);

	if (f == NULL || (f->list = json_array()) == NULL)
		fatalx("no memory");
	for (int room = 0; room < ROOMS; room++)
		collect(f, room, call);
	return f;
}

size_t
findings_faults(const struct findings *f)
{
	return f->faults;
}

size_t
findings_advice(const struct findings *f)
{
	return json_array_size(f->list) - f->faults;
}

void
findings_print(const struct findings *f, const char *config)
{
	const json_t *one;
	size_t i;

	json_array_foreach(f->list, i, one) {
		const char *setting = text_of(one, "setting");
		bool advice = strcmp(text_of(one, "level"), "advice") == 0;

		printf("%s: %s: %s", text_of(one, "program"), advice ? "advice" : "mistake",
		    config);
		if (line_of(one) > 0)
			printf(":%lld", line_of(one));
		printf("%s%s\n    %s\n", setting[0] != '\0' ? ": " : "", setting,
		    text_of(one, "text"));
	}
}

void
findings_print_json(const struct findings *f)
{
	const json_t *one;
	size_t i;

	json_array_foreach(f->list, i, one) {
		json_dumpf(one, stdout, JSON_COMPACT);
		putchar('\n');
	}
}

void
findings_free(struct findings *f)
{
	if (f == NULL)
		return;
	json_decref(f->list);
	free(f);
}
