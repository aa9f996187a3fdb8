#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

enum { TEXT_LONGEST = 2048, LINE_LONGEST = 2 * TEXT_LONGEST + 512 };

struct line {
	enum log_level	 level;
	const char	*event, *outcome;	/* or NULL, both */
	char		 text[TEXT_LONGEST];
};

static const char *program = "latchkey";
static bool debug, quiet;
static enum log_form form;
static char about[REFERENCE_TEXT];
static bool under_journal;	/* standard error leads there */
static int journal = -1;	/* what speaks to it natively */
static struct sockaddr_un journal_at;

/* ---- Where to -------------------------------------------------------------------- */

/* A child inherits JOURNAL_STREAM, and its standard error may be somewhere else by now. */
static bool
stderr_is_journal(void)
{
	const char *said = getenv("JOURNAL_STREAM");
	char is[64];
	struct stat st;

	if (said == NULL || fstat(STDERR_FILENO, &st) == -1)
		return false;
	snprintf(is, sizeof is, "%llu:%llu", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino);
	return strcmp(said, is) == 0;
}

void
log_start(const char *name, bool with_debug, const char *journal_path)
{
	program = name;
	debug = with_debug;
	under_journal = stderr_is_journal();
	journal_at.sun_family = AF_UNIX;
	snprintf(journal_at.sun_path, sizeof journal_at.sun_path, "%s", journal_path);
	if (under_journal && journal == -1)
		journal = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

void
log_form(enum log_form wanted)
{
	form = wanted;
}

void
log_quieten(void)
{
	quiet = true;
}

void
log_about(const struct reference *r)
{
	about[0] = '\0';
	if (r != NULL)
		reference_text(r, about);
}

/* ---- One line ---------------------------------------------------------------------- */

static void add(char *, size_t *, const char *, ...) __attribute__((format(printf, 3, 4)));

/* Append; what does not fit is left out. */
static void
add(char *out, size_t *at, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out + *at, LINE_LONGEST - *at, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < LINE_LONGEST - *at)
		*at += (size_t)n;
	else
		out[*at] = '\0';
}

/* One write for one line, so that lines of several programs do not mix. */
static void
to_stderr(const char *out, size_t len)
{
	fwrite(out, 1, len, stderr);
}

static void
say_text(const struct line *l)
{
	char out[LINE_LONGEST];
	size_t at = 0;

	/* The journal keeps the level, the name and the time by itself. */
	if (under_journal)
		add(out, &at, "<%d>", (int)l->level);
	else
		add(out, &at, "%s: ", program);
	if (about[0] != '\0')
		add(out, &at, "[%s] ", about);
	add(out, &at, "%s\n", l->text);
	to_stderr(out, at);
}

static void
say_json(const struct line *l)
{
	static const char *const levels[] = {
		[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_WARN] = "warning",
		[LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug",
	};
	int64_t ms = clock_now_ms();
	time_t seconds = (time_t)(ms / 1000);
	char out[LINE_LONGEST], when[32] = "", quoted[2 * TEXT_LONGEST + 16];
	struct tm tm;
	size_t at = 0;

	if (gmtime_r(&seconds, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", &tm);
	add(out, &at, "{\"at\":\"%s.%03dZ\",\"level\":\"%s\",\"program\":\"%s\"", when,
	    (int)(ms % 1000), levels[l->level], program);
	if (about[0] != '\0')
		add(out, &at, ",\"reference\":\"%s\"", about);
	if (l->event != NULL)
		add(out, &at, ",\"event\":\"%s\",\"outcome\":\"%s\"", l->event, l->outcome);
	text_json(quoted, sizeof quoted, l->text);
	add(out, &at, ",\"text\":%s}\n", quoted[0] != '\0' ? quoted : "\"\"");
	to_stderr(out, at);
}

/* The journal's own protocol: a datagram of NAME=value lines; no value has a line break. */
static int
tell_journal(const struct line *l)
{
	char out[LINE_LONGEST];
	size_t at = 0;

	if (journal == -1)
		return -1;
	add(out, &at, "MESSAGE=%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=%s\nLATCHKEY_PROGRAM=%s\n",
	    l->text, (int)l->level, program, program);
	if (about[0] != '\0')
		add(out, &at, "LATCHKEY_REFERENCE=%s\n", about);
	if (l->event != NULL)
		add(out, &at, "LATCHKEY_EVENT=%s\nLATCHKEY_OUTCOME=%s\n", l->event, l->outcome);
	return sendto(journal, out, at, MSG_NOSIGNAL, (struct sockaddr *)&journal_at,
	    sizeof journal_at) == (ssize_t)at ? 0 : -1;
}

static void
line(enum log_level level, int error, const char *event, const char *outcome, const char *fmt,
    va_list ap)
{
	struct line l = { .level = level, .event = event, .outcome = outcome };
	char raw[TEXT_LONGEST];
	int n = vsnprintf(raw, sizeof raw / 2, fmt, ap);

	if (error != 0 && n >= 0)
		snprintf(raw + strlen(raw), sizeof raw / 2, ": %s", strerror(error));
	text_harmless(l.text, sizeof l.text, raw);
	if (form == LOG_JSON)
		say_json(&l);
	else if (form == LOG_TEXT || tell_journal(&l) == -1)
		say_text(&l);
}

#define LINE(level, error, event, outcome) do {			\
	int error_ = (error);					\
	va_list ap;						\
	va_start(ap, fmt);					\
	line((level), error_, (event), (outcome), fmt, ap);	\
	va_end(ap);						\
} while (0)

void
log_debug(const char *fmt, ...)
{
	if (debug)
		LINE(LOG_LEVEL_DEBUG, 0, NULL, NULL);
}

void
log_info(const char *fmt, ...)
{
	if (!quiet)
		LINE(LOG_LEVEL_INFO, 0, NULL, NULL);
}

void
log_event(const char *event, const char *outcome, const char *fmt, ...)
{
	if (!quiet)
		LINE(LOG_LEVEL_INFO, 0, event, outcome);
}

void
log_warn(const char *fmt, ...)
{
	LINE(LOG_LEVEL_WARN, errno, NULL, NULL);
}

void
log_warnx(const char *fmt, ...)
{
	LINE(LOG_LEVEL_WARN, 0, NULL, NULL);
}

void
fatal(const char *fmt, ...)
{
	LINE(LOG_LEVEL_ERROR, errno, NULL, NULL);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	LINE(LOG_LEVEL_ERROR, 0, NULL, NULL);
	exit(1);
}
