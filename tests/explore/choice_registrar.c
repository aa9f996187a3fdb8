/*
 * choice_registrar.c - what registrar replies, what becomes of its workers, and what the
 * directory does.
 */
#include <stdio.h>
#include <string.h>

#include "explore/abreast.h"
#include "explore/choice_rows.h"

static const unsigned char account[ACCOUNT_SIZE] = { 7 };

/* ---- What registrar replies ------------------------------------------------------------------ */

enum { FOUND = 'f', MATCHED = 'm' };	/* what a ticket says */

static struct ticket
ticket_of(const struct walk *w, unsigned char stage)
{
	struct ticket t = { .len = 32 };

	memset(t.data, stage, t.len);
	t.data[0] = (unsigned char)(w - world.walks);
	return t;
}

/* Registrar takes no ticket for more than it says: the second man of the rule. */
static bool
shows(const struct msg *asked, unsigned char stage)
{
	const struct ticket *t = &asked->u.ticket.ticket;

	return t->len > 0 && (t->data[1] == MATCHED || t->data[1] == stage);
}

static bool
can_reply(const struct walk *w)
{
	const struct job *j = world_job(w);
	bool ok = choice_made->verdict == VERDICT_OK, order = choice_made->asked == MSG_SET || choice_made->asked == MSG_UNLOCK;

	if (j == NULL || j->asked.type != choice_made->asked)
		return false;
	if (choice_made->asked == MSG_FIND)
		return true;
	if (choice_made->verdict == VERDICT_TICKET)
		return !shows(&j->asked, choice_made->asked == MSG_MATCH ? FOUND : MATCHED);
	if (!shows(&j->asked, choice_made->asked == MSG_MATCH ? FOUND : MATCHED))
		return false;
	/* Of what is done nobody says that it is not. */
	return !order || ok || choice_made->verdict == VERDICT_UNKNOWN || !w->carried;
}

static void
found(struct walk *w, struct msg *m)
{
	m->u.found.verdict = choice_made->verdict;
	memcpy(m->u.found.account, account, sizeof account);
	if (choice_made->verdict != VERDICT_OK)
		return;
	m->u.found.ticket = ticket_of(w, FOUND);
	m->u.found.second = world.terms.second ? 1U << CHANNEL_SMS | 1U << CHANNEL_MAIL : 0;
}

static void
matched(struct walk *w, struct msg *m)
{
	m->u.matched.verdict = choice_made->verdict;
	if (choice_made->verdict != VERDICT_OK)
		return;
	m->u.matched.ticket = ticket_of(w, MATCHED);
	w->now.matched = true;
}

static void
ways_are(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.ways.verdict = choice_made->verdict;
	m->u.ways.n_ways = choice_made->verdict == VERDICT_OK;
	strcpy(m->u.ways.ways[0].address, "+31612345678");
	m->u.ways.ways[0].matched = true;
	if (world.terms.second && m->u.ways.n_ways > 0) {
		m->u.ways.n_ways = 2;
		strcpy(m->u.ways.ways[1].address, "a.jansen@example.nl");
		m->u.ways.ways[1].channel = CHANNEL_MAIL;
	}
}

static void
rules_are(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.rules.verdict = choice_made->verdict;
	m->u.rules.n_rules = choice_made->verdict == VERDICT_OK;
	m->u.rules.rules[0].number = 8;
}

static void
judged(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.judged.verdict = choice_made->verdict;
	m->u.judged.broken = choice_made->verdict == VERDICT_RULE ? 1U << RULE_LENGTH : 0;
	snprintf(m->u.judged.mark, sizeof m->u.judged.mark, "%u", world.passwords);
}

static void
done(struct walk *w, struct msg *m)
{
	m->u.done.verdict = choice_made->verdict;
	m->u.done.rule = choice_made->verdict == VERDICT_RULE ? RULE_HISTORY : RULE_LENGTH;
	if (choice_made->verdict == VERDICT_OK)
		world_does(w);
	w->order = choice_made->verdict == VERDICT_UNKNOWN && !w->carried ? ORDER_LOST : ORDER_NONE;
	w->now.cleared = w->order == ORDER_NONE && !w->done;
}

static void
state_is(struct walk *w, struct msg *m)
{
	char now[16];

	snprintf(now, sizeof now, "%u", world.passwords);
	m->u.state.verdict = choice_made->verdict;
	m->u.state.set = strcmp(world_job(w)->asked.u.state_of.mark, now) != 0;
	if (choice_made->verdict == VERDICT_OK && !m->u.state.set && w->order == ORDER_NONE)
		w->now.cleared = true;
}

static void
go_reply(struct walk *w)
{
	static void (*const fills[MSG__COUNT])(struct walk *, struct msg *) = {
		[MSG_FIND] = found, [MSG_MATCH] = matched, [MSG_WAYS] = ways_are,
		[MSG_RULES] = rules_are, [MSG_JUDGE] = judged, [MSG_SET] = done,
		[MSG_UNLOCK] = done, [MSG_STATE] = state_is,
	};
	struct msg m = { 0 };

	fills[choice_made->asked](w, &m);
	world_reply(world_job(w), &m);
}

