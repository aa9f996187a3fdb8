/*
 * latchkey - what an admin asks and does.
 */
#include <stddef.h>

#include "ctl/command.h"

static const struct command commands[] = {
	{ "check", check_command, CALL_JSON | CALL_BINDIR | CALL_CANARY, 0,
	    "[--json] [--bindir=DIR] [--canary=USER]",
	    "look for mistakes in the settings and in what they point to; really do all that "
	    "is\n      done to people to USER, a test account" },
	{ "run", run_command, CALL_BINDIR, 0, "[--bindir=DIR]",
	    "check, then run all four programs until one ends or this is stopped" },
	{ "status", status_command, CALL_JSON, 0, "[--json]",
	    "say whether people can be helped now; 1 if not" },
	{ "reload", reload_command, CALL_BINDIR, 0, "[--bindir=DIR]",
	    "check, then let all four programs read their settings again; nobody is dropped" },
	{ "audit show", audit_command, CALL_JSON | CALL_FROM | CALL_UNTIL | CALL_WHAT, 1,
	    "[--from=DATE] [--until=DATE] [--what=KIND] [--json] [NAME]",
	    "list what was done, by or for NAME only if given, of one KIND, such as reset" },
	{ "audit verify", verify_command, CALL_JSON | CALL_FILE, 0, "[--file=FILE] [--json]",
	    "say whether a row of the audit was changed, removed, moved or added, and which; also\n"
	    "      compare it with FILE, which was exported; 1 if so" },
	{ "audit erase", erase_command, CALL_JSON, 1, "[--json] NAME",
	    "make the audit forget who NAME is; the rows stay.  Also the account that audit show\n"
	    "      --json tells" },
	{ "trace", trace_command, CALL_JSON, 1, "[--json] REFERENCE",
	    "tell what happened on one person's way, and what to do next; the reference stands "
	    "at\n      the foot of the person's page" },
	{ "lookup", lookup_command, CALL_JSON, 1, "[--json] NAME",
	    "say whether NAME can be helped, and what was spent for them; 1 if not" },
	{ "halt", halt_command, 0, 1, "[sms|recover|all]",
	    "stop messages, recovery or everything, until it is resumed" },
	{ "resume", resume_command, 0, 1, "[sms|recover|all]",
	    "let go on what was halted; without a word, everything" },
	{ "pardon", pardon_command, 0, 1, "NAME",
	    "let NAME get messages again, and be helped again today" },
	{ "policy explain", policy_explain_command, CALL_JSON, 1, "[--json] NAME",
	    "say which of the policies is for NAME, why, and what it asks of them; 1 if they cannot\n"
	    "      show it" },
	{ "proof hash", proof_hash_command, CALL_BINDIR | CALL_FIELD, 1,
	    "[--field=FIELD] [--bindir=DIR] [FILE]",
	    "make LDIF with hashed birth dates of FILE, a list of user names and dates" },
	{ "preview", preview_command, CALL_BINDIR, 1, "[--bindir=DIR] DIR",
	    "write every page in every state as files into DIR, to be looked at" },
	{ "backup", backup_command, CALL_BINDIR, 1, "[--bindir=DIR] FILE",
	    "write a copy of the store into FILE, which is new; keeper goes on meanwhile" },
	{ "restore", restore_command, CALL_BINDIR, 1, "[--bindir=DIR] FILE",
	    "put such a copy in place of the store, once the programs have been stopped" },
	{ "rekey", rekey_command, CALL_BINDIR | CALL_END, 1,
	    "[--bindir=DIR] [--end] code|ticket|audit",
	    "make a new key, beside which the old one still opens; with --end drop the old one" },
	{ .name = NULL },
};

int
main(int argc, char **argv)
{
	return command_main(commands, argc, argv);
}
