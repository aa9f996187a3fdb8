#include "registrar/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"
#include "base/sandbox.h"
#include "base/seal.h"
#include "registrar/answer.h"
#include "registrar/hash.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"
#include "wire/call.h"

enum { REDIAL_MS = 100 };

/*
 * Told to go, a worker hears nothing new: keeper's next order fails to leave, which it
 * knows for sure, and is given to another.  What lies in the socket is still answered.
 */
static struct {
	volatile sig_atomic_t	going;
	volatile sig_atomic_t	fd;		/* -1: there is no connection */
} stop = { .fd = -1 };

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stop.going = 1;
	if (stop.fd != -1)
		shutdown(stop.fd, SHUT_RD);
}

/* Libraries need not know of it: a stop waits for what is going on. */
static void
hold_stop(bool hold)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &term, NULL);
}

/*
 * The alarm ends this process: a library that hangs, such as Kerberos when its server
 * is silent, costs no more than that.  If nothing was written by then, an order was
 * surely not carried out.  Keeper had better hear that, or it would have to ask.
 */
static struct {
	int		fd;
	unsigned char	packet[64];
	size_t		len;		/* 0: there is nothing to say */
} last_word;

static void
on_alarm(int signal_number)
{
	if (last_word.len > 0 && !dir_has_written())
		send(last_word.fd, last_word.packet, last_word.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	/* By now it has its default action again, and takes it when we return. */
	raise(signal_number);
}

static void
set_alarm(int fd, const struct msg *request)
{
	const struct sigaction act = { .sa_handler = on_alarm, .sa_flags = (int)SA_RESETHAND };
	struct msg reply = { .type = msg_reply(request->type), .id = request->id,
	    .reference = request->reference };

	last_word.fd = fd;
	last_word.len = 0;
	if (reply.type == MSG_DONE) {
		reply.u.done.verdict = VERDICT_UNAVAILABLE;
		last_word.len = msg_pack(&reply, ROLE_REGISTRAR, last_word.packet,
		    sizeof last_word.packet);
	}
	sigaction(SIGALRM, &act, NULL);
	alarm((unsigned int)registrar.deadline);
}

/* The parent reads the settings, and lets all workers know how that went. */
static int
read_again(const struct msg *request, struct msg *reply)
{
	const struct timespec at_once = { 0 };
	sigset_t told;
	int number;

	sigemptyset(&told);
	sigaddset(&told, WORKER_OLD_SETTINGS);
	sigaddset(&told, WORKER_NEW_SETTINGS);
	/* Of an earlier time, when somebody else asked. */
	while (sigtimedwait(&told, NULL, &at_once) != -1)
		continue;
	kill(getppid(), SIGHUP);
	while ((number = sigwaitinfo(&told, NULL)) == -1)
		continue;
	*reply = (struct msg){ .type = MSG_HAS_READ, .id = request->id };
	reply->u.verdict = number == WORKER_NEW_SETTINGS ? VERDICT_OK : VERDICT_REJECTED;
	return 0;
}

/* What was written, the admin reads; what was read, whoever looks for a fault. */
static void
tell(enum msg_type asked, const struct msg *reply)
{
	const char *verdict = word_verdict[reply->u.verdict];

	if (reply->type == MSG_DONE)
		log_event(asked == MSG_SET ? "set" : "unlock", verdict, "%s: %s", msg_name(asked),
		    verdict);
	else
		log_debug("%s: %s", msg_name(asked), verdict);
}

static int
deal(int fd, struct dir *d, const struct msg *request)
{
	struct msg reply;
	int r;

	log_about(&request->reference);
	hold_stop(true);
	set_alarm(fd, request);
	r = request->type == MSG_READ_AGAIN ? read_again(request, &reply) :
	    answer(d, request, &reply);
	last_word.len = 0;
	if (r == 0)
		tell(request->type, &reply);
	if (r == 0)
		r = call_send(fd, ROLE_REGISTRAR, &reply);
	alarm(0);
	msg_wipe(&reply);
	hold_stop(false);
	log_about(NULL);
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
	if (r == -1 && !stop.going)
		log_warn("the connection to keeper was dropped");
}

/* Return the connection, or -1 when told to go. */
static int
dial(void)
{
	const struct timespec pause = { .tv_nsec = REDIAL_MS * 1000000L };
	int fd = -1, told = 0;

	while (!stop.going && (fd = call_connect(ROLE_REGISTRAR)) == -1) {
		/* Keeper being away is ordinary; somebody else in its place is not. */
		if (errno != told && errno != ENOENT && errno != ECONNREFUSED)
			log_warn("keeper cannot be reached");
		told = errno;
		nanosleep(&pause, NULL);
	}
	stop.fd = fd;
	/* Told in between, when there was nothing yet to shut. */
	if (stop.going && fd != -1)
		shutdown(fd, SHUT_RD);
	return fd;
}

/* By this worker, not by its parent: the next one may have other settings. */
static void
confine(void)
{
	/* Where the DNS names servers: LDAP's ports, with and without TLS, of a domain and of a forest. */
	static const int domain[] = { 389, 636, 3268, 3269 }, kerberos[] = { 88, 464 };
	const struct directory *s = &registrar.directory;
	const char *config = getenv("KRB5_CONFIG");
	char keytab[4096] = "";

	sandbox_begin(program_settings());
	sandbox_names();
	sandbox_read_beside(s->ca_file);
	sandbox_read_beside(config != NULL ? config : "");
	if (s->keytab[0] != '\0')
		seal_path(s->keytab, keytab, sizeof keytab);
	sandbox_read_beside(keytab);
	for (size_t i = 0; i < s->n_uris; i++)
		sandbox_connect(dir_port(s->uris[i]));
	for (size_t i = 0; i < s->n_unlock_uris; i++)
		sandbox_connect(dir_port(s->unlock_uris[i]));
	for (size_t i = 0; s->n_uris == 0 && i < sizeof domain / sizeof domain[0]; i++)
		sandbox_connect(domain[i]);
	for (size_t i = 0; settings_credential(s) == CREDENTIAL_KEY && i < 2; i++)
		sandbox_connect(kerberos[i]);
	/* The parent, outside, is told by a signal to read the settings again. */
	sandbox_enter(true);
}

void
worker_run(void)
{
	const struct sigaction act = { .sa_handler = on_stop, .sa_flags = SA_RESTART };
	struct secret password = { .len = 0 };
	struct dir *d;
	char why[512];
	int fd;

	if (ticket_load(why, sizeof why) == -1 || hash_load(why, sizeof why) == -1 ||
	    settings_password(&registrar.directory, &password, why, sizeof why) == -1)
		fatalx("%s", why);
	d = dir_new(&registrar.directory, &password);
	secret_wipe(&password);
	confine();
	sigaction(SIGTERM, &act, NULL);
	while ((fd = dial()) != -1) {
		converse(fd, d);
		stop.fd = -1;
		close(fd);
	}
	alarm((unsigned int)registrar.deadline);
	dir_free(d);
	_exit(0);
}
