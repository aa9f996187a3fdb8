#include <stdio.h>

#include "ctl/command.h"
#include "ctl/findings.h"

int
check_command(const struct call *call)
{
	struct findings *f = findings_collect(call);
	size_t faults = findings_faults(f), advice = findings_advice(f);

	if (call->json) {
		findings_print_json(f);
	} else {
		findings_print(f, call->config);
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
