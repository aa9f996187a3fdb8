#include "registrar/answer.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "registrar/account.h"
#include "registrar/dialect.h"
#include "registrar/guard.h"
#include "registrar/mark.h"
#include "registrar/password.h"
#include "registrar/policy.h"
#include "registrar/proof.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"
#include "wire/house.h"

/* Whom a ticket is about, as the directory knows them now. */
static enum verdict
bearer_read(struct dir *d, const struct ticket *t, struct bearer *who, struct account *a)
{
	if (ticket_open(t, LEVEL_MATCHED, who) == -1)
		return VERDICT_TICKET;
	return account_read(d, who->id, a);
}

/* Likewise, and the ticket is still good for what may be asked by it. */
static enum verdict
bearer_now(struct dir *d, const struct ticket *t, struct account *a)
{
	struct bearer who;
	enum verdict v = bearer_read(d, t, &who, a);

	return v == VERDICT_OK && who.only_fresh && !a->fresh ? VERDICT_IN_USE : v;
}

/* Likewise, and they may still be helped: asked right before each write. */
static enum verdict
bearer_to_help(struct dir *d, const struct ticket *t, struct account *a)
{
	enum verdict v;

	if ((v = bearer_now(d, t, a)) != VERDICT_OK || (v = guard_ready(d)) != VERDICT_OK)
		return v;
	return guard_person(d, a);
}

/* ---- Who is it? --------------------------------------------------------------- */

/*
 * The spellings that would find one person count as one nobody, or the limits on
 * tries would tell the two apart.
 */
static void
hash_nobody(const char *typed, unsigned char out[ACCOUNT_SIZE])
{
	char folded[4 * NAME_LONGEST];
	struct login l;

	if (account_login(typed, &l) == 0)
		typed = l.part[0] != '\0' ? l.part : l.whole;
	if (text_fold(folded, sizeof folded, typed) == 0)
		typed = folded;
	ticket_hash("nobody", typed, out);
	explicit_bzero(folded, sizeof folded);
	explicit_bzero(&l, sizeof l);
}

/*
 * Until the first right code nothing tells that somebody is called that, so a fault
 * that only an existing entry can have is told as PROTECTED, and logged.
 */
static enum verdict
guard_found(struct dir *d, struct account *a)
{
	enum verdict v = guard_person(d, a);

	if (v == VERDICT_OK || v == VERDICT_NOBODY || v == VERDICT_DISABLED ||
	    v == VERDICT_PROTECTED)
		return v;
	log_warnx("whether %s may be helped could not be found out: treated as protected", a->id);
	return VERDICT_PROTECTED;
}

static void
find(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_found *r = &reply->u.found;
	struct bearer who = { .level = LEVEL_FOUND };
	const struct policy *p;
	struct account a;

	if ((r->verdict = guard_ready(d)) == VERDICT_OK && (r->verdict = policy_ready(d)) == VERDICT_OK)
		r->verdict = account_find(d, m->u.find.name.text, &a);
	if (r->verdict != VERDICT_OK) {
		hash_nobody(m->u.find.name.text, r->account);
		return;
	}
	ticket_hash("person", a.id, r->account);
	if ((r->verdict = guard_found(d, &a)) != VERDICT_OK)
		return;
	if ((p = policy_of(&a)) != NULL) {
		memcpy(r->policy, p->name, sizeof r->policy);
		r->second = p->second;
	}
	memcpy(who.id, a.id, sizeof who.id);
	ticket_seal(&r->ticket, &who);
}

/* As find does, for an admin who asks. */
static void
explain(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_explained *r = &reply->u.explained;
	struct msg_ways to = { .n_ways = 0 };
	struct account a;

	if ((r->verdict = guard_ready(d)) != VERDICT_OK ||
	    (r->verdict = policy_ready(d)) != VERDICT_OK ||
	    (r->verdict = account_find(d, m->u.name.name, &a)) != VERDICT_OK ||
	    (r->verdict = guard_found(d, &a)) != VERDICT_OK)
		return;
	policy_explain(&a, r);
	proof_ways(d, a.id, NULL, &to);
	for (unsigned int i = 0; i < to.n_ways; i++)
		r->ways |= 1U << to.ways[i].channel;
	explicit_bzero(&to, sizeof to);
}

/*
 * Nobody's ticket does not open.  They are looked for as everybody is, so that a
 * directory that went out of reach in between is so for all.
 */
static enum verdict
match_nobody(struct dir *d, const struct msg_match *asked)
{
	static const char no_id[] = "00000000-0000-0000-0000-000000000000";
	struct proof_number none;
	enum verdict v = proof_match(d, no_id, asked, &none);

	return v == VERDICT_UNAVAILABLE || v == VERDICT_FORBIDDEN ? v : VERDICT_TICKET;
}

/* The proofs are right; is the account one that this wish is for? */
static enum verdict
match_wish(const struct account *a, enum wish wish, struct bearer *who)
{
	who->only_fresh = wish == WISH_ACTIVATE;
	return who->only_fresh && !a->fresh ? VERDICT_IN_USE : VERDICT_OK;
}

/*
 * Has it been theirs for long?  Whoever takes over an account changes its number
 * first.  That of a new account has to be given to it some day.
 */
static enum verdict
match_number(struct dir *d, const struct account *a, const struct proof_number *number,
    struct msg_matched *r)
{
	int64_t now = clock_now(), changed;

