/*
 * program.h - what every program of the house does the same way.
 *
 * -c FILE, --check, --settings, --debug, --version, and what a program adds to
 * these; settings read before anything else; nothing starts half-configured.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>

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
 * program_reload():
 * Read the settings again, with those who are being served in the middle of it.  They are
 * looked at as a whole first; with any mistake the old ones stay.  Return 0, or -1 with
 * each mistake told.
 */
int program_reload(void);

/** program_settings(): the path of the settings file. */
const char *program_settings(void);

#endif
