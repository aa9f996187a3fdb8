#include "config.h"

#include "base/program.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/finding.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/supervisor.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif

static const struct program *self;
static const char *name;
static const char *path = SYSCONFDIR "/latchkey/latchkey.conf";
static bool checking;

/* ---- Reading again ----------------------------------------------------------- */

enum { TRIAL_SECONDS = 10 };

static void
tell_later(const char *setting)
{
	log_info("%s takes effect at the next start", setting);
}

/* In a child, so that nothing of a bad file gets into what is in use. */
static bool
is_good(void)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		alarm(TRIAL_SECONDS);
		finding_forget();
		if (conf_read_again(path, self->sections, self->fixed, NULL, finding_in_file, NULL) == 0)
			self->check();
		_exit(finding_faults() > 0 ? 1 : 0);
	}
	while (pid != -1 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	if (pid == -1)
		log_warn("the settings cannot be tried");
	else if (WIFSIGNALED(status))
		log_warnx("trying the settings was ended by signal %d", WTERMSIG(status));
	return pid != -1 && status == 0;
}

static bool
take_up(void)
{
	finding_forget();
	if (conf_read_again(path, self->sections, self->fixed, tell_later, finding_in_file, NULL) == 0)
		self->reload();
	return finding_faults() == 0;
}

int
program_reload(void)
{
	char state[80];
	bool good;

	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_monotonic_us());
	supervisor_tell(state);
	if ((good = is_good() && take_up()))
		log_info("the settings were read again");
	else
		log_warnx("the settings of before stay: %s has a mistake", path);
	supervisor_tell(good ? "READY=1\nSTATUS=with new settings" :
	    "READY=1\nSTATUS=with the settings of before: the file has a mistake");
	return good ? 0 : -1;
}

const char *
program_settings(void)
{
	return path;
}

/* ---- The way in -------------------------------------------------------------- */

/* OPTION_OWN + i is what getopt returns for the i-th option of the program's own. */
enum { OPTIONS_ALL = 5, OPTIONS_OWN_MOST = 8, OPTION_OWN = 256 };

static int
usage(const struct program *p)
{
	const struct program_option *o = p->options;

	fprintf(stderr, "usage: %s [-c FILE] [--check | --settings | --version", name);
	for (; o != NULL && o->name != NULL; o++)
		fprintf(stderr, " | %s--%s%s%s", o->checks ? "--check " : "", o->name,
		    o->argument != NULL ? " " : "", o->argument != NULL ? o->argument : "");
	fputs("] [--debug]\n", stderr);
	return 2;
}

/* All have the first ones; behind them what this program adds. */
static void
list_options(const struct program *p, struct option *out)
{
	static const struct option all[OPTIONS_ALL] = {
		{ "config", required_argument, NULL, 'c' }, { "check", no_argument, NULL, 'k' },
		{ "settings", no_argument, NULL, 's' }, { "debug", no_argument, NULL, 'd' },
		{ "version", no_argument, NULL, 'V' },
	};
	const struct program_option *o = p->options;

	memcpy(out, all, sizeof all);
	out += OPTIONS_ALL;
	for (int i = 0; o != NULL && o[i].name != NULL && i < OPTIONS_OWN_MOST; i++)
		*out++ = (struct option){ o[i].name,
		    o[i].argument != NULL ? required_argument : no_argument, NULL, OPTION_OWN + i };
	*out = (struct option){ NULL, 0, NULL, 0 };
}

/* A core dump or a debugger would show secrets; a broken pipe is an ordinary error. */
static void
settle(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	/* Nor may what it starts become more than it is; its sandbox asks for that, too. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		log_warn("programs that are started might gain privileges");
	umask(S_IRWXG | S_IRWXO);
	signal(SIGPIPE, SIG_IGN);
	/* Nothing is in use yet that could be read again. */
	signal(SIGHUP, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

static void
take_own(const struct program_option *o, int (**run)(void))
{
	*o->value = optarg != NULL ? optarg : "";
	checking = checking || o->checks;
	if (o->run != NULL)
		*run = o->run;
}

static void
look(const struct program *p)
{
	if (conf_read(path, p->sections, finding_in_file, NULL) == 0) {
		log_form((enum log_form)*p->log);
		p->check();
	}
	if (checking && !sandbox_is_known())
		finding_advice("", "this kernel has no Landlock, by which each program gives up what it "
		    "will not need: with a newer one, a program that is broken into reaches less");
}

int
program_main(const struct program *p, int argc, char **argv)
{
	struct option options[OPTIONS_ALL + OPTIONS_OWN_MOST + 1];
	int (*run)(void) = p->run;
	bool debug = false;
	int c;

	self = p;
	name = p->name;
	list_options(p, options);
	while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1) {
		switch (c) {
		case 'c':
			path = optarg;
			break;
		case 'k':
			checking = true;
			break;
		case 's':
			conf_list(p->sections);
			return 0;
		case 'd':
			debug = true;
			break;
		case 'V':
			printf("%s %s\n", name, PACKAGE_VERSION);
			return 0;
		default:
			if (c < OPTION_OWN)
				return usage(p);
			take_own(&p->options[c - OPTION_OWN], &run);
		}
	}
	if (optind != argc)
		return usage(p);
	log_start(name, debug, LOG_JOURNAL);
	/* A check says what there is to say on standard output. */
	if (checking && !debug)
		log_quieten();
	settle();
	finding_begin(name, path, checking);
	look(p);
	if (finding_faults() > 0 || checking)
		return finding_faults() > 0;
	return run();
}
