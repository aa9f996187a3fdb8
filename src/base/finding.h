/*
 * finding.h - what a program has to say about its settings, and about what they point to.
 *
 * Under --check each is a JSON line on standard output, which latchkey check collects;
 * else it goes to the log.
 */
#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>

/* A fault keeps the program from starting, advice does not; a fact asks for nothing. */
enum finding { FINDING_FAULT, FINDING_ADVICE, FINDING_FACT };

/* A command that mends something, ready to be typed. */
struct finding_remedy {
	const char	*tool;		/* "samba-tool": of several tools one is enough */
	char		 command[1536];
};

/** finding_begin(program, settings, checking): who finds, in which file, and for whom. */
void finding_begin(const char *program, const char *settings, bool checking);

/** finding_checking(): under --check, when there is time to try what the settings point to. */
bool finding_checking(void);

/** finding_fault(setting, fmt, ...), finding_advice(setting, fmt, ...): tell one. */
void finding_fault(const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void finding_advice(const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * finding_tell(which, setting, remedies, n, fmt, ...):
 * Likewise, with the commands that mend it; or a fact, which is told under --check alone.
 */
void finding_tell(enum finding, const char *setting, const struct finding_remedy *, size_t n,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/** finding_in_file(ctx, line, setting, text): a fault that conf_read found. */
void finding_in_file(void *ctx, int line, const char *setting, const char *text);

/** finding_faults(): how many faults there were since the last finding_forget(). */
int finding_faults(void);
void finding_forget(void);

#endif
