#include "ctl/room.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

/* Keeper first: the others look for it. */
const char *const room_names[ROOMS] = {
	[ROOM_KEEPER] = "latchkeyd", [ROOM_REGISTRAR] = "latchkey-registrar", "latchkey-courier",
	[ROOM_PORTAL] = "latchkey-portal",
};

static bool
is_in(const char *dir, int room, char *path, size_t size)
{
	int n = snprintf(path, size, "%s/%s", dir, room_names[room]);

	return n > 0 && (size_t)n < size && access(path, X_OK) == 0;
}

int
room_find(int room, const struct call *call, char *path, size_t size)
{
	const char *dir = call->bindir != NULL ? call->bindir : getenv("LATCHKEY_BINDIR");
	char self[4096] = ".";
	ssize_t n;

	if (dir != NULL)
		return is_in(dir, room, path, size) ? 0 : -1;
	if ((n = readlink("/proc/self/exe", self, sizeof self - 1)) > 0) {
		self[n] = '\0';
		*strrchr(self, '/') = '\0';
	}
	return is_in(self, room, path, size) || is_in(SBINDIR, room, path, size) ? 0 : -1;
}

/*
 * The service manager hands out secrets by name.  Here they lie in the folder
 * that it would take them from: secrets, beside the settings file.
 */
static void
offer_secrets(const char *config)
{
	const char *slash = strrchr(config, '/');
	char dir[4096];

	snprintf(dir, sizeof dir, "%.*ssecrets", slash == NULL ? 0 : (int)(slash - config) + 1,
	    config);
	if (access(dir, X_OK) == 0)
		setenv("CREDENTIALS_DIRECTORY", dir, 0);
}

pid_t
room_start(const char *path, const struct call *call, const char *argument, int out)
{
	char *argv[] = { (char *)(uintptr_t)path, "-c", (char *)(uintptr_t)call->config,
	    (char *)(uintptr_t)argument, NULL };
	pid_t parent = getpid(), pid = fork();
	sigset_t none;

	if (pid != 0)
		return pid;
	/* Nobody is left behind, however this program ends. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	offer_secrets(call->config);
	if (out != -1)
		dup2(out, STDOUT_FILENO);
	execv(path, argv);
	fprintf(stderr, "latchkey: %s cannot be started: %s\n", path, strerror(errno));
	_exit(127);
}

int
room_ask(int room, const struct call *call, const char *argument)
{
	char path[4096];
	int status;
	pid_t pid;

	if (room_find(room, call, path, sizeof path) == -1 ||
	    (pid = room_start(path, call, argument, -1)) == -1) {
		log_warn("%s cannot be started", room_names[room]);
		return EXIT_NO;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return EXIT_NO;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? EXIT_GOOD : EXIT_NO;
}
