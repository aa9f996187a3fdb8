/*
 * latchkey-portal - draws the steps for people and for programs.
 */
#include "base/loop.h"
#include "base/program.h"
#include "portal/api.h"
#include "portal/check.h"
#include "portal/http.h"
#include "portal/keeper.h"
#include "portal/route.h"
#include "portal/settings.h"

static int
run(void)
{
	struct event_base *base = loop_open();

	keeper_start(base);
	if (http_listen(base, &route_handlers) == -1)
		return 1;
	program_notify("READY=1");
	loop_run(NULL);
	program_notify("STOPPING=1");
	keeper_close();
	http_close();
	loop_close();
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct program portal = {
		.name = "latchkey-portal", .sections = settings_sections, .check = check_all,
		.reload = check_read, .fixed = settings_fixed, .run = run,
	};

	/* Before the first of its objects, or it would be freed by other means than it was made. */
	api_start();
	return program_main(&portal, argc, argv);
}
