#include "explore/choice.h"

#include <stdio.h>
#include <string.h>

#include "explore/abreast.h"
#include "keeper/settings.h"

/* The reply that is being made: rows of the table share what makes it. */
static const struct choice *made;

static const unsigned char account[ACCOUNT_SIZE] = { 7 };

/* ---- What a person answers ----------------------------------------------------------- */

static void
add(struct msg *m, enum field name, const char *value)
{
	unsigned int i = m->u.answer.n_fields++;

	m->u.answer.fields[i].name = name;
	secret_set(&m->u.answer.fields[i].value, value, strlen(value));
}

/* What is asked on that page, typed well or badly. */
static void
fill(const struct walk *w, enum step step, bool good, struct msg *m)
{
	struct secret code;

	switch (step) {
	case STEP_NAME:
		add(m, FIELD_USERNAME, good ? "a.jansen" : "a\x01");
		break;
	case STEP_WISH:
		add(m, FIELD_WISH, good ? "reset" : "none");
		break;
	case STEP_PROOF:
		add(m, FIELD_MOBILE, "06-12345678");
		add(m, FIELD_BIRTHDATE, good ? "1-10-1984" : "31-2-1984");
		break;
	case STEP_CODE:
	case STEP_SECOND:
		world_code(w, step == STEP_SECOND, &code);
		/* Who walks abreast never types the right one: from there on they differ. */
		if (!good || world.abreast)
			code.text[0] = code.text[0] == '9' ? '0' : (char)(code.text[0] + 1);
		add(m, FIELD_CODE, code.text);
		break;
	default:
		add(m, FIELD_PASSWORD, "Nieuw.Wachtwoord1");
		add(m, FIELD_PASSWORD_AGAIN, good ? "Nieuw.Wachtwoord1" : "Nieuw.Wachtwoord2");
	}
}

static struct msg
answer_to(const struct walk *w)
{
	struct msg m = { .type = MSG_ANSWER };

	memcpy(m.u.answer.flow, w->names[w->n_names - 1], sizeof m.u.answer.flow);
	m.u.answer.seq = w->told.seq;
	m.u.answer.step = w->told.step;
	strcpy(m.u.answer.addr, "192.0.2.7");
	return m;
}

/* Which name of the walk's it is; -1: none. */
static int
name_of(const struct walk *w, const char *flow)
{
	for (int i = (int)w->n_names - 1; i >= 0; i--)
		if (strcmp(w->names[i], flow) == 0)
			return i;
	return -1;
}

/* A code was typed: is it that of the name that it was typed at? */
static void
note_code(struct walk *w, struct ask *a, const struct secret *typed)
{
	uint64_t seq = 1ULL << a->seq % 64;
	struct secret code;

	a->code = true;
	if (a->at < 0 || a->at >= world_codes())
		return;
	world_code(w, a->at, &code);
	a->right = secret_equal(&code, typed);
	a->twice = a->right && (w->now.rights[a->at] & seq) != 0;
	a->at_old = w->codes[a->at].at_old;
	if (a->right && w->now.matched)
		w->now.rights[a->at] |= seq;
}

/* It is on this walk, whatever it says; what was right in it counts once it is committed. */
static void
say(struct walk *w, struct msg *m)
{
	const struct msg_answer *a = &m->u.answer;
	const struct secret *typed = msg_value(a, FIELD_CODE);
	struct ask ask = { .at = name_of(w, a->flow), .seq = a->seq };

	ask.old = ask.at >= 0 && ask.at < (int)w->n_names - 1;
	if (m->type == MSG_ANSWER && (a->step == STEP_CODE || a->step == STEP_SECOND) && typed->len > 0)
		note_code(w, &ask, typed);
	world_ask(w, m, ask);
}

static bool
has_fields(const struct walk *w)
{
	return w->heard && w->told.n_fields > 0;
}

static void
answer(struct walk *w, bool good)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, good, &m);
	w->said = m;
	say(w, &m);
}

static void
go_right(struct walk *w)
{
	answer(w, true);
}

static void
go_wrong(struct walk *w)
{
	answer(w, false);
}

static void
go_empty(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, true, &m);
	m.u.answer.fields[0].value.len = 0;
	w->said = m;
	say(w, &m);
}

static bool
can_double(const struct walk *w)
{
	return w->said.type != MSG_NONE;
}

