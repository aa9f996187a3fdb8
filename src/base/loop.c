#include "base/loop.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/log.h"
#include "base/program.h"
#include "base/supervisor.h"

enum { STOP, INTERRUPT, RELOAD, WAKE, EVENTS };

static struct event_base *base;
static struct event *events[EVENTS];
static bool stopping;

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	stopping = true;
}

static void
on_reload(evutil_socket_t number, short what, void *arg)
{
	(void)number;
	(void)what;
	(void)arg;
	program_reload();
}

/* Only for the round that it makes: food comes from there alone. */
static void
on_wake(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	(void)arg;
}

struct event_base *
loop_open(void)
{
	int64_t each = supervisor_patience_ms();
	struct timeval tv = { .tv_sec = each / 1000, .tv_usec = each % 1000 * 1000 };

	if ((base = event_base_new()) == NULL)
		fatalx("no event loop");
	events[STOP] = evsignal_new(base, SIGTERM, on_stop, NULL);
	events[INTERRUPT] = evsignal_new(base, SIGINT, on_stop, NULL);
	events[RELOAD] = evsignal_new(base, SIGHUP, on_reload, NULL);
	events[WAKE] = event_new(base, -1, EV_PERSIST, on_wake, NULL);
	for (int i = 0; i < EVENTS; i++)
		if (events[i] == NULL ||
		    ((i != WAKE || each > 0) && event_add(events[i], i == WAKE ? &tv : NULL) == -1))
			fatalx("no event loop");
	return base;
}

void
loop_run(void (*after)(void))
{
	while (!stopping && event_base_loop(base, EVLOOP_ONCE) == 0) {
		if (after != NULL)
			after();
		supervisor_feed();
	}
}

void
loop_close(void)
{
	for (int i = 0; i < EVENTS; i++)
		event_free(events[i]);
	event_base_free(base);
	base = NULL;
}
