#include "config.h"

#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/text.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif

static const struct program *self;
static const char *name;
static const char *path = SYSCONFDIR "/latchkey/latchkey.conf";
static bool checking;
static int faults;

/* ---- Faults --------------------------------------------------------------- */

static const char *const finding_words[] = {
	[FINDING_FAULT] = "error", [FINDING_ADVICE] = "advice", [FINDING_FACT] = "fact",
};

static void
say_json(enum program_finding kind, int line, const char *setting, const char *text,
    const struct program_remedy *remedies, size_t n)
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
say(enum program_finding kind, int line, const char *setting, const char *text,
    const struct program_remedy *remedies, size_t n)
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
vsay(enum program_finding kind, const char *setting, const struct program_remedy *remedies,
    size_t n, const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof text, fmt, ap);
	say(kind, 0, setting, text, remedies, n);
}

void
program_fault(const char *setting, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(FINDING_FAULT, setting, NULL, 0, fmt, ap);
	va_end(ap);
}

void
program_advice(const char *setting, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(FINDING_ADVICE, setting, NULL, 0, fmt, ap);
	va_end(ap);
}

void
program_tell(enum program_finding kind, const char *setting, const struct program_remedy *remedies,
    size_t n, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(kind, setting, remedies, n, fmt, ap);
	va_end(ap);
}

static void
conf_fault(void *ctx, int line, const char *setting, const char *text)
{
	(void)ctx;
	say(FINDING_FAULT, line, setting, text, NULL, 0);
}

int
program_faults(void)
{
	return faults;
}

const char *
program_settings(void)
{
	return path;
}

bool
program_checking(void)
{
	return checking;
}

/* ---- The supervisor -------------------------------------------------------- */

static void
notify(const char *state, int flags)
{
	const char *to = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len;
	int fd;

	if (to == NULL || (len = strlen(to)) == 0 || len >= sizeof sun.sun_path)
		return;
	memcpy(sun.sun_path, to, len);
	if (sun.sun_path[0] == '@')
		sun.sun_path[0] = '\0';
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return;
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL | flags, (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == -1)
		log_warn("the supervisor was not told %s", state);
	close(fd);
}

void
program_notify(const char *state)
{
	notify(state, 0);
}

int64_t
program_watchdog_ms(void)
{
	/* A third of its patience leaves room for one that comes late. */
	enum { PART = 3 };
	static int64_t ms = -1;
	const char *patience = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (ms != -1)
		return ms;
	ms = 0;
	if (patience != NULL && (pid == NULL || strtol(pid, NULL, 10) == getpid()))
		ms = strtoll(patience, NULL, 10) / 1000 / PART;
	return ms;
}

void
program_feed(void)
{
	static int64_t fed;
	int64_t each = program_watchdog_ms(), now = clock_ms();

	/* Timers are not so exact that one that is due may not be a little early. */
	if (each == 0 || now - fed < each / 2)
		return;
	fed = now;
	/* A supervisor that does not listen must not keep people waiting. */
	notify("WATCHDOG=1", MSG_DONTWAIT);
}

int
program_passed(const char *wanted, int nth)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	const char *names = getenv("LISTEN_FDNAMES");
	char copy[512], *one, *rest = copy;

	if (pid == NULL || count == NULL || names == NULL || strtol(pid, NULL, 10) != getpid())
		return -1;
	snprintf(copy, sizeof copy, "%s", names);
	for (int fd = 3; fd < 3 + (int)strtol(count, NULL, 10); fd++) {
		if ((one = strsep(&rest, ":")) == NULL)
			break;
		if (strcmp(one, wanted) == 0 && nth-- == 0) {
			fcntl(fd, F_SETFD, FD_CLOEXEC);
			return fd;
		}
	}
	return -1;
}

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
		faults = 0;
		if (conf_read_again(path, self->sections, self->fixed, NULL, conf_fault, NULL) == 0)
			self->check();
		_exit(faults > 0 ? 1 : 0);
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
	faults = 0;
	if (conf_read_again(path, self->sections, self->fixed, tell_later, conf_fault, NULL) == 0)
		self->reload();
	return faults == 0;
}

int
program_reload(void)
{
	char state[80];
	bool good;

	snprintf(state, sizeof state, "RELOADING=1\nMONOTONIC_USEC=%lld",
	    (long long)clock_monotonic_us());
	program_notify(state);
	if ((good = is_good() && take_up()))
		log_info("the settings were read again");
	else
		log_warnx("the settings of before stay: %s has a mistake", path);
	program_notify(good ? "READY=1\nSTATUS=with new settings" :
	    "READY=1\nSTATUS=with the settings of before: the file has a mistake");
	return good ? 0 : -1;
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
	if (conf_read(path, p->sections, conf_fault, NULL) == 0) {
		log_form((enum log_form)*p->log);
		p->check();
	}
	if (checking && !sandbox_is_known())
		program_advice("", "this kernel has no Landlock, by which each program gives up what it "
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
	look(p);
	if (faults > 0 || checking)
		return faults > 0;
	return run();
}
