#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/command.h"
#include "ctl/room.h"

/* Keeper's own program reads its store, and writes where we have opened a file. */
static int
fill(const struct call *call, int out)
{
	char path[4096];
	int status;
	pid_t pid;

	if (room_find(ROOM_KEEPER, call, path, sizeof path) == -1 ||
	    (pid = room_start(path, call, "--backup", out)) == -1) {
		log_warn("%s cannot be started", room_names[ROOM_KEEPER]);
		return -1;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int
backup_command(const struct call *call)
{
	const char *file = call->argv[0];
	struct stat st;
	int fd, r;

	if (call->argc == 0)
		return command_mistake("where to?  Right is: latchkey backup FILE");
	if ((fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR)) == -1) {
		if (errno == EEXIST)
			log_warnx("%s is there already; it stays as it is", file);
		else
			log_warn("%s cannot be made", file);
		return EXIT_NO;
	}
	if ((r = fill(call, fd)) == -1)
		unlink(file);
	else if (fstat(fd, &st) == 0)
		printf("%s is a copy of the store, of %lld bytes; the keys are not in it.\n", file,
		    (long long)st.st_size);
	close(fd);
	return r == 0 ? EXIT_GOOD : EXIT_NO;
}

int
restore_command(const struct call *call)
{
	if (call->argc == 0)
		return command_mistake("from what?  Right is: latchkey restore FILE");
	if (freopen(call->argv[0], "r", stdin) == NULL) {
		log_warn("%s cannot be read", call->argv[0]);
		return EXIT_NO;
	}
	if (room_ask(ROOM_KEEPER, call, "--restore") != EXIT_GOOD)
		return EXIT_NO;
	puts("The copy is in place; what was there before is called before.db beside it, and can be\n"
	    "removed.  Ways that were under way are over.  Next: systemctl start latchkey.target");
	return EXIT_GOOD;
}