static void
go_double(struct walk *w)
{
	struct msg m = w->said;

	say(w, &m);
}

/* ---- What a hostile portal says ---------------------------------------------------------- */

/* Another page's answer, in the right place of the conversation. */
static void
go_leap(struct walk *w)
{
	struct msg m = answer_to(w);

	m.u.answer.step = w->told.step == STEP_PASSWORD ? STEP_CODE : STEP_PASSWORD;
	fill(w, m.u.answer.step, true, &m);
	say(w, &m);
}

/* The fields of another page, and those of this one twice. */
static void
go_mixed(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step == STEP_PASSWORD ? STEP_CODE : STEP_PASSWORD, true, &m);
	say(w, &m);
}

static void
go_twice(struct walk *w)
{
	struct msg m = answer_to(w);

	fill(w, w->told.step, true, &m);
	if (m.u.answer.n_fields < FIELDS_MOST) {
		m.u.answer.fields[m.u.answer.n_fields] = m.u.answer.fields[0];
		m.u.answer.n_fields++;
	}
	say(w, &m);
}

static void
out_of_turn(struct walk *w, uint32_t seq)
{
	struct msg m = answer_to(w);

	m.u.answer.seq = seq;
	fill(w, w->told.step, true, &m);
	say(w, &m);
}

static bool
can_stale(const struct walk *w)
{
	return w->heard && w->told.seq > 1;
}

static void
go_stale(struct walk *w)
{
	out_of_turn(w, w->told.seq - 1);
}

static void
go_ahead(struct walk *w)
{
	out_of_turn(w, w->told.seq + 1);
}

static void
go_nought(struct walk *w)
{
	out_of_turn(w, 0);
}

/* A name that nobody was given, and that of somebody else. */
static void
go_foreign(struct walk *w)
{
	struct msg m = answer_to(w);
	char *last = m.u.answer.flow + strlen(m.u.answer.flow) - 1;

	*last = *last == 'A' ? 'B' : 'A';
	fill(w, w->told.step, true, &m);
	say(w, &m);
}

static bool
has_old_name(const struct walk *w)
{
	return w->n_names > 1;
}

/* The last but one. */
static void
at_old_name(struct walk *w, bool good)
{
	struct msg m = answer_to(w);
	unsigned int old = w->n_names - 2;

	memcpy(m.u.answer.flow, w->names[old], sizeof m.u.answer.flow);
	m.u.answer.step = old == 0 ? STEP_CODE : STEP_SECOND;
	m.u.answer.seq = w->codes[old].seq;
	fill(w, m.u.answer.step, good, &m);
	say(w, &m);
}

static void
go_old_right(struct walk *w)
{
	at_old_name(w, true);
}

static void
go_old_wrong(struct walk *w)
{
	at_old_name(w, false);
}

/* ---- The other questions ------------------------------------------------------------------ */

static void
ask_flow(struct walk *w, enum msg_type type, const char *name)
{
	struct ask a = { .at = name_of(w, name) };
	struct msg m = { .type = type };

	a.old = a.at < (int)w->n_names - 1;
	memcpy(m.u.flow.flow, name, sizeof m.u.flow.flow);
	world_ask(w, &m, a);
}

static bool
not_open(const struct walk *w)
{
	return !w->heard && w->opened == 0;
}

static void
open_for(struct walk *w, enum wish wish)
{
	struct msg m = { .type = MSG_OPEN };

	m.u.open.wish = wish;
	strcpy(m.u.open.lang, "nl");
	w->opened = peers_now();
	world_ask(w, &m, (struct ask){ .at = -1 });
}

static void
go_open(struct walk *w)
{
	open_for(w, WISH_RESET);
}

static void
go_open_unlock(struct walk *w)
{
	open_for(w, WISH_UNLOCK);
}

static void
go_open_any(struct walk *w)
{
	open_for(w, WISH_NONE);
}

static void
go_open_new(struct walk *w)
{
	open_for(w, WISH_ACTIVATE);
}

static void
go_show(struct walk *w)
{
	ask_flow(w, MSG_SHOW, w->names[w->n_names - 1]);
}

static void
go_again(struct walk *w)
{
	ask_flow(w, MSG_AGAIN, w->names[w->n_names - 1]);
}

static bool
can_choose(const struct walk *w)
{
	return w->heard && world.second;
}

