#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *program = "latchkey";
static bool debug, quiet;
static bool journal;

void
log_start(const char *name, bool with_debug)
{
	program = name;
	debug = with_debug;
	journal = getenv("JOURNAL_STREAM") != NULL;
}

void
log_quieten(void)
{
	quiet = true;
}

/* One write for one line, so that lines of several programs do not mix. */
static void
line(enum log_level level, int error, const char *fmt, va_list ap)
{
	char raw[1024], out[2300];
	int n;
	size_t o;

	vsnprintf(raw, sizeof raw, fmt, ap);
	n = journal ? snprintf(out, sizeof out, "<%d>", (int)level) :
	    snprintf(out, sizeof out, "%s: ", program);
	o = (size_t)n;
	for (const char *p = raw; *p != '\0' && o + 5 < sizeof out - 200; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			o += (size_t)snprintf(out + o, 5, "\\x%02x", (unsigned char)*p);
		else
			out[o++] = *p;
	}
	if (error != 0)
		o += (size_t)snprintf(out + o, 150, ": %s", strerror(error));
	out[o++] = '\n';
	fwrite(out, 1, o, stderr);
}

#define LINE(level, error) do {			\
	int error_ = (error);			\
	va_list ap;				\
	va_start(ap, fmt);			\
	line((level), error_, fmt, ap);		\
	va_end(ap);				\
} while (0)

void
log_debug(const char *fmt, ...)
{
	if (debug)
		LINE(LOG_LEVEL_DEBUG, 0);
}

void
log_info(const char *fmt, ...)
{
	if (!quiet)
		LINE(LOG_LEVEL_INFO, 0);
}

void
log_warn(const char *fmt, ...)
{
	LINE(LOG_LEVEL_WARN, errno);
}

void
log_warnx(const char *fmt, ...)
{
	LINE(LOG_LEVEL_WARN, 0);
}

void
fatal(const char *fmt, ...)
{
	LINE(LOG_LEVEL_ERROR, errno);
	exit(1);
}

void
fatalx(const char *fmt, ...)
{
	LINE(LOG_LEVEL_ERROR, 0);
	exit(1);
}
