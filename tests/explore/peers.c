#include "explore/peers.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <sqlite3.h>

#include "keeper/desk.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"
#include "keeper/store/store_own.h"
#include "wire/call.h"
#include "wire/house.h"

#define FOLDER "/explore"

struct peers peers;

static struct event_base *base;
static sqlite3 *disk, *empty;	/* keeps the database while nobody else does; what it began with */

static void
need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "explore: %s\n", what);
	abort();
}

/* ---- The clock ------------------------------------------------------------------- */

static const int64_t beginning = 1800000000000;
static int64_t now_ms;

/* The kernel's, for keeper and for libevent's timers alike: it stands still unless we say so. */
int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	(void)clock;
	ts->tv_sec = now_ms / 1000;
	ts->tv_nsec = now_ms % 1000 * 1000000;
	return 0;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	(void)zone;
	tv->tv_sec = now_ms / 1000;
	tv->tv_usec = now_ms % 1000 * 1000;
	return 0;
}

void
peers_wait(int64_t ms)
{
	now_ms += ms;
}

int64_t
peers_now(void)
{
	return now_ms;
}

/* ---- The disk --------------------------------------------------------------------- */

static void
copy_disk(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");

	need(b != NULL && sqlite3_backup_step(b, -1) == SQLITE_DONE &&
	    sqlite3_backup_finish(b) == SQLITE_OK, sqlite3_errmsg(to));
}

/* A file system of SQLite's own, in memory: databases of one name are one. */
static void
make_disk(void)
{
	need(sqlite3_vfs_register(sqlite3_vfs_find("memdb"), 1) == SQLITE_OK, "no memdb");
	need(sqlite3_open(FOLDER "/latchkey.db", &disk) == SQLITE_OK, "no disk");
	need(sqlite3_open(":memory:", &empty) == SQLITE_OK, "no disk");
}

/* Right before a commit: whatever can be heard now would be of what a crash still takes back. */
static int
on_commit(void *arg)
{
	struct pollfd ends[WORKERS_MOST + 3];
	nfds_t n = 0;
	char c;

	(void)arg;
	ends[n++].fd = peers.portal;
	ends[n++].fd = peers.courier;
	ends[n++].fd = peers.admin;
	for (unsigned int i = 0; i < peers.n_workers; i++)
		ends[n++].fd = peers.workers[i];
	for (nfds_t i = 0; i < n; i++)
		ends[i].events = POLLIN;
	poll(ends, n, 0);
	/* A connection that ended is nothing that was said. */
	for (nfds_t i = 0; i < n; i++)
		if (ends[i].revents != 0 && recv(ends[i].fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
			peers.leak = "something left before what it stands on was committed";
	return 0;
}

/* ---- Who sits where ----------------------------------------------------------------- */

static int
come_in(enum role role)
{
	struct msg m = { .type = MSG_HELLO };
	int fd[2];

	need(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) == 0, "no socket");
	desk_welcome(fd[1], role);
	m.u.hello.version = WIRE_VERSION;
	m.u.hello.role = role;
	peers_say(fd[0], role, &m);
	need(call_receive(fd[0], ROLE_KEEPER, role, &m) == 1 && m.type == MSG_HELLO, "no HELLO");
	return fd[0];
}

static void
start(void)
{
	peers.keeper = desk_open(base);
	sqlite3_commit_hook(peers.keeper->store->db, on_commit, NULL);
	peers.portal = come_in(ROLE_PORTAL);
	peers.courier = come_in(ROLE_COURIER);
	peers.admin = come_in(ROLE_CTL);
	for (unsigned int i = 0; i < peers.n_workers; i++)
		peers.workers[i] = come_in(ROLE_REGISTRAR);
}

static void
stop(void)
{
	desk_close();
	close(peers.portal);
	close(peers.courier);
	close(peers.admin);
	for (unsigned int i = 0; i < peers.n_workers; i++)
		close(peers.workers[i]);
}

/*
 * A new one each time: which of several sockets is heard first libevent's dice say, which it
 * seeds by the clock.  So they fall alike whenever the same choices are made.
 */
static void
make_base(void)
{
	struct event_config *config = event_config_new();

	event_config_avoid_method(config, "epoll");
	base = event_base_new_with_config(config);
	event_config_free(config);
	need(base != NULL, "no event loop");
}

static void
prepare(void)
{
	house.n_proofs = 2;
	house.proofs[0] = (struct proof){ .field = 0, .kind = 0 };
	house.proofs[1] = (struct proof){ .field = 1, .kind = 1 };
	snprintf(house.country, sizeof house.country, "31");
	settings = (struct keeper_settings){ .wishes = 7, .slot_ms = 1, .code_life = 600,
	    .code_tries = 5, .sends = 3, .send_wait = 60, .step_life = 600, .request_life = 12,
	    .codes = 1U << CHANNEL_SMS | 1U << CHANNEL_MAIL,
	    /* The others are terms of the scene's: terms.c. */
	    .limits = { 99, 99, .name_day = 99, .account_from_hour = 99, .number_hour = 99,
		.number_day = 99, .country_hour = 99, .country_day = 99, .messages_hour = 99,
		.messages_day = 99, .wrong_codes_hour = 99 } };
	keeper_courier = (struct keeper_courier){ .gateways = { { CHANNEL_SMS }, { CHANNEL_MAIL } },
	    .n_gateways = 2 };
	snprintf(settings.state, sizeof settings.state, "%s", FOLDER);
	settings.code_key = secret_keep(sizeof *settings.code_key);
	settings.audit_key = secret_keep(sizeof *settings.audit_key);
	now_ms = beginning;
	make_disk();
	/* Keeper's first start lays out the database; the others find it so. */
	make_base();
	desk_open(base);
	desk_close();
	event_base_free(base);
	copy_disk(empty, disk);
}

void
peers_begin(unsigned int workers)
{
	if (disk == NULL)
		prepare();
	now_ms = beginning;
	make_base();
	copy_disk(disk, empty);
	peers = (struct peers){ .n_workers = workers };
	start();
	peers_handle();
}

void
peers_end(void)
{
	stop();
	event_base_free(base);
}

void
peers_restart(void)
{
	stop();
	start();
	peers_handle();
}

void
peers_replace(unsigned int worker)
{
	close(peers.workers[worker]);
	peers_handle();
	peers.workers[worker] = come_in(ROLE_REGISTRAR);
}

void
peers_replace_courier(void)
{
	close(peers.courier);
	peers_handle();
	peers.courier = come_in(ROLE_COURIER);
}

/* ---- What is said ---------------------------------------------------------------------- */

void
peers_say(int fd, enum role role, const struct msg *m)
{
	need(call_send(fd, role, m) == 0, "keeper's socket takes nothing");
}

int
peers_hear(int fd, enum role role, struct msg *m)
{
	unsigned char room[MSG_LONGEST];
	ssize_t n = recv(fd, room, sizeof room, MSG_DONTWAIT);

	if (n <= 0)
		return n == 0 ? -1 : 0;
	memset(m, 0, sizeof *m);
	need(msg_unpack(m, room, (size_t)n, ROLE_KEEPER, role) == MSG_GOOD, "keeper broke the law");
	return 1;
}

void
peers_handle(void)
{
	need(event_base_loop(base, EVLOOP_NONBLOCK) != -1, "the loop failed");
}
