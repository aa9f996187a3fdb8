#include "wire/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "base/supervisor.h"
#include "wire/house.h"

/* A peer that does not read what it asked for is cut off at so many messages. */
enum { QUEUE_MOST = 65536, READ_BATCH = 64, HELLO_SECONDS = 5, BACKLOG = 1024 };

struct packet {
	STAILQ_ENTRY(packet)	next;
	size_t			len;
	unsigned char		data[];
};

STAILQ_HEAD(queue, packet);

struct link {
	int		 fd;
	enum role	 self, peer;
	bool		 greeted;	/* the peer's HELLO was heard */
	bool		 busy, over;	/* in a callback; to be freed when it returns */
	struct event	*reading, *writing;
	struct event	*deadline;	/* for the peer's HELLO */
	struct queue	 held;		/* waits for link_flush */
	struct queue	 leaving;
	size_t		 queued;
	link_heard_fn	*heard;
	link_gone_fn	*gone;
	void		*ctx;
};

static void
forget(struct link *l, struct queue *q)
{
	struct packet *p;

	while ((p = STAILQ_FIRST(q)) != NULL) {
		STAILQ_REMOVE_HEAD(q, next);
		explicit_bzero(p->data, p->len);
		free(p);
		l->queued--;
	}
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	if (l->busy) {
		l->over = true;
		return;
	}
	forget(l, &l->held);
	forget(l, &l->leaving);
	event_free(l->reading);
	event_free(l->writing);
	event_free(l->deadline);
	close(l->fd);
	free(l);
}

static void
end(struct link *l)
{
	l->busy = true;
	if (!l->over)
		l->gone(l, l->ctx);
	l->busy = false;
	link_free(l);
}

/* ---- Writing -------------------------------------------------------------- */

/* Return -1 if the connection is no good any more. */
static int
write_some(struct link *l)
{
	struct packet *p;

	while ((p = STAILQ_FIRST(&l->leaving)) != NULL) {
		if (send(l->fd, p->data, p->len, MSG_NOSIGNAL | MSG_DONTWAIT) == -1) {
			if (errno == EAGAIN || errno == EINTR)
				return event_add(l->writing, NULL);
			return -1;
		}
		STAILQ_REMOVE_HEAD(&l->leaving, next);
		explicit_bzero(p->data, p->len);
		free(p);
		l->queued--;
	}
	return 0;
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;

	(void)fd;
	(void)what;
	if (write_some(l) == -1)
		end(l);
}

void
link_send(struct link *l, const struct msg *m)
{
	unsigned char room[MSG_LONGEST];
	size_t len = msg_pack(m, l->self, room, sizeof room);
	struct packet *p;

	if (len == 0)
		fatalx("%s does not fit the law", msg_name(m->type));
	if (l->queued >= QUEUE_MOST || (p = malloc(sizeof *p + len)) == NULL) {
		/* The reader sees the end and cleans up; callers need not look. */
		shutdown(l->fd, SHUT_RDWR);
	} else {
		p->len = len;
		memcpy(p->data, room, len);
		STAILQ_INSERT_TAIL(&l->held, p, next);
		l->queued++;
	}
	explicit_bzero(room, len);
}

void
link_flush(struct link *l)
{
	if (STAILQ_EMPTY(&l->held))
		return;
	STAILQ_CONCAT(&l->leaving, &l->held);
	/* A broken connection is noticed by the reader, in a context that may free it. */
	if (write_some(l) == -1)
		shutdown(l->fd, SHUT_RDWR);
}

bool
link_holds(const struct link *l)
{
	return !STAILQ_EMPTY(&l->held) || !STAILQ_EMPTY(&l->leaving);
}

/* ---- Reading ---------------------------------------------------------------- */

static int
greet(struct link *l, const struct msg *m)
{
	if (m->type != MSG_HELLO || m->u.hello.version != WIRE_VERSION ||
	    m->u.hello.role != l->peer) {
		log_warnx("a peer did not say HELLO as it should: dropped");
		return -1;
	}
	l->greeted = true;
	evtimer_del(l->deadline);
	return 0;
}

