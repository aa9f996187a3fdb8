#include "wire/dial.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/program.h"
#include "wire/call.h"

struct dial {
	struct event_base		*base;
	enum role			 self;
	const struct dial_events	*events;
	void				*ctx;
	struct link			*link;
	struct event			*retry;
	unsigned int			 tries;
};

/* Soon at first, so that a restart is not felt; then twice a second. */
static void
retry(struct dial *d)
{
	struct timeval tv = { .tv_usec = d->tries < 20 ? 20000 : 500000 };

	d->tries++;
	evtimer_add(d->retry, &tv);
}

static void
read_again(struct dial *d, uint32_t id)
{
	struct msg m = { .type = MSG_HAS_READ, .id = id };

	m.u.verdict = program_reload() == 0 ? VERDICT_OK : VERDICT_REJECTED;
	dial_send(d, &m);
}

static void
heard(struct link *l, struct msg *m, void *ctx)
{
	struct dial *d = ctx;

	(void)l;
	if (m->type == MSG_HELLO) {
		d->tries = 0;
		d->events->up(d->ctx);
	} else if (m->type == MSG_READ_AGAIN)
		read_again(d, m->id);
	else
		d->events->heard(m, d->ctx);
}

static void
gone(struct link *l, void *ctx)
{
	struct dial *d = ctx;

	(void)l;
	d->link = NULL;
	log_info("the connection to keeper is lost; trying again");
	d->events->down(d->ctx);
	retry(d);
}

static void
try_connect(evutil_socket_t none, short what, void *arg)
{
	struct dial *d = arg;
	int fd;

	(void)none;
	(void)what;
	if ((fd = call_connect(d->self)) == -1) {
		if (d->tries == 20)
			log_warn("keeper cannot be reached; trying on");
		retry(d);
		return;
	}
	d->link = link_new(d->base, fd, d->self, ROLE_KEEPER, heard, gone, d);
}

struct dial *
dial_new(struct event_base *base, enum role self, const struct dial_events *events, void *ctx)
{
	struct dial *d = calloc(1, sizeof *d);

	if (d == NULL || (d->retry = evtimer_new(base, try_connect, d)) == NULL)
		fatalx("no memory for a connection");
	d->base = base;
	d->self = self;
	d->events = events;
	d->ctx = ctx;
	try_connect(-1, 0, d);
	return d;
}

int
dial_send(struct dial *d, const struct msg *m)
{
	if (d->link == NULL)
		return -1;
	link_send(d->link, m);
	link_flush(d->link);
	return 0;
}

void
dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	event_free(d->retry);
	link_free(d->link);
	free(d);
}