static void
go_again_mail(struct walk *w)
{
	struct msg m = { .type = MSG_AGAIN };

	memcpy(m.u.flow.flow, w->names[w->n_names - 1], sizeof m.u.flow.flow);
	m.u.flow.chosen = true;
	m.u.flow.choice = CHANNEL_MAIL;
	world_ask(w, &m, (struct ask){ .at = (int)w->n_names - 1 });
}

static void
go_leave(struct walk *w)
{
	ask_flow(w, MSG_LEAVE, w->names[w->n_names - 1]);
}

static void
go_old_show(struct walk *w)
{
	ask_flow(w, MSG_SHOW, w->names[w->n_names - 2]);
}

static void
go_old_leave(struct walk *w)
{
	ask_flow(w, MSG_LEAVE, w->names[w->n_names - 2]);
}

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
	bool ok = made->verdict == VERDICT_OK, order = made->asked == MSG_SET || made->asked == MSG_UNLOCK;

	if (j == NULL || j->asked.type != made->asked)
		return false;
	if (made->asked == MSG_FIND)
		return true;
	if (made->verdict == VERDICT_TICKET)
		return !shows(&j->asked, made->asked == MSG_MATCH ? FOUND : MATCHED);
	if (!shows(&j->asked, made->asked == MSG_MATCH ? FOUND : MATCHED))
		return false;
	/* Of what is done nobody says that it is not. */
	return !order || ok || made->verdict == VERDICT_UNKNOWN || !w->carried;
}

static void
found(struct walk *w, struct msg *m)
{
	m->u.found.verdict = made->verdict;
	memcpy(m->u.found.account, account, sizeof account);
	if (made->verdict != VERDICT_OK)
		return;
	m->u.found.ticket = ticket_of(w, FOUND);
	m->u.found.second = world.second ? 1U << CHANNEL_SMS | 1U << CHANNEL_MAIL : 0;
}

static void
matched(struct walk *w, struct msg *m)
{
	m->u.matched.verdict = made->verdict;
	if (made->verdict != VERDICT_OK)
		return;
	m->u.matched.ticket = ticket_of(w, MATCHED);
	w->now.matched = true;
}

static void
ways_are(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.ways.verdict = made->verdict;
	m->u.ways.n_ways = made->verdict == VERDICT_OK;
	strcpy(m->u.ways.ways[0].address, "+31612345678");
	m->u.ways.ways[0].matched = true;
	if (world.second && m->u.ways.n_ways > 0) {
		m->u.ways.n_ways = 2;
		strcpy(m->u.ways.ways[1].address, "a.jansen@example.nl");
		m->u.ways.ways[1].channel = CHANNEL_MAIL;
	}
}

static void
rules_are(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.rules.verdict = made->verdict;
	m->u.rules.n_rules = made->verdict == VERDICT_OK;
	m->u.rules.rules[0].number = 8;
}

static void
judged(struct walk *w, struct msg *m)
{
	(void)w;
	m->u.judged.verdict = made->verdict;
	m->u.judged.broken = made->verdict == VERDICT_RULE ? 1U << RULE_LENGTH : 0;
	snprintf(m->u.judged.mark, sizeof m->u.judged.mark, "%u", world.passwords);
}

static void
done(struct walk *w, struct msg *m)
{
	m->u.done.verdict = made->verdict;
	m->u.done.rule = made->verdict == VERDICT_RULE ? RULE_HISTORY : RULE_LENGTH;
	if (made->verdict == VERDICT_OK)
		world_does(w);
	w->order = made->verdict == VERDICT_UNKNOWN && !w->carried ? ORDER_LOST : ORDER_NONE;
	w->now.cleared = w->order == ORDER_NONE && !w->done;
}

static void
state_is(struct walk *w, struct msg *m)
{
	char now[16];

	snprintf(now, sizeof now, "%u", world.passwords);
	m->u.state.verdict = made->verdict;
	m->u.state.set = strcmp(world_job(w)->asked.u.state_of.mark, now) != 0;
	if (made->verdict == VERDICT_OK && !m->u.state.set && w->order == ORDER_NONE)
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

	fills[made->asked](w, &m);
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
		made = &natural;
		go_reply(w);
	}
	made = NULL;
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

/* ---- What courier says, and what happens to all ------------------------------------------------ */

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
	m.u.sent.verdict = made->verdict;
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

