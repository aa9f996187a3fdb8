#include "keeper/desk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/program.h"
#include "base/sandbox.h"
#include "base/supervisor.h"
#include "keeper/answers.h"
#include "keeper/control.h"
#include "keeper/counts.h"
#include "keeper/courier.h"
#include "keeper/errand.h"
#include "keeper/export.h"
#include "keeper/flow.h"
#include "keeper/keeper.h"
#include "keeper/outage.h"
#include "keeper/notice.h"
#include "keeper/registrar.h"
#include "keeper/reload.h"
#include "keeper/retain.h"
#include "keeper/settings.h"
#include "keeper/step.h"
#include "keeper/verify.h"
#include "wire/house.h"

enum { CALLERS_MOST = 64, KNOCKS_MOST = 64, SWEEP_MOST = 200 };

/* One who asks: a portal, or an admin's command. */
struct caller {
	LIST_ENTRY(caller)	 next;
	struct link		*link;
	struct door		*door;
};

/* A door for each kind of peer. */
struct door {
	enum role	 role;
	const char	*name;
	int		 fd;
	struct event	*knock;
	unsigned int	 callers;	/* that came in here, and are still there */
};

static struct keeper keeper;
static struct event *second;
static struct door doors[] = {
	{ .role = ROLE_PORTAL, .name = "portal" }, { .role = ROLE_REGISTRAR, .name = "registrar" },
	{ .role = ROLE_COURIER, .name = "courier" }, { .role = ROLE_CTL, .name = "control" },
};
enum { N_DOORS = sizeof doors / sizeof doors[0] };
static LIST_HEAD(, caller) callers = LIST_HEAD_INITIALIZER(callers);

/* ---- What is heard -------------------------------------------------------------- */

static void
hear_open(struct keeper *k, struct link *l, struct msg *m)
{
	step_open(k, answers_ask(k->answers, l, m->id), &m->u.open);
}

static void
hear_answer(struct keeper *k, struct link *l, struct msg *m)
{
	step_answer(k, answers_ask(k->answers, l, m->id), &m->u.answer);
}

static void
hear_again(struct keeper *k, struct link *l, struct msg *m)
{
	step_again(k, answers_ask(k->answers, l, m->id), &m->u.flow);
}

static void
hear_show(struct keeper *k, struct link *l, struct msg *m)
{
	step_show(k, answers_ask(k->answers, l, m->id), &m->u.flow);
}

static void
hear_leave(struct keeper *k, struct link *l, struct msg *m)
{
	step_leave(k, answers_ask(k->answers, l, m->id), &m->u.flow);
}

static void
hear_reload(struct keeper *k, struct link *l, struct msg *m)
{
	struct msg busy = { .type = MSG_RELOADED, .id = m->id };
	struct caller *c;

	if (reload_all(k, l, m->id) == -1) {
		busy.u.reloaded.who = ROLE_KEEPER;
		busy.u.reloaded.verdict = VERDICT_UNKNOWN;
		link_send(l, &busy);
		return;
	}
	LIST_FOREACH(c, &callers, next)
		if (c->door->role == ROLE_PORTAL)
			reload_portal(c->link);
}

static void
hear_has_read(struct keeper *k, struct link *l, struct msg *m)
{
	(void)k;
	reload_heard(l, m->u.verdict);
}

/* The law (wire/msg.c) has let through only what this caller may say. */
static void (*const hears[MSG__COUNT])(struct keeper *, struct link *, struct msg *) = {
	[MSG_OPEN] = hear_open, [MSG_ANSWER] = hear_answer, [MSG_AGAIN] = hear_again,
	[MSG_SHOW] = hear_show, [MSG_LEAVE] = hear_leave, [MSG_STATUS] = control_status,
	[MSG_METRICS] = control_metrics, [MSG_AUDIT] = control_audit,
	[MSG_HALT] = control_halt, [MSG_PARDON] = control_pardon,
	[MSG_LOOKUP] = control_lookup, [MSG_POLICY] = control_policy,
	[MSG_RELOAD] = hear_reload, [MSG_HAS_READ] = hear_has_read,
	[MSG_VERIFY] = verify_hear, [MSG_ERASE] = control_erase,
};

