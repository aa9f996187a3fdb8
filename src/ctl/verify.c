/*
 * verify.c - is the audit what was written, and is it what was exported?
 *
 * Keeper walks its own chain, because it alone has the key.  A file is compared with it
 * here: it tells also what keeper cannot know, that all of the store is an older one.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"

enum { PAGE = 500, PATIENCE_MS = 1000, SAID = 512 };

struct said {
	bool	whole;
	char	text[SAID];
};

static void say(struct said *, bool, const char *, ...) __attribute__((format(printf, 3, 4)));

static void
say(struct said *s, bool whole, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->text, sizeof s->text, fmt, ap);
	va_end(ap);
	s->whole = whole;
}

/* ---- The chain ------------------------------------------------------------------------ */

/* "row 17 of 2026-07-31 14:00:02 (reset: ok)". */
static void
name_row(const struct msg_verified *v, char *out, size_t size)
{
	char when[TIME_TEXT];

	snprintf(out, size, "row %lld of %s (%s: %s)", (long long)v->number,
	    ask_time(v->at, "%Y-%m-%d %H:%M:%S", when), v->what, v->outcome);
}

static void
say_whole(const struct msg_verified *v, struct said *s)
{
	char gone[64] = "", older[96] = "";

	if (v->gone > 0)
		snprintf(gone, sizeof gone, "; %lld of them are no longer kept", (long long)v->gone);
	if (v->first > 1)
		snprintf(older, sizeof older, "; rows before %lld are older than the chain, and nothing "
		    "vouches for them", (long long)v->first);
	if (v->last < v->first)
		say(s, true, "the audit is whole: nothing has been written yet%s", older);
	else
		say(s, true, "the audit is whole: rows %lld to %lld are as they were written%s%s",
		    (long long)v->first, (long long)v->last, gone, older);
}

static void
say_verified(const struct msg_verified *v, struct said *s)
{
	long long n = v->number, to = v->to;
	char row[160];

	name_row(v, row, sizeof row);
	switch (v->fault) {
	case FAULT_NONE:
		say_whole(v, s);
		break;
	case FAULT_CHANGED:
		say(s, false, "%s was changed, or another one was put there", row);
		break;
	case FAULT_MISSING:
		if (n == to)
			say(s, false, "row %lld is missing", n);
		else
			say(s, false, "rows %lld to %lld are missing", n, to);
		break;
	case FAULT_MOVED:
		say(s, false, "row %lld was moved: it stands at number %lld now", n, to);
		break;
	case FAULT_ADDED:
		say(s, false, "row %lld was added: keeper never wrote it", n);
		break;
	case FAULT_STONE:
		say(s, false, "what stands for rows %lld to %lld, which are no longer kept, was "
		    "changed", n, to);
		break;
	case FAULT_KEY:
		say(s, false, "the key of %s is gone from the store, or keeper.audit_key is another "
		    "one than it was", row);
		break;
	default:
		say(s, false, "what says that row %lld is the last was changed, or an older one was "
		    "put back", n);
	}
}

static void
show_progress(const struct msg_verified *v, int64_t since)
{
	if (clock_ms() < since + PATIENCE_MS)
		return;
	fprintf(stderr, isatty(STDERR_FILENO) ? "\rrow %lld of %lld" : "row %lld of %lld\n",
	    (long long)v->first + v->rows + v->gone, (long long)v->last);
}

/* Return 0, or -1 when what is wrong with asking has been said. */
static int
ask_verify(int fd, struct msg_verified *v)
{
	struct msg m = { .type = MSG_VERIFY, .id = 1 };
	int64_t since = clock_ms();

	if (ask_send(fd, &m) == -1)
		return -1;
	for (;;) {
		if (ask_hear(fd, &m) == -1)
			return -1;
		if (m.type != MSG_VERIFYING)
			break;
		show_progress(&m.u.verified, since);
	}
	if (isatty(STDERR_FILENO) && clock_ms() >= since + PATIENCE_MS)
		fputs("\r\033[K", stderr);
	if (m.type == MSG_AUDIT_END)
		log_warnx("the audit cannot be read now: %s; see latchkey status",
		    word_verdict[m.u.verdict]);
	if (m.type != MSG_VERIFIED)
		return -1;
	*v = m.u.verified;
	return 0;
}

/* ---- A file ----------------------------------------------------------------------------- */

struct exported {
	FILE		*file;
	const char	*path;
	char		*text;		/* a line of it */
	size_t		 size;
	json_t		*line;		/* what it says; NULL: there is none, or there is a fault */
	json_int_t	 number, before;
	unsigned int	 at;		/* which line it is */
	long long	 same, gone;
	struct said	 said;		/* "": no fault yet */
};

