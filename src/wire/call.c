#include "wire/call.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "wire/house.h"

int
call_connect(enum role self)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd, saved;

	if ((fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) == -1)
		return -1;
	house_socket(self, sun.sun_path, sizeof sun.sun_path);
	if (connect(fd, (struct sockaddr *)&sun, sizeof sun) == 0) {
		if (house_peer_is(fd, ROLE_KEEPER))
			return fd;
		errno = EPERM;
	}
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
call_send(int fd, enum role from, const struct msg *m)
{
	unsigned char room[MSG_LONGEST];
	size_t len = msg_pack(m, from, room, sizeof room);
	ssize_t n = -1;

	errno = EINVAL;
	if (len > 0)
		n = send(fd, room, len, MSG_NOSIGNAL);
	explicit_bzero(room, sizeof room);
	return n == (ssize_t)len && len > 0 ? 0 : -1;
}

int
call_receive(int fd, enum role from, enum role to, struct msg *m)
{
	unsigned char room[MSG_LONGEST];
	struct iovec iov = { .iov_base = room, .iov_len = sizeof room };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t n;
	int r = 1;

	while ((n = recvmsg(fd, &h, 0)) == -1 && errno == EINTR)
		continue;
	if (n <= 0)
		return (int)n;
	if ((h.msg_flags & MSG_TRUNC) != 0 ||
	    msg_unpack(m, room, (size_t)n, from, to) != MSG_GOOD) {
		msg_wipe(m);
		errno = EBADMSG;
		r = -1;
	}
	explicit_bzero(room, (size_t)n);
	return r;
}

int
call_hello(int fd, enum role self)
{
	struct msg m = { .type = MSG_HELLO };

	m.u.hello.version = WIRE_VERSION;
	m.u.hello.role = self;
	if (call_send(fd, self, &m) == -1 || call_receive(fd, ROLE_KEEPER, self, &m) != 1)
		return -1;
	return m.type == MSG_HELLO && m.u.hello.version == WIRE_VERSION &&
	    m.u.hello.role == ROLE_KEEPER ? 0 : -1;
}