static void
heard(struct link *l, struct msg *m, void *ctx)
{
	(void)ctx;
	/* Of a batch that is lost, nothing more: they will ask again, see start_over. */
	if (m->type == MSG_HELLO || (keeper.store != NULL && store_fault(keeper.store) != NULL) ||
	    outage_hears(&keeper, l, m))
		return;
	/* The law lets it through, and nobody hears it: our own mistake. */
	if (hears[m->type] == NULL)
		abort();
	hears[m->type](&keeper, l, m);
}

static void
gone(struct link *l, void *ctx)
{
	struct caller *c = ctx;

	answers_forget(keeper.answers, l);
	control_forget(l);
	verify_forget(l);
	reload_forget(l);
	LIST_REMOVE(c, next);
	c->door->callers--;
	free(c);
}

/* ---- Who comes in ------------------------------------------------------------------ */

static void
welcome_caller(int fd, struct door *door)
{
	struct caller *c;

	if (door->callers >= CALLERS_MOST) {
		log_warnx("too many at the door of %s: one was turned away", door->name);
		close(fd);
		return;
	}
	if ((c = calloc(1, sizeof *c)) == NULL)
		fatal("no memory");
	c->door = door;
	c->link = link_new(keeper.base, fd, ROLE_KEEPER, door->role, heard, gone, c);
	LIST_INSERT_HEAD(&callers, c, next);
	door->callers++;
}

static void
welcome(int fd, struct door *door)
{
	if (door->role == ROLE_REGISTRAR)
		registrar_welcome(keeper.registrar, fd);
	else if (door->role == ROLE_COURIER)
		courier_welcome(keeper.courier, fd);
	else
		welcome_caller(fd, door);
}

void
desk_welcome(int fd, enum role role)
{
	for (size_t i = 0; i < N_DOORS; i++)
		if (doors[i].role == role)
			welcome(fd, &doors[i]);
}

static void
let_in(int fd, struct door *door)
{
	if (house_peer_is(fd, door->role)) {
		welcome(fd, door);
		return;
	}
	log_warnx("somebody who is not %s's user knocked at its door: turned away", door->name);
	close(fd);
}