static bool
may_be_sent_again(const struct walk *w)
{
	return w->told.step == STEP_CODE || w->told.step == STEP_SECOND;
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

/* ---- The table ------------------------------------------------------------------------------------ */

#define PERSON(name, can, go)	{ name, can, go, .holds = true }
#define HOSTILE(name, can, go)	{ name, can, go }
#define REPLY(name, asked, verdict) { name, can_reply, go_reply, asked, verdict, .holds = true }
#define HOUSE(name, can, go)	{ name, can, go, .house = true }

const struct choice choices[] = {
	HOSTILE("open", not_open, go_open),
	HOSTILE("open-unlock", not_open, go_open_unlock),
	HOSTILE("open-any", not_open, go_open_any),
	HOSTILE("open-new", not_open, go_open_new),
	/* Those that change nothing come first: they need no way back. */
	HOSTILE("foreign", has_fields, go_foreign),
	HOSTILE("leap", has_fields, go_leap),
	HOSTILE("mixed", has_fields, go_mixed),
	HOSTILE("twice", has_fields, go_twice),
	HOSTILE("nought", has_fields, go_nought),
	HOSTILE("old-show", has_old_name, go_old_show),
	HOSTILE("old-leave", has_old_name, go_old_leave),
	HOSTILE("stale", can_stale, go_stale),
	PERSON("double", can_double, go_double),
	HOSTILE("show", NULL, go_show),
	PERSON("again", NULL, go_again),
	PERSON("again-mail", can_choose, go_again_mail),
	HOSTILE("ahead", has_fields, go_ahead),
	HOSTILE("old-right", has_old_name, go_old_right),
	HOSTILE("old-wrong", has_old_name, go_old_wrong),
	PERSON("right", has_fields, go_right),
	PERSON("wrong", has_fields, go_wrong),
	HOSTILE("empty", has_fields, go_empty),
	PERSON("leave", NULL, go_leave),

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

	{ "sent-ok", has_parcel, go_sent, .verdict = VERDICT_OK, .house = true },
	{ "sent-rejected", has_parcel, go_sent, .verdict = VERDICT_REJECTED, .house = true },
	HOUSE("reply-all", has_any_job, go_reply_all),
	HOUSE("away-all", has_any_job, go_away_all),
	HOUSE("lost-all", has_any_job, go_lost_all),
	HOUSE("courier-lost", has_parcel, go_courier_lost),
	HOUSE("commit", is_holding, go_commit),
	HOUSE("2s", whenever, go_2s),
	HOUSE("13s", whenever, go_13s),
	HOUSE("61s", may_be_sent_again, go_61s),
	HOUSE("601s", whenever, go_601s),
	HOUSE("crash", whenever, go_crash),
};
const size_t n_choices = sizeof choices / sizeof choices[0];

/* ---- Making one --------------------------------------------------------------------------------------- */

bool
choice_can(struct move m)
{
	const struct choice *c = made = &choices[m.choice];
	const struct walk *w = &world.walks[m.walk];

	if (m.walk >= world.n_walks || (c->house && m.walk > 0) || (m.hold && !c->holds))
		return false;
	return c->can == NULL ? w->heard : c->can(w);
}

void
choice_make(struct move m)
{
	made = &choices[m.choice];
	if (world.loud) {
		char text[32];

		choice_text(m, text, sizeof text);
		printf("%s\n", text);
	}
	if (world.abreast && !made->house)
		for (unsigned int i = 0; i < world.n_walks; i++)
			made->go(&world.walks[i]);
	else
		made->go(&world.walks[m.walk]);
	if (choices[m.choice].go != go_crash)
		world_settle(m.hold);
	if (world.abreast)
		abreast_compare();
}

void
choice_text(struct move m, char *text, size_t size)
{
	snprintf(text, size, "%.*s%s%s", m.walk > 0 ? 2 : 0, (char[]){ (char)('a' + m.walk), ':', '\0' },
	    choices[m.choice].name, m.hold ? "+" : "");
}

int
choice_read(const char *text, struct move *m)
{
	char same[32];

	for (m->choice = 0; m->choice < n_choices; m->choice++)
		for (m->walk = 0; m->walk < WALKS_MOST; m->walk++)
			for (int hold = 0; hold < 2; hold++) {
				m->hold = hold == 1;
				choice_text(*m, same, sizeof same);
				if (strcmp(same, text) == 0)
					return 0;
			}
	return -1;
}
