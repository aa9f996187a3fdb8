#include "config.h"

#include "ctl/command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"

enum { OPT_HELP = 2 * CALL__LAST, OPT_VERSION };

static const struct option longs[] = {
	{ "config", required_argument, NULL, 'c' }, { "json", no_argument, NULL, CALL_JSON },
	{ "bindir", required_argument, NULL, CALL_BINDIR },
	{ "from", required_argument, NULL, CALL_FROM },
	{ "until", required_argument, NULL, CALL_UNTIL },
	{ "canary", required_argument, NULL, CALL_CANARY },
	{ "field", required_argument, NULL, CALL_FIELD },
	{ "what", required_argument, NULL, CALL_WHAT },
	{ "file", required_argument, NULL, CALL_FILE },
	{ "end", no_argument, NULL, CALL_END },
	{ "help", no_argument, NULL, OPT_HELP }, { "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

int
command_mistake(const char *fmt, ...)
{
	va_list ap;

	fputs("latchkey: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return EXIT_MISTAKE;
}

static int
help(const struct command *commands)
{
	puts("usage: latchkey [-c FILE] COMMAND [OPTION...]\n");
	for (const struct command *c = commands; c->name != NULL; c++)
		printf("  %s %s\n      %s\n", c->name, c->arguments, c->help);
	puts("  help\n      show this\n\n-c FILE names the settings file; without it, "
	    SYSCONFDIR "/latchkey/latchkey.conf.\n"
	    "Exit status: 0 good, 1 \"no\", 2 a mistake in the call.  See latchkey(8).");
	return EXIT_GOOD;
}

/* ---- Which command ------------------------------------------------------------- */

/* How many words of ${argv} are the name of ${c}; 0 if they are not. */
static int
named(const struct command *c, int argc, char **argv)
{
	const char *name = c->name;
	int n = 0;

	while (*name != '\0' && n < argc) {
		size_t len = strcspn(name, " ");

		if (strlen(argv[n]) != len || strncmp(argv[n], name, len) != 0)
			return 0;
		name += len + (name[len] == ' ');
		n++;
	}
	return *name == '\0' ? n : 0;
}

static int
unknown(const struct command *commands, int argc, char **argv)
{
	struct guess g = { .best = NULL };
	char typed[128];

	for (const struct command *c = commands; c->name != NULL; c++) {
		bool two = strchr(c->name, ' ') != NULL && argc > 1;

		snprintf(typed, sizeof typed, "%s%s%s", argv[0], two ? " " : "",
		    two ? argv[1] : "");
		text_guess(&g, c->name, strncmp(c->name, typed, strlen(typed)) == 0 ? 1 :
		    text_distance(typed, c->name));
	}
	if (g.best != NULL)
		return command_mistake("there is no command \"%s\"; did you mean \"latchkey %s\"?",
		    argv[0], g.best);
	return command_mistake("there is no command \"%s\"; \"latchkey help\" lists them", argv[0]);
}

/* An option that was given and that ${c} does not take, or NULL. */
static const char *
stray(const struct command *c, const struct call *call)
{
	for (const struct option *o = longs; o->name != NULL; o++)
		if (o->val <= CALL__LAST && (call->given & ~c->options & o->val) != 0)
			return o->name;
	return NULL;
}

static int
run(const struct command *c, struct call *call)
{
	const char *option = stray(c, call);

	if (option != NULL)
		return command_mistake("\"%s\" takes no --%s; right is: latchkey %s %s", c->name,
		    option, c->name, c->arguments);
	if (call->argc > c->most)
		return command_mistake("\"%s\" is too much; right is: latchkey %s %s",
		    call->argv[c->most], c->name, c->arguments);
	return c->run(call);
}

/* ---- The way in -------------------------------------------------------------------- */

/* Return the one option that ends everything, '?' for a mistake, or -1. */
static int
read_options(struct call *call, int argc, char **argv)
{
	int o;

	while ((o = getopt_long(argc, argv, "c:h", longs, NULL)) != -1) {
		switch (o) {
		case 'c':
			call->config = optarg;
			continue;
		case CALL_JSON:
			call->json = true;
			break;
		case CALL_BINDIR:
			call->bindir = optarg;
			break;
		case CALL_FROM:
			call->from = optarg;
			break;
		case CALL_UNTIL:
			call->until = optarg;
			break;
		case CALL_CANARY:
			call->canary = optarg;
			break;
		case CALL_END:
			call->end = true;
			break;
		case CALL_FIELD:
			call->field = optarg;
			break;
		case CALL_WHAT:
			call->what = optarg;
			break;
		case CALL_FILE:
			call->file = optarg;
			break;
		default:
			return o;
		}
		call->given |= o;
	}
	call->argc = argc - optind;
	call->argv = argv + optind;
	return -1;
}

int
command_main(const struct command *commands, int argc, char **argv)
{
	struct call call = { .config = SYSCONFDIR "/latchkey/latchkey.conf" };
	int o = read_options(&call, argc, argv), n;

	log_start("latchkey", false, LOG_JOURNAL);
	if (o == 'h' || o == OPT_HELP)
		return help(commands);
	if (o == OPT_VERSION)
		return puts("latchkey " PACKAGE_VERSION) == EOF;
	if (o != -1)
		return EXIT_MISTAKE;	/* getopt has said what */
	if (call.argc == 0)
		return command_mistake("a command is missing; \"latchkey help\" lists them");
	if (strcmp(call.argv[0], "help") == 0)
		return help(commands);
	for (const struct command *c = commands; c->name != NULL; c++) {
		if ((n = named(c, call.argc, call.argv)) == 0)
			continue;
		call.argc -= n;
		call.argv += n;
		return run(c, &call);
	}
	return unknown(commands, call.argc, call.argv);
}
