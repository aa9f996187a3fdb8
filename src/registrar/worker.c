#include "registrar/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/seal.h"
#include "registrar/answer.h"
#include "registrar/hash.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"
#include "wire/call.h"

enum { REDIAL_MS = 100 };

/* A stop waits for the write that is going on; afterwards it takes effect at once. */
static void
hold_stop(bool hold)
{
	sigset_t stop;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &stop, NULL);
}

/* The alarm has its default action: a library that hangs costs this process, no more. */
static int
deal(int fd, struct dir *d, const struct msg *request)
{
	struct msg reply;
	int r;

	hold_stop(true);
	alarm((unsigned int)registrar.deadline);
	if ((r = answer(d, request, &reply)) == 0)
		r = call_send(fd, ROLE_REGISTRAR, &reply);
	alarm(0);
	msg_wipe(&reply);
	hold_stop(false);
	return r;
}

static void
converse(int fd, struct dir *d)
{
	struct msg request;
	int r;

	if (call_hello(fd, ROLE_REGISTRAR) == -1)
		return;
	log_debug("connected to keeper");
	while ((r = call_receive(fd, ROLE_KEEPER, ROLE_REGISTRAR, &request)) == 1) {
		r = deal(fd, d, &request);
		msg_wipe(&request);
		if (r == -1)
			break;
	}
	if (r == -1)
		log_warn("the connection to keeper was dropped");
}

static int
dial(void)
{
	const struct timespec pause = { .tv_nsec = REDIAL_MS * 1000000L };
	int fd, told = 0;

	while ((fd = call_connect(ROLE_REGISTRAR)) == -1) {
		/* Keeper being away is ordinary; somebody else in its place is not. */
		if (errno != told && errno != ENOENT && errno != ECONNREFUSED)
			log_warn("keeper cannot be reached");
		told = errno;
		nanosleep(&pause, NULL);
	}
	return fd;
}

void
worker_run(void)
{
	struct secret password = { .len = 0 };
	struct dir *d;
	char why[512];
	int fd;

	if (ticket_load(why, sizeof why) == -1 || hash_load(why, sizeof why) == -1 ||
	    settings_password(&registrar.directory, &password, why, sizeof why) == -1)
		fatalx("%s", why);
	d = dir_new(&registrar.directory, &password);
	secret_wipe(&password);
	for (;;) {
		fd = dial();
		converse(fd, d);
		close(fd);
	}
}
