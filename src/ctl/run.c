#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "ctl/ask.h"
#include "ctl/command.h"
#include "ctl/findings.h"
#include "ctl/room.h"
#include "wire/house.h"

enum { READY_MS = 30000, STOP_MS = 10000 };

/* The four as this process sees them. */
static struct {
	pid_t	pid;		/* 0: not started, or ended */
	bool	ready;
} rooms[ROOMS];
static bool stopping;

/* ---- What they tell ------------------------------------------------------------------- */

/* Programs tell a supervisor that they are ready through a socket: here that is us. */
static int
open_notify(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof sun;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	char name[sizeof sun.sun_path + 1];

	/* Bound to nothing, the kernel finds a name of its own: no file, no clash. */
	if (fd == -1 || bind(fd, (struct sockaddr *)&sun, sizeof sun.sun_family) == -1 ||
	    getsockname(fd, (struct sockaddr *)&sun, &len) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == -1)
		fatal("no socket");
	snprintf(name, sizeof name, "@%.*s",
	    (int)(len - offsetof(struct sockaddr_un, sun_path) - 1), sun.sun_path + 1);
	setenv("NOTIFY_SOCKET", name, 1);
	return fd;
}

static void
hear(int fd)
{
	char text[256], control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { .iov_base = text, .iov_len = sizeof text - 1 };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
	    .msg_controllen = sizeof control };
	ssize_t n = recvmsg(fd, &h, MSG_DONTWAIT);
	struct cmsghdr *c = n <= 0 ? NULL : CMSG_FIRSTHDR(&h);
	struct ucred who;

	if (c == NULL || c->cmsg_type != SCM_CREDENTIALS)
		return;
	text[n] = '\0';
	memcpy(&who, CMSG_DATA(c), sizeof who);
	for (int i = 0; i < ROOMS; i++)
		if (rooms[i].pid == who.pid && strstr(text, "READY=1") != NULL)
			rooms[i].ready = true;
}

static void
tell_end(const char *name, int status)
{
	if (WIFSIGNALED(status) && !(stopping && WTERMSIG(status) == SIGTERM))
		log_warnx("%s was ended by signal %d", name, WTERMSIG(status));
	else if (WIFEXITED(status) && !(stopping && WEXITSTATUS(status) == 0))
		log_warnx("%s ended with status %d", name, WEXITSTATUS(status));
}

/* Take leave of those that have ended.  Return whether any has. */
static bool
reap(void)
{
	bool any = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < ROOMS; i++) {
			if (rooms[i].pid != pid)
				continue;
			rooms[i].pid = 0;
			any = true;
			tell_end(room_names[i], status);
		}
	}
	return any;
}

/* ---- From beginning to end ---------------------------------------------------------------- */

static int
start_all(const struct call *call)
{
	char path[4096];

	for (int i = 0; i < ROOMS; i++) {
		if (room_find(i, call, path, sizeof path) == -1 ||
		    (rooms[i].pid = room_start(path, call, NULL, -1)) == -1) {
			rooms[i].pid = 0;
			log_warn("%s cannot be started", room_names[i]);
			return -1;
		}
	}
	return 0;
}

static bool
all_ready(void)
{
	for (int i = 0; i < ROOMS; i++)
		if (!rooms[i].ready)
			return false;
	return true;
}

static void
tell_late(void)
{
	for (int i = 0; i < ROOMS; i++)
		if (!rooms[i].ready)
			log_warnx("%s was not ready after %d seconds", room_names[i],
			    READY_MS / 1000);
}

/* Watch them until one ends or we are told to stop.  Return the exit status. */
static int
watch(int signals, int notify)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN }, { .fd = notify, .events = POLLIN },
	};
	int64_t limit = clock_ms() + READY_MS;
	struct signalfd_siginfo info;
	bool ready = false;

	for (;;) {
		int64_t left = limit - clock_ms();

		if (!ready && left <= 0) {
			tell_late();
			return EXIT_NO;
		}
		poll(fds, 2, ready ? -1 : (int)left);
		if ((fds[1].revents & POLLIN) != 0)
			hear(notify);
		if (!ready && all_ready()) {
			ready = true;
			log_info("ready: people can open %s", house.public_url);
		}
		if ((fds[0].revents & POLLIN) == 0 || read(signals, &info, sizeof info) <= 0)
			continue;
		if (info.ssi_signo != SIGCHLD)
			return EXIT_GOOD;
		if (reap())
			return EXIT_NO;
	}
}

static void
signal_all(int number)
{
	for (int i = 0; i < ROOMS; i++)
		if (rooms[i].pid != 0)
			kill(rooms[i].pid, number);
}

static bool
any_left(void)
{
	for (int i = 0; i < ROOMS; i++)
		if (rooms[i].pid != 0)
			return true;
	return false;
}

static void
stop_all(int signals)
{
	struct pollfd fd = { .fd = signals, .events = POLLIN };
	int64_t limit = clock_ms() + STOP_MS, left;
	struct signalfd_siginfo info;

	stopping = true;
	signal_all(SIGTERM);
	for (reap(); any_left() && (left = limit - clock_ms()) > 0; reap())
		if (poll(&fd, 1, (int)left) == 1 && read(signals, &info, sizeof info) == -1)
			break;
	if (any_left()) {
		log_warnx("not all programs ended when asked to: they are killed");
		signal_all(SIGKILL);
	}
}

static int
open_signals(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1 ||
	    (fd = signalfd(-1, &set, SFD_CLOEXEC)) == -1)
		fatal("no signals");
	return fd;
}

/* Log as the programs do, and make the folder of the sockets, as the service manager would. */
static void
settle(void)
{
	log_form((enum log_form)house.log);
	if (mkdir(house.runtime, 0755) == -1 && errno != EEXIST)
		log_warn("the folder %s cannot be made", house.runtime);
}

int
run_command(const struct call *call)
{
	int signals, notify, status;

	if (findings_bar(call, "nothing was started") || ask_house(call) == -1)
		return EXIT_NO;
	settle();
	signals = open_signals();
	notify = open_notify();
	status = start_all(call) == -1 ? EXIT_NO : watch(signals, notify);
	stop_all(signals);
	close(notify);
	close(signals);
	return status;
}
