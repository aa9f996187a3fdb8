/*
 * latchkey-portal - draws the steps for people and for programs.
 */
#include <event2/event.h>
#include <signal.h>

#include "base/log.h"
#include "base/program.h"
#include "portal/api.h"
#include "portal/check.h"
#include "portal/counts.h"
#include "portal/gallery.h"
#include "portal/http.h"
#include "portal/keeper.h"
#include "portal/route.h"
#include "portal/settings.h"
#include "wire/house.h"

static void
on_signal(evutil_socket_t number, short what, void *base)
{
	(void)number;
	(void)what;
	event_base_loopbreak(base);
}

static int
listen_all(struct event_base *base)
{
	static const struct http_kind
	    people = { "http", "portal.listen", &route_handlers },
	    metrics = { "metrics", "portal.metrics_listen", &route_metrics_handlers };

	if (http_listen(base, &people, settings.listen, settings.n_listen) == -1 ||
	    http_listen(base, &metrics, settings.metrics_listen, settings.n_metrics_listen) == -1)
		return -1;
	return 0;
}

static int
run(void)
{
	struct event_base *base = event_base_new();
	struct event *term = evsignal_new(base, SIGTERM, on_signal, base);
	struct event *intr = evsignal_new(base, SIGINT, on_signal, base);

	if (base == NULL || term == NULL || intr == NULL)
		fatalx("no memory to start");
	api_start();
	counts_start();
	keeper_start(base);
	if (listen_all(base) == -1)
		return 1;
	event_add(term, NULL);
	event_add(intr, NULL);
	program_notify("READY=1");
	event_base_dispatch(base);
	program_notify("STOPPING=1");
	keeper_close();
	http_close();
	event_free(term);
	event_free(intr);
	event_base_free(base);
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
		.name = "latchkey-portal", .sections = settings_sections, .log = &house.log,
		.options = options, .check = check_all, .run = run,
	};

	return program_main(&portal, argc, argv);
}
