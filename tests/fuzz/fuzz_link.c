/*
 * One program hears another: packets of LEN(2) BYTES.  The first byte of an input says
 * who speaks to whom.  HELLO is heard first and once, what is heard is allowed by the
 * law, and behind the first fault nothing is.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fuzz.h"
#include "wire/link.h"

enum { PACKETS_MOST = 16 };

static const struct { enum role self, peer; } pairs[] = {
	{ ROLE_KEEPER, ROLE_PORTAL }, { ROLE_KEEPER, ROLE_REGISTRAR },
	{ ROLE_KEEPER, ROLE_COURIER }, { ROLE_KEEPER, ROLE_CTL }, { ROLE_PORTAL, ROLE_KEEPER },
	{ ROLE_COURIER, ROLE_KEEPER },
};
enum { N_PAIRS = sizeof pairs / sizeof pairs[0] };

static struct event_base *loop;
static size_t heard, gone;
static bool is_gone;

static void
hear(struct link *l, struct msg *m, void *ctx)
{
	unsigned char packet[MSG_LONGEST];
	const enum role *peer = ctx;

	(void)l;
	MUST(!is_gone && (m->type == MSG_HELLO) == (heard == 0));
	MUST(msg_pack(m, *peer, packet, sizeof packet) > 0);
	heard++;
}

static void
go(struct link *l, void *ctx)
{
	(void)l;
	(void)ctx;
	MUST(!is_gone);
	is_gone = true;
	gone++;
}

static void
turn(void)
{
	event_base_loop(loop, EVLOOP_NONBLOCK);
}

/* How many packets go out; a packet that is longer than what is left is all of it. */
static size_t
send_all(int fd, const uint8_t *data, size_t size)
{
	size_t n = 0;

	for (; size > 2 && n < PACKETS_MOST; n++) {
		size_t len = (size_t)(data[0] << 8 | data[1]);

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		if (len > 0 && send(fd, data, len, MSG_NOSIGNAL) == -1)
			return n;
		data += len;
		size -= len;
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum role peer;
	size_t i, n;
	int ends[2];
	struct link *l;

	if (size < 2)
		return 0;
	if (loop == NULL) {
		MUST((loop = event_base_new()) != NULL);
		fuzz_quiet();
	}
	heard = gone = 0;
	is_gone = false;
	i = data[0] % N_PAIRS;
	peer = pairs[i].peer;
	MUST(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
	l = link_new(loop, ends[0], pairs[i].self, peer, hear, go, &peer);
	n = send_all(ends[1], data + 1, size - 1);
	turn();
	MUST(heard <= n);
	close(ends[1]);
	turn();
	MUST(is_gone && gone == 1);
	(void)l;
	return 0;
}
