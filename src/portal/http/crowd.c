/*
 * In a full house, whoever has been waited for the longest leaves first: for a request,
 * or for a reply to be read.  Who sends a byte now and then gains nothing by it.
 *
 * Half of the house is for those of whom a request was heard, so that neither they nor
 * newcomers can be crowded out by the others.
 *
 * But if one network holds more than a few connections, and more than any other, it has
 * to give one of its own: it takes places from itself alone.  What comes by a proxy of
 * ours belongs to nobody that we know, and counts for no network.
 */
#include "portal/http/http_own.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/network.h"
#include "portal/http/proxy.h"

/* Enough for an office behind one address. */
enum { FEW = 32 };

struct guest {
	unsigned char		 network[NETWORK_SIZE];
	int			 held;		/* connections */
	struct https		 waiting;	/* all that nobody serves, the longest waiting first */
	LIST_ENTRY(guest)	 next;		/* of those who hold more than a few */
};

static void *guests;		/* by network */
static LIST_HEAD(, guest) many = LIST_HEAD_INITIALIZER(many);
static struct https crowd[] = {		/* each with the longest waiting first */
	[CROWD_NEW] = TAILQ_HEAD_INITIALIZER(crowd[CROWD_NEW]),
	[CROWD_HEARD] = TAILQ_HEAD_INITIALIZER(crowd[CROWD_HEARD]),
	[CROWD_SERVED] = TAILQ_HEAD_INITIALIZER(crowd[CROWD_SERVED]),
};
static int held[sizeof crowd / sizeof crowd[0]];
static int size;

/* ---- Whose it is --------------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	const struct guest *one = a, *other = b;

	return memcmp(one->network, other->network, sizeof one->network);
}

static struct guest *
find_guest(const unsigned char network[NETWORK_SIZE])
{
	struct guest *g = calloc(1, sizeof *g), **found;

	if (g == NULL)
		fatalx("no memory for a connection");
	memcpy(g->network, network, sizeof g->network);
	if ((found = tsearch(g, &guests, compare)) == NULL)
		fatalx("no memory for a connection");
	if (*found == g)
		TAILQ_INIT(&g->waiting);
	else
		free(g);
	return *found;
}

void
crowd_belongs(struct http *h)
{
	unsigned char network[NETWORK_SIZE];

	if (proxy_is_trusted(h->peer) || network_of(h->peer, network) == -1)
		return;
	h->guest = find_guest(network);
	if (h->guest->held++ == FEW)
		LIST_INSERT_HEAD(&many, h->guest, next);
	TAILQ_INSERT_TAIL(&h->guest->waiting, h, of_guest);
}

static void
part(struct http *h)
{
	struct guest *g = h->guest;

	if (g == NULL)
		return;
	if (h->place != CROWD_SERVED)
		TAILQ_REMOVE(&g->waiting, h, of_guest);
	if (--g->held == FEW)
		LIST_REMOVE(g, next);
	if (g->held == 0) {
		tdelete(g, &guests, compare);
		free(g);
	}
	h->guest = NULL;
}

/* ---- How it comes and goes ------------------------------------------------------------ */

static void
enter(struct http *h, enum crowd_place place)
{
	h->place = place;
	TAILQ_INSERT_TAIL(&crowd[place], h, next);
	held[place]++;
}

static void
leave(struct http *h)
{
	TAILQ_REMOVE(&crowd[h->place], h, next);
	held[h->place]--;
}

void
crowd_join(struct http *h)
{
	enter(h, CROWD_NEW);
	size++;
}

void
crowd_serve(struct http *h)
{
	leave(h);
	enter(h, CROWD_SERVED);
	if (h->guest != NULL)
		TAILQ_REMOVE(&h->guest->waiting, h, of_guest);
}

void
crowd_wait(struct http *h)
{
	leave(h);
	enter(h, CROWD_HEARD);
	if (h->guest != NULL)
		TAILQ_INSERT_TAIL(&h->guest->waiting, h, of_guest);
}

void
crowd_leave(struct http *h)
{
	part(h);
	leave(h);
	size--;
}

/* ---- Who there is ---------------------------------------------------------------------- */

int
crowd_size(void)
{
	return size;
}

struct http *
crowd_any(void)
{
	struct http *h = NULL;

	for (size_t i = 0; h == NULL && i < sizeof crowd / sizeof crowd[0]; i++)
		h = TAILQ_FIRST(&crowd[i]);
	return h;
}

struct http *
crowd_spare(void)
{
	struct guest *g, *most = NULL;

	LIST_FOREACH(g, &many, next)
		if (most == NULL || g->held > most->held)
			most = g;
	/* Nobody, while all of them are served: they leave with their answers. */
	if (most != NULL)
		return TAILQ_FIRST(&most->waiting);
	return TAILQ_FIRST(&crowd[held[CROWD_NEW] > size / 2 || held[CROWD_HEARD] == 0 ?
	    CROWD_NEW : CROWD_HEARD]);
}
