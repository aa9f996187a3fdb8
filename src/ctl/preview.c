#include <stdio.h>

#include "ctl/command.h"
#include "ctl/room.h"

/* Portal alone can draw them. */
int
preview_command(const struct call *call)
{
	char argument[4096];

	if (call->argc == 0 || call->argv[0][0] == '\0')
		return command_mistake("a folder for the pages is missing; right is: "
		    "latchkey preview DIR");
	if (snprintf(argument, sizeof argument, "--preview=%s", call->argv[0]) >=
	    (int)sizeof argument)
		return command_mistake("the name of that folder is too long");
	return room_ask(ROOM_PORTAL, call, argument);
}
