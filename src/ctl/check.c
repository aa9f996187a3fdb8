#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/findings.h"
#include "wire/msg.h"

int
check_command(const struct call *call)
{
	struct findings *f;
	size_t faults, advice;

	if (call->canary != NULL && (call->canary[0] == '\0' || strlen(call->canary) > NAME_LONGEST))
		return command_mistake("--canary takes the user name of a test account");
	f = findings_collect(call, true);
	faults = findings_faults(f);
	advice = findings_advice(f);
	if (!call->json) {
		if (faults == 0)
			printf("%s is good: nothing keeps the programs from starting",
			    call->config);
		else
			printf("%zu mistake%s to mend", faults, faults == 1 ? "" : "s");
		if (advice > 0)
			printf("; %zu piece%s of advice", advice, advice == 1 ? "" : "s");
		puts(".");
	}
	findings_free(f);
	return faults == 0 ? EXIT_GOOD : EXIT_NO;
}
