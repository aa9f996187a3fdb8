#include "base/finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"

static const char *name, *path;		/* of the program, of its settings */
static bool checking;
static int faults;

void
finding_begin(const char *program, const char *settings, bool check)
{
	name = program;
	path = settings;
	checking = check;
}

void
finding_forget(void)
{
	faults = 0;
}

static const char *const finding_words[] = {
	[FINDING_FAULT] = "error", [FINDING_ADVICE] = "advice", [FINDING_FACT] = "fact",
};

static void
say_json(enum finding kind, int line, const char *setting, const char *text,
    const struct finding_remedy *remedies, size_t n)
{
	char quoted[2 * sizeof remedies->command], which[600];

	text_json(which, sizeof which, setting);
	text_json(quoted, sizeof quoted, text);
	printf("{\"program\":\"%s\",\"level\":\"%s\",\"line\":%d,\"setting\":%s,\"text\":%s", name,
	    finding_words[kind], line, which, quoted);
	for (size_t i = 0; i < n; i++) {
		text_json(quoted, sizeof quoted, remedies[i].command);
		printf("%s{\"tool\":\"%s\",\"command\":%s}", i == 0 ? ",\"remedies\":[" : ",",
		    remedies[i].tool, quoted);
	}
	puts(n > 0 ? "]}" : "}");
}

static void
say(enum finding kind, int line, const char *setting, const char *text,
    const struct finding_remedy *remedies, size_t n)
{
	char where[CONF_WHERE];

	faults += kind == FINDING_FAULT;
	if (checking) {
		say_json(kind, line, setting, text, remedies, n);
		return;
	}
	if (kind == FINDING_FACT)
		return;
	conf_where(where, path, line, setting);
	log_warnx("%s: %s", where, text);
	for (size_t i = 0; i < n; i++)
		log_warnx("%s: %s", remedies[i].tool, remedies[i].command);
}

static void
vsay(enum finding kind, const char *setting, const struct finding_remedy *remedies,
    size_t n, const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof text, fmt, ap);
	say(kind, 0, setting, text, remedies, n);
}

void
finding_fault(const char *setting, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(FINDING_FAULT, setting, NULL, 0, fmt, ap);
	va_end(ap);
}

void
finding_advice(const char *setting, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(FINDING_ADVICE, setting, NULL, 0, fmt, ap);
	va_end(ap);
}

void
finding_tell(enum finding kind, const char *setting, const struct finding_remedy *remedies,
    size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(kind, setting, remedies, n, fmt, ap);
	va_end(ap);
}

void
finding_in_file(void *ctx, int line, const char *setting, const char *text)
{
	(void)ctx;
	say(FINDING_FAULT, line, setting, text, NULL, 0);
}

int
finding_faults(void)
{
	return faults;
}

bool
finding_checking(void)
{
	return checking;
}
