#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/log.h"
#include "ctl/command.h"
#include "ctl/room.h"

/* Registrar alone can read the directory; it writes the LDIF to where we would. */
int
proof_hash_command(const struct call *call)
{
	char path[4096], argument[64];
	int status;
	pid_t pid;

	snprintf(argument, sizeof argument, "--hash-proofs=%s", call->field != NULL ? call->field : "");
	if (call->argc == 1 && freopen(call->argv[0], "r", stdin) == NULL) {
		log_warn("%s cannot be read", call->argv[0]);
		return EXIT_NO;
	}
	if (room_find(ROOM_REGISTRAR, call, path, sizeof path) == -1 ||
	    (pid = room_start(path, call, argument, -1)) == -1) {
		log_warn("%s cannot be started", room_names[ROOM_REGISTRAR]);
		return EXIT_NO;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return EXIT_NO;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? EXIT_GOOD : EXIT_NO;
}
