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
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#ifndef SYSCONFDIR
#define SYSCONFDIR "/etc"
#endif

static const char *name;
static const char *path = SYSCONFDIR "/latchkey/latchkey.conf";
static bool checking;
static int faults;

/* ---- Faults --------------------------------------------------------------- */

static void
say(const char *level, int line, const char *setting, const char *fmt, va_list ap)
{
	char text[1024], quoted[2100], which[600];

	vsnprintf(text, sizeof text, fmt, ap);
	if (!checking) {
		log_warnx("%s:%d: %s: %s", path, line, setting, text);
		return;
	}
	text_json(which, sizeof which, setting);
	text_json(quoted, sizeof quoted, text);
	printf("{\"program\":\"%s\",\"level\":\"%s\",\"line\":%d,\"setting\":%s,\"text\":%s}\n",
	    name, level, line, which, quoted);
}

void
program_fault(int line, const char *setting, const char *fmt, ...)
{
	va_list ap;

	faults++;
	va_start(ap, fmt);
	say("error", line, setting, fmt, ap);
	va_end(ap);
}

void
program_advice(const char *setting, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say("advice", 0, setting, fmt, ap);
	va_end(ap);
}

static void
conf_fault(void *ctx, int line, const char *setting, const char *text)
{
	(void)ctx;
	program_fault(line, setting, "%s", text);
}

bool
program_checking(void)
{
	return checking;
}

/* ---- The supervisor -------------------------------------------------------- */

void
program_notify(const char *state)
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
	if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == -1)
		log_warn("the supervisor was not told %s", state);
	close(fd);
}

int
program_passed(const char *wanted)
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
		if (strcmp(one, wanted) == 0) {
			fcntl(fd, F_SETFD, FD_CLOEXEC);
			return fd;
		}
	}
	return -1;
}

/* ---- The way in -------------------------------------------------------------- */

static int
usage(void)
{
	fprintf(stderr, "usage: %s [-c FILE] [--check | --settings | --version] [--debug]\n", name);
	return 2;
}

/* A core dump or a debugger would show secrets; a broken pipe is an ordinary error. */
static void
settle(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	umask(S_IRWXG | S_IRWXO);
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int
program_main(const struct program *p, int argc, char **argv)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' }, { "check", no_argument, NULL, 'k' },
		{ "settings", no_argument, NULL, 's' }, { "debug", no_argument, NULL, 'd' },
		{ "version", no_argument, NULL, 'V' }, { NULL, 0, NULL, 0 },
	};
	bool debug = false;
	int c;

	name = p->name;
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
			return usage();
		}
	}
	if (optind != argc)
		return usage();
	log_start(name, debug);
	settle();
	if (conf_read(path, p->sections, conf_fault, NULL) == 0)
		p->check();
	if (faults > 0 || checking)
		return faults > 0;
	return p->run();
}
