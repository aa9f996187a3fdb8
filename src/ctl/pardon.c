/*
 * pardon.c - somebody's budgets, as if nothing had been spent.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"

static int
ask_pardon(int fd, const char *name)
{
	struct msg m = { .type = MSG_PARDON, .id = 1 };

	snprintf(m.u.pardon.name, sizeof m.u.pardon.name, "%s", name);
	if (ask_send(fd, &m) == -1 || ask_hear(fd, &m) == -1 || m.type != MSG_PARDONED)
		return -1;
	if (m.u.verdict == VERDICT_OK)
		return 0;
	log_warnx("nothing was changed: the directory can't say who \"%s\" is (%s)", name,
	    word_verdict[m.u.verdict]);
	return -1;
}

int
pardon_command(const struct call *call)
{
	int fd, r;

	if (call->argc == 0)
		return command_mistake("whose budgets?  Right is: latchkey pardon NAME");
	if (strlen(call->argv[0]) > NAME_LONGEST)
		return command_mistake("no name is longer than %d bytes", NAME_LONGEST);
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	r = ask_pardon(fd, call->argv[0]);
	close(fd);
	if (r == -1)
		return EXIT_NO;
	printf("Nothing counts any more of what was sent to \"%s\" or done for them today.\n",
	    call->argv[0]);
	return EXIT_GOOD;
}