/* As each of those who walk abreast is: what is asked for nobody has other answers. */
static void
reply_to_all(enum verdict away)
{
	for (unsigned int i = 0; i < world.n_walks; i++) {
		struct walk *w = &world.walks[i];
		struct job *j = world_job(w);
		struct choice natural;

		if (j == NULL)
			continue;
		natural = (struct choice){ .asked = j->asked.type, .verdict = away != VERDICT_OK ? away :
		    abreast_verdict(w, j->asked.type) };
		choice_made = &natural;
		go_reply(w);
	}
	choice_made = NULL;
}

static void
go_reply_all(struct walk *w)
{
	(void)w;
	reply_to_all(VERDICT_OK);
}

static void
go_away_all(struct walk *w)
{
	(void)w;
	reply_to_all(VERDICT_UNAVAILABLE);
}

static bool
has_order(const struct walk *w)
{
	return w->order != ORDER_NONE && !w->carried;
}

static bool
has_job(const struct walk *w)
{
	return world_job(w) != NULL;
}

static bool
has_any_job(const struct walk *w)
{
	(void)w;
	for (unsigned int i = 0; i < world.n_walks && world.abreast; i++)
		if (has_job(&world.walks[i]))
			return true;
	return false;
}

static void
go_lost_all(struct walk *w)
{
	(void)w;
	for (unsigned int i = 0; i < peers.n_workers; i++)
		if (world.jobs[i].busy)
			world_lose(&world.jobs[i]);
}

static void
go_lost(struct walk *w)
{
	world_lose(world_job(w));
}

/* A worker says that it is done, and was not asked that: keeper hangs up. */
static void
go_unasked(struct walk *w)
{
	struct job *j = world_job(w);
	struct msg m = { .type = MSG_DONE, .id = j->asked.id + 1 };

	peers_say(peers.workers[j - world.jobs], ROLE_REGISTRAR, &m);
	peers_handle();
	world_lose(j);
}

/* ---- The rows ------------------------------------------------------------------------ */

#define REPLY(name, asked, verdict) { name, can_reply, go_reply, asked, verdict, .holds = true }

static const struct choice rows[] = {
	REPLY("find-ok", MSG_FIND, VERDICT_OK),
	REPLY("find-nobody", MSG_FIND, VERDICT_NOBODY),
	REPLY("find-away", MSG_FIND, VERDICT_UNAVAILABLE),
	REPLY("match-ok", MSG_MATCH, VERDICT_OK),
	REPLY("match-no", MSG_MATCH, VERDICT_NO_MATCH),
	REPLY("match-ticket", MSG_MATCH, VERDICT_TICKET),
	REPLY("match-away", MSG_MATCH, VERDICT_UNAVAILABLE),
	REPLY("ways-ok", MSG_WAYS, VERDICT_OK),
	REPLY("ways-none", MSG_WAYS, VERDICT_NO_PROOF),
	REPLY("ways-away", MSG_WAYS, VERDICT_UNAVAILABLE),
	REPLY("rules-ok", MSG_RULES, VERDICT_OK),
	REPLY("rules-away", MSG_RULES, VERDICT_UNAVAILABLE),
	REPLY("rules-protected", MSG_RULES, VERDICT_PROTECTED),
	REPLY("judge-ok", MSG_JUDGE, VERDICT_OK),
	REPLY("judge-rule", MSG_JUDGE, VERDICT_RULE),
	REPLY("judge-away", MSG_JUDGE, VERDICT_UNAVAILABLE),
	REPLY("judge-protected", MSG_JUDGE, VERDICT_PROTECTED),
	REPLY("set-ok", MSG_SET, VERDICT_OK),
	REPLY("set-rule", MSG_SET, VERDICT_RULE),
	REPLY("set-away", MSG_SET, VERDICT_UNAVAILABLE),
	REPLY("set-limit", MSG_SET, VERDICT_LIMIT),
	REPLY("set-protected", MSG_SET, VERDICT_PROTECTED),
	REPLY("set-unknown", MSG_SET, VERDICT_UNKNOWN),
	REPLY("unlock-ok", MSG_UNLOCK, VERDICT_OK),
	REPLY("unlock-away", MSG_UNLOCK, VERDICT_UNAVAILABLE),
	REPLY("unlock-limit", MSG_UNLOCK, VERDICT_LIMIT),
	REPLY("unlock-protected", MSG_UNLOCK, VERDICT_PROTECTED),
	REPLY("unlock-unknown", MSG_UNLOCK, VERDICT_UNKNOWN),
	REPLY("state-ok", MSG_STATE, VERDICT_OK),
	REPLY("state-away", MSG_STATE, VERDICT_UNAVAILABLE),
	{ "does", has_order, world_does },
	{ "lost", has_job, go_lost },
	{ "unasked", has_job, go_unasked },
	{ "reply-all", has_any_job, go_reply_all, .house = true },
	{ "away-all", has_any_job, go_away_all, .house = true },
	{ "lost-all", has_any_job, go_lost_all, .house = true },
};

const struct choices choices_of_registrar = { rows, sizeof rows / sizeof rows[0] };
