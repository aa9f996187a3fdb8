/*
 * program.h - what every program of the house does the same way.
 *
 * -c FILE, --check, --settings, --debug, --version, and what a program adds to
 * these; settings read before anything else; nothing starts half-configured.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"

/* An option that one program has beside those that all have. */
struct program_option {
	const char	 *name;		/* "canary" */
	const char	 *argument;	/* "USER", for the usage; NULL: it takes none */
	const char	**value;	/* gets what was typed, or "" */
	bool		  checks;	/* it goes with --check, and means it */
	int		(*run)(void);	/* instead of the program's own; NULL: that one */
};

struct program {
	const char			*name;		/* "latchkey-portal" */
	const struct conf_section	*sections;
	const int			*log;		/* the setting that is an enum log_form */
	const struct program_option	*options;	/* end with a NULL name; NULL: none */
	/*
	 * Look at what the settings point to, and load it: keys, certificates, files.  Called
	 * before run, and alone under --check.  Report each fault.
	 */
	void				(*check)(void);
	/*
	 * New settings are in use: take up what they point to, which check has seen.  What is
	 * a fault all the same stays as it was.
	 */
	void				(*reload)(void);
	const char *const		*fixed;		/* settings that count from the start only */
	/* Work until told to stop; return the exit status. */
	int				(*run)(void);
};

/** program_main(program, argc, argv): return the exit status. */
int program_main(const struct program *, int argc, char **argv);

/**
 * program_fault(setting, fmt, ...):
 * Report one mistake that keeps the program from starting: as a JSON line under
 * --check, else in the log.
 */
void program_fault(const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/** program_faults(): how many there were since the settings were read last. */
int program_faults(void);

/** program_advice(setting, fmt, ...): likewise, but the program may start all the same. */
void program_advice(const char *setting, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What a check has to say, beside mistakes that have a line in the settings file. */
enum program_finding { FINDING_FAULT, FINDING_ADVICE, FINDING_FACT };

/* A command that mends something, ready to be typed. */
struct program_remedy {
	const char	*tool;		/* "samba-tool": of several tools one is enough */
	char		 command[1536];
};

/**
 * program_tell(level, setting, remedies, n, fmt, ...):
 * A fault or advice as above, with the commands that mend it; or a fact, which asks
 * for nothing and is told under --check alone.
 */
void program_tell(enum program_finding, const char *setting, const struct program_remedy *,
    size_t n, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/**
 * program_reload():
 * Read the settings again, with those who are being served in the middle of it.  They are
 * looked at as a whole first; with any mistake the old ones stay.  Return 0, or -1 with
 * each mistake told.
 */
int program_reload(void);

/** program_settings(): the path of the settings file. */
const char *program_settings(void);

/** program_checking(): under --check, when there is time to try what the settings point to. */
bool program_checking(void);

/** program_notify(state): tell the supervisor "READY=1" and the like, if there is one. */
void program_notify(const char *state);

/**
 * program_watchdog_ms():
 * At least so often the loop that serves has to call program_feed; 0: nobody watches.
 */
int64_t program_watchdog_ms(void);

/** program_feed(): tell a supervisor that watches that the loop goes round; cheap to call. */
void program_feed(void);

/**
 * program_passed(name, nth):
 * Of the listening sockets that the supervisor passed under ${name}, the ${nth}, from 0;
 * -1 if there are not so many.
 */
int program_passed(const char *name, int nth);

#endif
