/*
 * command.h - the commands of latchkey, and what they have in common.
 */
#ifndef CTL_COMMAND_H
#define CTL_COMMAND_H

#include <stdbool.h>

/* Contracts: scripts rely on them. */
enum { EXIT_GOOD = 0, EXIT_NO = 1, EXIT_MISTAKE = 2 };

enum call_option {
	CALL_JSON = 1, CALL_BINDIR = 2, CALL_FROM = 4, CALL_UNTIL = 8,
	CALL_CANARY = 16, CALL_FIELD = 32,
	CALL_WHAT = 64, CALL_FILE = 128, CALL_END = 256,
	CALL__LAST = CALL_END
};

/* What was typed: the options, and the words that are left. */
struct call {
	const char	*config;
	const char	*bindir;	/* NULL: beside this program, or where they were installed */
	const char	*from, *until;
	const char	*canary;	/* the account that a check may try everything on */
	const char	*field;		/* of a proof; NULL: the one with a date */
	const char	*what;		/* the kind of rows */
	const char	*file;		/* the audit as it was exported */
	bool		 json;
	bool		 end;		/* drop the old key, do not make a new one */
	int		 given;		/* bits of enum call_option */
	int		 argc;
	char		**argv;
};

struct command {
	const char	*name;		/* "audit show" */
	int		(*run)(const struct call *);
	int		 options;	/* that it takes */
	int		 most;		/* words after the name */
	const char	*arguments, *help;
};

/** command_main(commands, argc, argv): run one of them, which end with a NULL name. */
int command_main(const struct command *, int argc, char **argv);

/** command_mistake(fmt, ...): say in one line what is right; return EXIT_MISTAKE. */
int command_mistake(const char *, ...) __attribute__((format(printf, 1, 2)));

int check_command(const struct call *);
int run_command(const struct call *);
int reload_command(const struct call *);
int status_command(const struct call *);
int audit_command(const struct call *);
int trace_command(const struct call *);
int proof_hash_command(const struct call *);
int halt_command(const struct call *);
int resume_command(const struct call *);
int lookup_command(const struct call *);
int pardon_command(const struct call *);
int policy_explain_command(const struct call *);
int preview_command(const struct call *);
int verify_command(const struct call *);
int erase_command(const struct call *);
int backup_command(const struct call *);
int restore_command(const struct call *);
int rekey_command(const struct call *);

#endif
