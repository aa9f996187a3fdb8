#include "registrar/parent.h"

#include <signal.h>
#include <stdint.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/program.h"
#include "base/supervisor.h"
#include "registrar/guard.h"
#include "registrar/ldap/servers.h"
#include "registrar/settings.h"
#include "registrar/worker.h"

/* One that dies young is replaced ever more slowly. */
enum { WORKERS_MOST = 64, YOUNG_MS = 5000, FIRST_PAUSE_MS = 100, LONGEST_PAUSE_MS = 5000,
	/* So long without any of them the watchdog is not fed: a new process may help. */
	ALONE_MS = 2 * LONGEST_PAUSE_MS };

static struct worker {
	pid_t	pid;		/* 0: none */
	int64_t	since, not_before;
	int64_t	pause;
} workers[WORKERS_MOST];

static sigset_t heeded;
static int64_t last_seen;	/* when a worker was last alive */

static void
begin(struct worker *w)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == -1) {
		log_warn("a worker could not be started");
		w->not_before = clock_ms() + LONGEST_PAUSE_MS;
		return;
	}
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		signal(SIGHUP, SIG_IGN);
		sigprocmask(SIG_UNBLOCK, &heeded, NULL);
		worker_run();
	}
	w->pid = pid;
	w->since = clock_ms();
}

static void
tell_end(int status)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		log_warnx("a request took more than %d s: its worker was ended", registrar.deadline);
	else if (WIFSIGNALED(status))
		log_warnx("a worker was ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		log_warnx("a worker ended with status %d", WEXITSTATUS(status));
}

static void
ended(struct worker *w)
{
	int64_t now = clock_ms();

	if (now - w->since >= YOUNG_MS)
		w->pause = 0;
	w->not_before = now + w->pause;
	w->pause = w->pause == 0 ? FIRST_PAUSE_MS : w->pause * 2;
	if (w->pause > LONGEST_PAUSE_MS)
		w->pause = LONGEST_PAUSE_MS;
	w->pid = 0;
}

static void
reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		tell_end(status);
		/* One that is in no place any more was told to go. */
		for (int i = 0; i < WORKERS_MOST; i++)
			if (workers[i].pid == pid)
				ended(&workers[i]);
	}
}

/* Start those that may be; return how many milliseconds until the next one may. */
static int64_t
fill_up(void)
{
	int64_t now = clock_ms(), wait = INT64_MAX;

	for (int i = 0; i < registrar.workers; i++) {
		struct worker *w = &workers[i];

		if (w->pid == 0 && w->not_before <= now)
			begin(w);
		if (w->pid == 0 && w->not_before - now < wait)
			wait = w->not_before - now > 0 ? w->not_before - now : 1;
	}
	return wait;
}

static int
next_signal(int64_t wait)
{
	struct timespec ts = { .tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000 };

	return wait == INT64_MAX ? sigwaitinfo(&heeded, NULL) : sigtimedwait(&heeded, NULL, &ts);
}

/* They finish what they have been asked; others may begin in their places meanwhile. */
static void
send_away(void)
{
	for (int i = 0; i < WORKERS_MOST; i++) {
		if (workers[i].pid != 0)
			kill(workers[i].pid, SIGTERM);
		workers[i] = (struct worker){ .pid = 0 };
	}
}

static void
reload(void)
{
	int told = program_reload() == 0 ? WORKER_NEW_SETTINGS : WORKER_OLD_SETTINGS;

	for (int i = 0; i < WORKERS_MOST; i++)
		if (workers[i].pid != 0)
			kill(workers[i].pid, told);
	if (told == WORKER_OLD_SETTINGS)
		return;
	servers_forget();
	send_away();
}

static void
feed(void)
{
	int64_t now = clock_ms();

	for (int i = 0; i < registrar.workers; i++)
		if (workers[i].pid != 0)
			last_seen = now;
	if (now - last_seen < ALONE_MS)
		supervisor_feed();
}

static void
stop_all(void)
{
	supervisor_tell("STOPPING=1");
	send_away();
	while (wait(NULL) > 0)
		continue;
}

int
parent_run(void)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGCHLD };
	int64_t each = supervisor_patience_ms(), wait;
	sigset_t for_workers;
	int signal_number;

	sigemptyset(&heeded);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		sigaddset(&heeded, numbers[i]);
	/* What is ignored would never be waiting. */
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_BLOCK, &heeded, NULL);
	sigemptyset(&for_workers);
	sigaddset(&for_workers, WORKER_OLD_SETTINGS);
	sigaddset(&for_workers, WORKER_NEW_SETTINGS);
	sigprocmask(SIG_BLOCK, &for_workers, NULL);
	guard_share();
	servers_share();
	fill_up();
	supervisor_tell("READY=1");
	do {
		wait = fill_up();
		feed();
		signal_number = next_signal(each > 0 && each < wait ? each : wait);
		reap();
		if (signal_number == SIGHUP)
			reload();
	} while (signal_number != SIGTERM && signal_number != SIGINT);
	stop_all();
	return 0;
}
