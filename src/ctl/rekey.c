#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/room.h"

static const struct {
	const char	*name;
	int		 room;
	const char	*unit, *wait;
} keys[] = {
	{ "code", ROOM_KEEPER, "latchkeyd", "65 minutes after that" },
	{ "audit", ROOM_KEEPER, "latchkeyd", "when its log says that all is sealed anew" },
	{ "ticket", ROOM_REGISTRAR, "latchkey-registrar", "two hours after that" },
};

int
rekey_command(const struct call *call)
{
	const char *name = call->argc > 0 ? call->argv[0] : "";
	char argument[64];

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (strcmp(keys[i].name, name) != 0)
			continue;
		snprintf(argument, sizeof argument, "--rekey%s=%s", call->end ? "-end" : "", name);
		if (room_ask(keys[i].room, call, argument) != EXIT_GOOD)
			return EXIT_NO;
		if (call->end)
			printf("The old %s key is gone.  Next: systemctl restart %s\n", name, keys[i].unit);
		else
			printf("There is a new %s key, and the one of before still opens.  Next:\n"
			    "    systemctl restart %s\n    latchkey rekey --end %s    %s\n",
			    name, keys[i].unit, name, keys[i].wait);
		return EXIT_GOOD;
	}
	return command_mistake("which key?  Right is: latchkey rekey [--end] code|ticket|audit");
}