static void
on_knock(evutil_socket_t listener, short what, void *arg)
{
	int fd;

	(void)what;
	for (int i = 0; i < KNOCKS_MOST; i++) {
		if ((fd = accept4((int)listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) == -1)
			return;
		let_in(fd, arg);
	}
}

static void
open_doors(void)
{
	for (size_t i = 0; i < N_DOORS; i++) {
		struct door *door = &doors[i];

		if ((door->fd = link_listen(door->role)) == -1)
			fatal("cannot listen at %s/%s.sock", house.runtime, door->name);
		fcntl(door->fd, F_SETFL, O_NONBLOCK);
		door->knock = event_new(keeper.base, door->fd, EV_READ | EV_PERSIST, on_knock, door);
		if (door->knock == NULL || event_add(door->knock, NULL) == -1)
			fatalx("no memory");
	}
}

static void
close_doors(void)
{
	for (size_t i = 0; i < N_DOORS; i++) {
		event_free(doors[i].knock);
		link_unlisten(doors[i].role, doors[i].fd);
	}
}

/* ---- The batch ------------------------------------------------------------------------ */

/*
 * All that keeper remembers of the store, and all that it was about to do.  Peers' connections
 * are closed, with what they hold unsent; they come back by themselves, and a portal asks once
 * more what was not answered.
 */
static void
forget_all(void)
{
	struct caller *c;

	errands_free(&keeper);
	control_forget_all();
	notice_forget();
	registrar_free(keeper.registrar);
	courier_free(keeper.courier);
	while ((c = LIST_FIRST(&callers)) != NULL) {
		struct link *l = c->link;

		gone(l, c);
		link_free(l);
	}
	answers_free(keeper.answers);
	chain_forget(&keeper);
}

/* As if it had ended, and begun again with the last commit. */
static void
start_over(void)
{
	forget_all();
	keeper.answers = answers_new(keeper.base, settings.slot_ms);
	keeper.registrar = registrar_new(&keeper);
	keeper.courier = courier_new(keeper.base);
	store_close(keeper.store);
	keeper.store = NULL;
}

static void
flush_callers(enum role role)
{
	struct caller *c;

	LIST_FOREACH(c, &callers, next)
		if (c->door->role == role)
			link_flush(c->link);
}

/*
 * Commit, then let everything leave.  If the store cannot keep what was decided,
 * nobody may hear of it: the last commit is the truth.
 */
void
desk_commit(void)
{
	bool any = keeper.store != NULL && store_holds(keeper.store);
	int64_t began = clock_monotonic_us();

	if (keeper.store != NULL && store_commit(keeper.store) == -1) {
		keeper.refused = store_is_damaged(keeper.store);
		outage_begin(&keeper, store_fault(keeper.store));
		start_over();
		return;
	}
	if (any)
		metrics_time(&counts, KEPT_COMMIT_TIME, 0, clock_monotonic_us() - began);
	/* People first: what goes on behind their answers is not to be at work beside them. */
	flush_callers(ROLE_PORTAL);
	registrar_flush(keeper.registrar);
	courier_flush(keeper.courier);
	/* Admins last: what they are told is halted has left by then, or never will. */
	flush_callers(ROLE_CTL);
	export_rows(&keeper);
}

/*
 * A clock that jumped ahead may jump back; an opening whose flow had been swept meanwhile could
 * then begin it a second time.  So nothing is swept until the opening would be over by any clock.
 */
static bool
clock_is_steady(void)
{
	static int64_t before, from;
	int64_t apart = clock_now_ms() - clock_ms();

	if (before != 0 && llabs(apart - before) > SET_BACK_MOST * 1000LL) {
		from = clock_ms() + (OPENING_LIFE + FLOW_GRACE) * 1000LL;
		log_warnx("the clock was set %s by %lld seconds; ways that are under way end, nothing "
		    "else does", apart < before ? "back" : "ahead", llabs(apart - before) / 1000);
	}
	before = apart;
	return clock_ms() >= from;
}

static void
on_second(evutil_socket_t none, short what, void *arg)
{
	static const struct timeval at_once = { 0 }, later = { .tv_sec = 1 };
	bool steady = clock_is_steady();
	int64_t at = clock_now();
	static bool busy;	/* sweeping, so this is no second after the last */
	bool more = false;

	(void)none;
	(void)what;
	if (keeper.store == NULL)
		outage_try(&keeper);
	else if (steady)
		for (int table = 0; table < SWEEP__COUNT; table++)
			more = store_sweep(keeper.store, (enum sweep)table, at, SWEEP_MOST) == SWEEP_MOST ||
			    more;
	if (keeper.store != NULL) {
		if (!busy)
			errands_tend(&keeper);
		seals_keep_time(&keeper);
		store_wipe(keeper.store);
		seals_go_on(&keeper);
	}
	/* In small pieces, and one after the other: what ends may be more than a piece a second. */
	event_add(arg, more ? &at_once : &later);
	busy = more;
}

static struct event *
must(struct event *e, const struct timeval *tv)
{
	if (e == NULL || event_add(e, tv) == -1)
		fatalx("no memory");
	return e;
}

struct keeper *
desk_open(struct event_base *base)
{
	struct timeval each_second = { .tv_sec = 1 };

	outage_try(&keeper);
	/* What it is set from. */
	clock_is_steady();
	keeper.base = base;
	keeper.since = clock_now();
	keeper.answers = answers_new(base, settings.slot_ms);
	keeper.registrar = registrar_new(&keeper);
	keeper.courier = courier_new(base);
	export_open(&keeper);
	retain_begin(&keeper);
	notice_start(&keeper);
	second = must(event_new(base, -1, 0, on_second, event_self_cbarg()), &each_second);
	return &keeper;
}

void
desk_close(void)
{
	event_free(second);
	export_close(&keeper);
	forget_all();
	notice_stop();
	retain_end();
	store_close(keeper.store);
}

void
desk_reload(void)
{
	answers_pace(keeper.answers, settings.slot_ms);
	export_again(&keeper);
	retain_again();
}

/* No network at all, and of the disk the store alone. */
static void
confine(void)
{
	sandbox_begin(program_settings());
	sandbox_write(settings.state);
	export_confine();
	sandbox_sockets(house.runtime);
	sandbox_enter(false);
}

int
desk_run(void)
{
	if (store_lock(settings.state, KEEPER_LOCK) == -1)
		fatalx("another latchkeyd keeps its store in %s", settings.state);
	confine();
	desk_open(loop_open());
	open_doors();
	log_info("keeping in %s, listening in %s", settings.state, house.runtime);
	supervisor_tell("READY=1");
	loop_run(desk_commit);
	supervisor_tell("STOPPING=1");
	close_doors();
	desk_close();
	loop_close();
	return 0;
}
