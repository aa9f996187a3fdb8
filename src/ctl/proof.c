#include <stdio.h>

#include "base/log.h"
#include "ctl/command.h"
#include "ctl/room.h"

/* Registrar alone can read the directory; it writes the LDIF to where we would. */
int
proof_hash_command(const struct call *call)
{
	char argument[64];

	snprintf(argument, sizeof argument, "--hash-proofs=%s", call->field != NULL ? call->field : "");
	if (call->argc == 1 && freopen(call->argv[0], "r", stdin) == NULL) {
		log_warn("%s cannot be read", call->argv[0]);
		return EXIT_NO;
	}
	return room_ask(ROOM_REGISTRAR, call, argument);
}
