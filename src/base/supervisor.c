#include "base/supervisor.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

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
supervisor_tell(const char *state)
{
	notify(state, 0);
}

int64_t
supervisor_patience_ms(void)
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
supervisor_feed(void)
{
	static int64_t fed;
	int64_t each = supervisor_patience_ms(), now = clock_ms();

	/* Timers are not so exact that one that is due may not be a little early. */
	if (each == 0 || now - fed < each / 2)
		return;
	fed = now;
	/* A supervisor that does not listen must not keep people waiting. */
	notify("WATCHDOG=1", MSG_DONTWAIT);
}

int
supervisor_passed(const char *wanted, int nth)
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
