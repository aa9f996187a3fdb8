/*
 * inside.c - to be loaded into a program of the house by LD_PRELOAD: at a signal it tries
 * what a file lists, as that program, and appends how each went.  See inside.py.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int list = -1, said = -1;

static int
try_port(const char *what, int port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), r;

	r = strcmp(what, "bind") == 0 ? bind(fd, (struct sockaddr *)&sin, sizeof sin) :
	    connect(fd, (struct sockaddr *)&sin, sizeof sin);
	r = r == -1 ? errno : 0;
	close(fd);
	return r;
}

static int
try_one(const char *what, const char *on, int number)
{
	int fd;

	if (strcmp(what, "unlink") == 0)
		return unlink(on) == -1 ? errno : 0;
	if (strcmp(what, "signal") == 0)
		return kill(number, 0) == -1 ? errno : 0;
	if (strcmp(what, "open") != 0)
		return try_port(what, number);
	if ((fd = open(on, number | O_CLOEXEC, 0600)) == -1)
		return errno;
	close(fd);
	return 0;
}

static void
on_signal(int signal_number)
{
	char text[4096], what[16], on[1024], line[32];
	ssize_t n = pread(list, text, sizeof text - 1, 0);
	int number, used, saved = errno;

	(void)signal_number;
	text[n > 0 ? n : 0] = '\0';
	for (char *p = text; sscanf(p, "%15s %1023s %d%n", what, on, &number, &used) == 3; p += used) {
		int len = snprintf(line, sizeof line, "%d\n", try_one(what, on, number));

		if (write(said, line, (size_t)len) == -1)
			abort();
	}
	if (write(said, "end\n", 4) == -1)
		abort();
	errno = saved;
}

__attribute__((constructor)) static void
begin(void)
{
	const struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	char path[1024];

	snprintf(path, sizeof path, "%s.try", getenv("LATCHKEY_INSIDE"));
	list = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof path, "%s.said", getenv("LATCHKEY_INSIDE"));
	said = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	sigaction(SIGRTMIN, &act, NULL);
}
