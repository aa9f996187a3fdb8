/*
 * latchkey-portal - draws the steps for people and for programs.
 */
#include "base/loop.h"
#include "base/program.h"
#include "base/supervisor.h"
#include "portal/api.h"
#include "portal/check.h"
#include "portal/confine.h"
#include "portal/counts.h"
#include "portal/http/http.h"
#include "portal/http/tls.h"
#include "portal/keeper.h"
#include "portal/page/gallery.h"
#include "portal/route.h"
#include "portal/settings.h"
#include "wire/house.h"

static int
listen_all(struct event_base *base)
{
	static const struct http_kind
	    people = { "http", "portal.listen", true, &route_handlers },
	    metrics = { "metrics", "portal.metrics_listen", false, &route_metrics_handlers };

	if (http_listen(base, &people, settings.listen, settings.n_listen) == -1 ||
	    http_listen(base, &metrics, settings.metrics_listen, settings.n_metrics_listen) == -1)
		return -1;
	return 0;
}

static int
run(void)
{
	struct event_base *base = loop_open();

	counts_start();
	keeper_start(base);
	if (listen_all(base) == -1)
		return 1;
	confine();
	supervisor_tell("READY=1");
	loop_run(NULL);
	supervisor_tell("STOPPING=1");
	keeper_close();
	http_close();
	tls_stop();
	loop_close();
	return 0;
}

int
main(int argc, char **argv)
{
	static const struct program_option options[] = {
		{ .name = "preview", .argument = "DIR", .value = &gallery_folder, .run = gallery_run },
		{ .name = NULL },
	};
	static const struct program portal = {
		.name = "latchkey-portal", .sections = settings_sections, .options = options,
		.log = &house.log, .check = check_all, .reload = check_read, .fixed = settings_fixed,
		.run = run,
	};

	api_start();
	return program_main(&portal, argc, argv);
}
