/*
 * A proxy says first for whom it comes.  It is read byte for byte from the socket, so that
 * what follows, TLS or a request, is all there for whoever reads that.
 */
#include "portal/http/http_own.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/network.h"
#include "portal/http/introduction.h"
#include "portal/http/proxy.h"

struct introduction {
	struct event	*ready;
	size_t		 have, need;
	unsigned char	 data[INTRODUCTION_LONGEST];
};

void
http_forget_introduction(struct http *h)
{
	if (h->introduction == NULL)
		return;
	event_free(h->introduction->ready);
	free(h->introduction);
	h->introduction = NULL;
}

/* All that we wait for is there.  Return 0, or -1 if it is no introduction. */
static int
take(struct http *h, struct introduction *in)
{
	char addr[ADDR_LONGEST + 1];

	if (in->need == INTRODUCTION_FIRST && (in->need = introduction_length(in->data)) > in->have)
		return 0;
	if (in->need == 0 || introduction_read(in->data, in->have, addr, sizeof addr) == -1)
		return -1;
	if (addr[0] != '\0')
		network_spell(addr, h->peer, sizeof h->peer);
	http_forget_introduction(h);
	http_begin(h);
	return 0;
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	struct introduction *in = h->introduction;
	ssize_t n = recv(fd, in->data + in->have, in->need - in->have, 0);

	(void)what;
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		in->have += (size_t)n;
	if (n <= 0 || (in->have == in->need && take(h, in) == -1))
		http_free(h);
}

void
http_introduce(struct http *h)
{
	struct introduction *in = calloc(1, sizeof *in);

	if (in == NULL || (in->ready = event_new(h->base, h->fd, EV_READ | EV_PERSIST, on_ready,
	    h)) == NULL || event_add(in->ready, NULL) == -1)
		fatalx("no memory for a connection");
	in->need = INTRODUCTION_FIRST;
	h->introduction = in;
	http_enter(h, INTRODUCING);
}