	if (house.young_number_days == 0)
		return VERDICT_OK;
	changed = dialect()->changed(d, a, number->attribute);
	if (changed > now - (int64_t)house.young_number_days * DAY)
		return VERDICT_YOUNG;
	memcpy(r->number, number->hash, sizeof r->number);
	r->believed = changed != -1 || (a->created != 0 && now < a->created + DAY);
	return VERDICT_OK;
}

static void
match(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_matched *r = &reply->u.matched;
	struct proof_number number;
	struct bearer who;
	struct account a;

	if (ticket_open(&m->u.match.ticket, LEVEL_FOUND, &who) == -1) {
		r->verdict = match_nobody(d, &m->u.match);
		return;
	}
	if ((r->verdict = proof_match(d, who.id, &m->u.match, &number)) != VERDICT_OK ||
	    (r->verdict = account_read(d, who.id, &a)) != VERDICT_OK ||
	    (r->verdict = match_wish(&a, m->u.match.wish, &who)) != VERDICT_OK ||
	    (r->verdict = match_number(d, &a, &number, r)) != VERDICT_OK)
		return;
	memcpy(who.way, number.way, sizeof who.way);
	who.level = LEVEL_MATCHED;
	ticket_seal(&r->ticket, &who);
}

static void
ways(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct bearer who;

	reply->u.ways.verdict = ticket_open(&m->u.ticket.ticket, LEVEL_MATCHED, &who) == -1 ?
	    VERDICT_TICKET : proof_ways(d, who.id, who.way, &reply->u.ways);
}

/* ---- The password --------------------------------------------------------------- */

static void
tell_rules(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_rules *r = &reply->u.rules;
	struct account a;
	struct rules rules;

	r->verdict = bearer_now(d, &m->u.ticket.ticket, &a);
	if (r->verdict == VERDICT_OK &&
	    (r->verdict = password_rules(d, &a, &rules)) == VERDICT_OK)
		rules_tell(&rules, r);
}

static void
judge(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_judged *r = &reply->u.judged;
	struct account a;

	r->verdict = bearer_now(d, &m->u.password.ticket, &a);
	if (r->verdict != VERDICT_OK)
		return;
	/* Now, as judging may end at another server than the account was read at. */
	mark_make(d, &a, r->mark);
	r->verdict = password_judge(d, &a, &m->u.password.password, &r->broken);
}

static void
set(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_done *r = &reply->u.done;
	struct denial no = { .gone = false };
	struct account a;

	/* Found in the socket after keeper has given it up, and perhaps said so. */
	if (clock_ms() > m->u.password.by) {
		r->verdict = VERDICT_UNAVAILABLE;
		return;
	}
	if ((r->verdict = dir_verdict(mark_go(d, m->u.password.mark))) != VERDICT_OK)
		return;
	r->verdict = bearer_to_help(d, &m->u.password.ticket, &a);
	if (r->verdict == VERDICT_OK)
		r->verdict = password_set(d, &a, &m->u.password.password,
		    m->u.password.must_change, &no);
	r->rule = no.rule;
	r->gone = no.gone;
}

static void
unlock(struct dir *d, const struct msg *m, struct msg *reply)
{
	struct msg_done *r = &reply->u.done;
	struct account a;

	r->verdict = bearer_to_help(d, &m->u.ticket.ticket, &a);
	if (r->verdict == VERDICT_OK && (r->verdict = guard_write()) == VERDICT_OK)
		r->verdict = dialect()->unlock(d, &a);
}

/* ---- How it stands ---------------------------------------------------------------- */

/* Asked of the mark's own server: what another one knows may be somebody else's doing. */
static void
state(struct dir *d, const struct msg *m, struct msg *reply)
{
	const struct msg_state_of *asked = &m->u.state_of;
	struct msg_state *r = &reply->u.state;
	struct bearer who;
	struct account a;

	if ((r->verdict = dir_verdict(mark_go(d, asked->mark))) != VERDICT_OK)
		return;
	r->verdict = bearer_read(d, &asked->ticket, &who, &a);
	r->set = r->verdict == VERDICT_OK && mark_passed(&a, asked->mark);
	/* A mark that says nothing must not be taken for one that stayed. */
	if (r->verdict == VERDICT_OK && a.mark[0] == '\0')
		r->verdict = VERDICT_UNKNOWN;
}

static void
probe(struct dir *d, const struct msg *m, struct msg *reply)
{
	enum dir_end end = dir_exists(d, DIR_ENTRY, registrar.directory.base, "(objectClass=*)");

	(void)m;
	reply->u.verdict = end == DIR_NONE ? VERDICT_FORBIDDEN : dir_verdict(end);
}

/* ---- The table ----------------------------------------------------------------------- */

static void (*const answers[MSG__COUNT])(struct dir *, const struct msg *, struct msg *) = {
	[MSG_FIND] = find, [MSG_MATCH] = match, [MSG_WAYS] = ways, [MSG_RULES] = tell_rules,
	[MSG_JUDGE] = judge, [MSG_SET] = set, [MSG_UNLOCK] = unlock, [MSG_STATE] = state,
	[MSG_PROBE] = probe, [MSG_EXPLAIN] = explain,
};

int
answer(struct dir *d, const struct msg *request, struct msg *reply)
{
	memset(reply, 0, sizeof *reply);
	if (answers[request->type] == NULL)
		return -1;
	reply->type = msg_reply(request->type);
	reply->id = request->id;
	reply->reference = request->reference;
	dir_begin(d);
	answers[request->type](d, request, reply);
	return 0;
}