static void
read_line(struct exported *x)
{
	json_decref(x->line);
	x->line = NULL;
	x->before = x->number;
	errno = 0;
	if (getline(&x->text, &x->size, x->file) == -1) {
		if (errno != 0)
			say(&x->said, false, "%s cannot be read: %s", x->path, strerror(errno));
		return;
	}
	x->at++;
	/* The last one may be on its way. */
	if (strchr(x->text, '\n') == NULL)
		return;
	x->line = json_loads(x->text, 0, NULL);
	x->number = json_integer_value(json_object_get(x->line, "number"));
	if (x->number > 0 && x->number > x->before)
		return;
	if (x->number > 0)
		say(&x->said, false, "%s: line %u: row %lld stands behind row %lld", x->path, x->at,
		    (long long)x->number, (long long)x->before);
	else
		say(&x->said, false, "%s: line %u is no row of the audit", x->path, x->at);
	json_decref(x->line);
	x->line = NULL;
}

static void
compare(struct exported *x, const struct msg_audit_row *r)
{
	static const char *const keys[] = { "mac", "at", "what", "outcome", "detail", "account",
	    "reference", "generation" };
	json_t *row = ask_row_json(r);

	for (size_t i = 0; i < sizeof keys / sizeof keys[0] && x->said.text[0] == '\0'; i++)
		if (!json_equal(json_object_get(row, keys[i]), json_object_get(x->line, keys[i])))
			say(&x->said, false, "%s: line %u: row %lld has another \"%s\" than the store",
			    x->path, x->at, (long long)x->number, keys[i]);
	json_decref(row);
	x->same++;
}

/* The chain is whole: what the store has not, between rows that it has, is no longer kept. */
static void
take_row(const struct msg_audit_row *r, void *ctx)
{
	struct exported *x = ctx;

	while (x->line != NULL && x->number < r->number) {
		x->gone++;
		read_line(x);
	}
	if (x->line == NULL)
		return;
	if (x->number == r->number) {
		compare(x, r);
		if (x->said.text[0] == '\0')
			read_line(x);
	} else if (x->at > 1)
		say(&x->said, false, "%s: row %lld is missing before line %u", x->path,
		    (long long)r->number, x->at);
}

static void
compare_rest(struct exported *x, int64_t last)
{
	while (x->said.text[0] == '\0' && x->line != NULL && x->number <= last) {
		x->gone++;
		read_line(x);
	}
	if (x->said.text[0] != '\0')
		return;
	if (x->line != NULL)
		say(&x->said, false, "%s has row %lld, and the store ends at %lld: an older store was "
		    "put back, or its end was removed", x->path, (long long)x->number,
		    (long long)last);
	else
		say(&x->said, true, "%s has the same rows: %lld are in the store too, %lld are no "
		    "longer kept there", x->path, x->same, x->gone);
}

/* Return 0, or -1 when what is wrong with asking has been said. */
static int
compare_file(int fd, const char *path, int64_t last, struct said *said)
{
	struct exported x = { .path = path, .file = fopen(path, "re") };
	struct msg_audit ask = { .most = PAGE };
	json_int_t waits_for = 0;
	int rows = 1;

	if (x.file == NULL) {
		log_warn("%s", path);
		return -1;
	}
	read_line(&x);
	/* A row is in the store before it is in the file: one that came just now is asked for again. */
	while (x.said.text[0] == '\0' && (rows > 0 || (rows == 0 && x.line != NULL &&
	    x.number > ask.after && x.number != waits_for))) {
		waits_for = x.number;
		rows = ask_audit(fd, &ask, take_row, &x);
	}
	if (rows >= 0)
		compare_rest(&x, ask.after > last ? ask.after : last);
	*said = x.said;
	json_decref(x.line);
	free(x.text);
	fclose(x.file);
	return rows >= 0 ? 0 : -1;
}

/* ---- The command -------------------------------------------------------------------------- */

static void
print(const struct call *call, const struct msg_verified *v, const struct said *s)
{
	if (!call->json) {
		puts(s->text);
		return;
	}
	ask_print_json(json_pack("{s:b,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:s}", "whole", s->whole, "fault",
	    word_fault[v->fault], "number", (json_int_t)v->number, "to", (json_int_t)v->to, "first",
	    (json_int_t)v->first, "last", (json_int_t)v->last, "rows", (json_int_t)v->rows, "gone",
	    (json_int_t)v->gone, "text", s->text));
}

int
verify_command(const struct call *call)
{
	struct msg_verified v = { 0 };
	struct said s = { .whole = false };
	int fd;

	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	if (ask_verify(fd, &v) == -1) {
		close(fd);
		return EXIT_NO;
	}
	say_verified(&v, &s);
	print(call, &v, &s);
	if (s.whole && call->file != NULL) {
		if (compare_file(fd, call->file, v.last, &s) == -1)
			s.whole = false;
		else
			print(call, &v, &s);
	}
	close(fd);
	return s.whole ? EXIT_GOOD : EXIT_NO;
}
