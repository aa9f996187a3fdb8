/*
 * program.h - what every program of the house does the same way.
 *
 * -c FILE, --check, --settings, --debug, --version; settings read before
 * anything else; nothing starts half-configured.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>

#include "base/conf.h"

struct program {
	const char			*name;		/* "latchkey-portal" */
	const struct conf_section	*sections;
	/* Look at what the settings point to: keys, certificates, files.  Report each fault. */
	void				(*check)(void);
	/* Work until told to stop; return the exit status. */
	int				(*run)(void);
};

/** program_main(program, argc, argv): return the exit status. */
int program_main(const struct program *, int argc, char **argv);

/**
 * program_fault(line, setting, fmt, ...):
 * Report one mistake that keeps the program from starting: as a JSON line under
 * --check, else in the log.  ${line} is 0 where no line is to blame.
 */
void program_fault(int line, const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/** program_advice(setting, fmt, ...): likewise, but the program may start all the same. */
void program_advice(const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** program_checking(): under --check, when there is time to try what the settings point to. */
bool program_checking(void);

/** program_notify(state): tell the supervisor "READY=1" and the like, if there is one. */
void program_notify(const char *state);

/**
 * program_passed(name):
 * The listening socket that the supervisor passed under ${name}, or -1.
 */
int program_passed(const char *name);

#endif
