#include "portal/http/http_own.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include <event2/listener.h>

#include "base/finding.h"
#include "base/log.h"
#include "base/supervisor.h"
#include "portal/counts.h"
#include "portal/settings.h"

enum { DOORS_MOST = 16 };

static struct evconnlistener *doors[DOORS_MOST];
static size_t n_doors;
static bool held_back;		/* no more connections are accepted for now */
static struct event *again;	/* to look whether that must go on */

static void
hold_back(bool on)
{
	for (size_t i = 0; i < n_doors; i++) {
		if (on)
			evconnlistener_disable(doors[i]);
		else
			evconnlistener_enable(doors[i]);
	}
	held_back = on;
}

/* Those who are being served stay; while they alone fill the house, nobody comes in. */
static bool
has_room(void)
{
	return crowd_size() < settings.connections || crowd_spare() != NULL;
}

void
http_room(void)
{
	static const struct timeval now = { 0 };

	if (held_back && has_room())
		event_add(again, &now);
}

static void
on_again(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	(void)arg;
	if (held_back && has_room())
		hold_back(false);
}

static void
on_accept(struct evconnlistener *door, evutil_socket_t fd, struct sockaddr *sa, int len, void *kind)
{
	struct http *h;

	(void)len;
	http_new(evconnlistener_get_base(door), kind, fd, sa);
	/* The newcomer is one of those who may have to leave: of a network that has enough. */
	while (crowd_size() > settings.connections && (h = crowd_spare()) != NULL) {
		counts_crowded();
		http_free(h);
	}
	/* From now on one at a time: those who are in are listened to before the next comes. */
	if (crowd_size() >= settings.connections) {
		hold_back(true);
		http_room();
	}
}

/* Out of descriptors, say: nobody comes in until a connection has ended. */
static void
on_accept_error(struct evconnlistener *door, void *kind)
{
	(void)door;
	(void)kind;
	log_warn("cannot accept a connection");
	if (crowd_size() > 0)
		hold_back(true);
}

/* Open a door on ${fd}, or where ${fd} is -1 on the address ${where}. */
static int
open_door(struct event_base *base, const struct http_kind *kind, int fd, const char *where)
{
	enum { FLAGS = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE };
	struct sockaddr_storage ss;
	int len = sizeof ss;
	struct evconnlistener *door;

	if (n_doors == DOORS_MOST) {
		finding_fault(kind->setting, "more than %d sockets to listen on", DOORS_MOST);
		return -1;
	}
	if (fd != -1) {
		evutil_make_socket_nonblocking(fd);
		door = evconnlistener_new(base, on_accept, (void *)kind, FLAGS, 0, fd);
	} else {
		evutil_parse_sockaddr_port(where, (struct sockaddr *)&ss, &len);
		door = evconnlistener_new_bind(base, on_accept, (void *)kind, FLAGS, 512,
		    (struct sockaddr *)&ss, len);
	}
	if (door == NULL) {
		finding_fault(kind->setting, "cannot listen on %s: %s", where, strerror(errno));
		return -1;
	}
	evconnlistener_set_error_cb(door, on_accept_error);
	doors[n_doors++] = door;
	return 0;
}

/* A descriptor for each connection, and a few of our own. */
static void
raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < (rlim_t)settings.connections + 32)
		log_warnx("portal.connections is %d, but only %llu files may be open; raise LimitNOFILE",
		    settings.connections, (unsigned long long)limit.rlim_max);
}

int
http_listen(struct event_base *base, const struct http_kind *kind, const char (*addresses)[64],
    size_t n)
{
	int fd, passed = 0;

	if (n_doors == 0) {
		raise_limit();
		if ((again = evtimer_new(base, on_again, NULL)) == NULL)
			fatalx("no memory to listen");
	}
	while ((fd = supervisor_passed(kind->name, passed)) != -1) {
		if (open_door(base, kind, fd, "the supervisor's socket") == -1)
			return -1;
		passed++;
	}
	for (size_t i = 0; passed == 0 && i < n; i++)
		if (open_door(base, kind, -1, addresses[i]) == -1)
			return -1;
	return 0;
}

void
http_close(void)
{
	struct http *h;

	for (size_t i = 0; i < n_doors; i++)
		evconnlistener_free(doors[i]);
	n_doors = 0;
	held_back = false;
	if (again != NULL)
		event_free(again);
	again = NULL;
	while ((h = crowd_any()) != NULL)
		http_free(h);
}
