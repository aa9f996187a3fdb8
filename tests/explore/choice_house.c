/*
 * choice_house.c - what happens to all: what courier says, what time it is, and crashes.
 */
#include "explore/choice_rows.h"

static bool
has_parcel(const struct walk *w)
{
	(void)w;
	return world.n_parcels > 0;
}

static void
go_sent(struct walk *w)
{
	struct msg m = { .type = MSG_SENT, .id = world.parcels[0].id };

	(void)w;
	m.u.sent.verdict = choice_made->verdict;
	world.messages -= choice_made->verdict == VERDICT_REJECTED;	/* it has not left */
	peers_say(peers.courier, ROLE_COURIER, &m);
	world.parcels[0] = world.parcels[--world.n_parcels];
}

static void
go_courier_lost(struct walk *w)
{
	(void)w;
	world.n_parcels = 0;
	peers_replace_courier();
}

static bool
can_halt(const struct walk *w)
{
	(void)w;
	return world.terms.halted;
}

static void
say_halt(enum halt what, bool on)
{
	struct msg m = { .type = MSG_HALT };

	m.u.halt.what = what;
	m.u.halt.on = on;
	world.halting = on ? world.halting | 1U << what : world.halting & ~(1U << what);
	peers_say(peers.admin, ROLE_CTL, &m);
}

static void
go_halt(struct walk *w)
{
	(void)w;
	say_halt((enum halt)choice_made->detail, true);
}

static bool
is_halted(const struct walk *w)
{
	(void)w;
	return world.halts != 0;
}

static void
go_resume(struct walk *w)
{
	(void)w;
	for (int what = 0; what < HALT__COUNT; what++)
		say_halt((enum halt)what, false);
	world.halts = 0;	/* what leaves now may have heard it first */
}

static bool
whenever(const struct walk *w)
{
	(void)w;
	return true;
}

static void
go_crash(struct walk *w)
{
	(void)w;
	world_crash();
}

static bool
is_holding(const struct walk *w)
{
	(void)w;
	return world.holding;
}

static void
go_commit(struct walk *w)
{
	(void)w;
}

static void
pass(int seconds)
{
	world_wait(seconds * 1000LL);
}

/* Where something is waited for that long: that a code may be sent again, or that it is paid. */
static bool
has_a_wait(const struct walk *w)
{
	return w->told.step == STEP_CODE || w->told.step == STEP_SECOND || w->told.step == STEP_PRICE;
}

static void
go_2s(struct walk *w)
{
	(void)w;
	pass(2);
}

static void
go_13s(struct walk *w)
{
	(void)w;
	pass(13);
}

static void
go_61s(struct walk *w)
{
	(void)w;
	pass(61);
}

static void
go_601s(struct walk *w)
{
	(void)w;
	pass(601);
}

/* ---- The rows ------------------------------------------------------------------------ */

#define HOUSE(name, can, go)	{ name, can, go, .house = true }

static const struct choice rows[] = {
	{ "sent-ok", has_parcel, go_sent, .verdict = VERDICT_OK, .house = true },
	{ "sent-rejected", has_parcel, go_sent, .verdict = VERDICT_REJECTED, .house = true },
	HOUSE("courier-lost", has_parcel, go_courier_lost),
	{ "halt-sms", can_halt, go_halt, .detail = HALT_SMS, .house = true },
	{ "halt-recover", can_halt, go_halt, .detail = HALT_RECOVER, .house = true },
	{ "halt-all", can_halt, go_halt, .detail = HALT_ALL, .house = true },
	HOUSE("resume", is_halted, go_resume),
	HOUSE("commit", is_holding, go_commit),
	HOUSE("2s", whenever, go_2s),
	HOUSE("13s", whenever, go_13s),
	HOUSE("61s", has_a_wait, go_61s),
	HOUSE("601s", whenever, go_601s),
	{ "crash", whenever, go_crash, .house = true, .settled = true },
};

const struct choices choices_of_house = { rows, sizeof rows / sizeof rows[0] };