/* Deal with one packet; -1 ends the connection. */
static int
take_packet(struct link *l, const unsigned char *data, size_t len)
{
	struct msg m;
	enum msg_fault fault = msg_unpack(&m, data, len, l->peer, l->self);
	int r = 0;

	if (fault != MSG_GOOD) {
		log_warnx("a message of %zu bytes from a peer: %s: dropped", len,
		    msg_fault_text(fault));
		r = -1;
	} else if (!l->greeted || m.type == MSG_HELLO)
		r = l->greeted ? -1 : greet(l, &m);
	if (r == 0) {
		log_about(&m.reference);
		l->heard(l, &m, l->ctx);
		log_about(NULL);
	}
	msg_wipe(&m);
	return r;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	unsigned char room[MSG_LONGEST];
	struct iovec iov = { .iov_base = room, .iov_len = sizeof room };
	struct link *l = arg;
	bool good = true;

	(void)what;
	l->busy = true;
	for (int i = 0; i < READ_BATCH && good && !l->over; i++) {
		struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
		ssize_t n = recvmsg((int)fd, &h, MSG_DONTWAIT);

		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			break;
		/* No message is empty, so an empty one is the end; a cut one is a fault. */
		good = n > 0 && (h.msg_flags & MSG_TRUNC) == 0 && take_packet(l, room, (size_t)n) == 0;
		if (n > 0)
			explicit_bzero(room, (size_t)n);
	}
	l->busy = false;
	if (!good || l->over)
		end(l);
}

static void
on_silence(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	end(arg);
}

struct link *
link_new(struct event_base *base, int fd, enum role self, enum role peer, link_heard_fn *heard,
    link_gone_fn *gone, void *ctx)
{
	struct link *l = calloc(1, sizeof *l);
	struct msg hello = { .type = MSG_HELLO };
	struct timeval tv = { .tv_sec = HELLO_SECONDS };

	if (l == NULL || evutil_make_socket_nonblocking(fd) == -1)
		fatal("no memory for a connection");
	l->fd = fd;
	l->self = self;
	l->peer = peer;
	l->heard = heard;
	l->gone = gone;
	l->ctx = ctx;
	STAILQ_INIT(&l->held);
	STAILQ_INIT(&l->leaving);
	l->reading = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, l);
	l->writing = event_new(base, fd, EV_WRITE, on_writable, l);
	l->deadline = evtimer_new(base, on_silence, l);
	if (l->reading == NULL || l->writing == NULL || l->deadline == NULL ||
	    event_add(l->reading, NULL) == -1 || evtimer_add(l->deadline, &tv) == -1)
		fatalx("no memory for a connection");
	hello.u.hello.version = WIRE_VERSION;
	hello.u.hello.role = self;
	link_send(l, &hello);
	link_flush(l);
	return l;
}

/* ---- Where keeper and its peers meet ------------------------------------------ */

int
link_listen(enum role role)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	char path[sizeof sun.sun_path];
	const char *base;
	int fd;

	house_socket(role, path, sizeof path);
	base = strrchr(path, '/') + 1;
	if ((fd = supervisor_passed(base, 0)) != -1)
		return fd;
	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) == -1)
		return -1;
	memcpy(sun.sun_path, path, sizeof path);
	unlink(path);		/* of one that was killed */
	if (bind(fd, (struct sockaddr *)&sun, sizeof sun) == -1 || chmod(path, 0666) == -1 ||
	    listen(fd, BACKLOG) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

void
link_unlisten(enum role role, int fd)
{
	char path[sizeof ((struct sockaddr_un *)0)->sun_path];

	house_socket(role, path, sizeof path);
	if (supervisor_passed(strrchr(path, '/') + 1, 0) == -1)
		unlink(path);
	close(fd);
}
