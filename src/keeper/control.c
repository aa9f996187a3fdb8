#include "keeper/control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/budget.h"
#include "keeper/counts.h"
#include "keeper/courier.h"
#include "keeper/errand.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/registrar.h"

enum { ROWS_MOST = 500, COUNTING_PART = 50 };

struct search;

/* ${verdict} is how the directory has them; ${account} is NULL where it can't be asked. */
typedef void search_fn(const struct search *, enum verdict, const unsigned char *account);

/* A question about a person, while registrar says who that is. */
struct search {
	LIST_ENTRY(search)	 next;
	struct keeper		*keeper;
	struct link		*link;	/* NULL: it has hung up */
	struct msg		 ask;
	search_fn		*then;
};

static LIST_HEAD(, search) searches = LIST_HEAD_INITIALIZER(searches);

/* ---- Whom is it about? ---------------------------------------------------------- */

static void
on_found(void *ctx, enum verdict verdict, const struct msg *m)
{
	struct search *s = ctx;

	/* Nobodies are counted and written of too, under the hash of what was typed. */
	if (s->link != NULL)
		s->then(s, verdict, errand_out_of_reach(verdict) ? NULL : m->u.found.account);
	LIST_REMOVE(s, next);
	free(s);
}

static struct search *
search_new(struct keeper *k, struct link *link, const struct msg *m, search_fn *then)
{
	struct search *s = calloc(1, sizeof *s);

	if (s == NULL)
		fatal("no memory");
	s->keeper = k;
	s->link = link;
	s->ask = *m;
	s->then = then;
	LIST_INSERT_HEAD(&searches, s, next);
	return s;
}

static void
search(struct keeper *k, struct link *link, const struct msg *m, const char *name, search_fn *then)
{
	struct msg find = { .type = MSG_FIND };

	secret_set(&find.u.find.name, name, strlen(name));
	registrar_ask(k->registrar, &find, on_found, search_new(k, link, m, then));
}

void
control_forget(struct link *link)
{
	struct search *s;

	LIST_FOREACH(s, &searches, next)
		if (s->link == link)
			s->link = NULL;
}

static void
say(struct link *link, enum msg_type type, uint32_t id, enum verdict verdict)
{
	struct msg m = { .type = type, .id = id };

	m.u.verdict = verdict;
	link_send(link, &m);
}

/* ---- Status and figures ------------------------------------------------------- */

/*
 * To count a million takes milliseconds, and strangers may ask how things are as often as
 * they like: no more than a part of the time goes to counting.
 */
static uint32_t
about_how_many(struct keeper *k)
{
	static uint32_t flows;
	static int64_t next;
	int64_t began = clock_monotonic_us();

	if (began >= next) {
		flows = store_flows(k->store);
		next = began + COUNTING_PART * (clock_monotonic_us() - began);
	}
	return flows;
}

static void
read_status(struct keeper *k, struct msg_status *s)
{
	registrar_count(k->registrar, s);
	s->courier = courier_up(k->courier);
	s->flows = k->store != NULL ? about_how_many(k) : 0;
	s->errands = k->n_errands;
	s->since = k->since;
	s->halts = k->halts;
	snprintf(s->store, sizeof s->store, "%s", k->outage);
}

void
control_status(struct keeper *k, struct link *link, struct msg *m)
{
	struct msg reply = { .type = MSG_STATUS_IS, .id = m->id };

	read_status(k, &reply.u.status);
	link_send(link, &reply);
}

static void
stand(unsigned int which, int64_t value)
{
	*metrics_at(&counts, which, 0, 0) = value;
}

/* What is counted is there; what only stands is looked at when somebody asks. */
void
control_metrics(struct keeper *k, struct link *link, struct msg *m)
{
	struct msg reply = { .type = MSG_METRICS_ARE, .id = m->id };
	struct msg_metrics *out = &reply.u.metrics;
	struct msg_status s;

	read_status(k, &s);
	stand(KEPT_WORKERS, s.workers);
	stand(KEPT_BUSY, s.busy);
	stand(KEPT_WAITING, s.queued);
	stand(KEPT_DIRECTORY_UP, s.registrar);
	stand(KEPT_COURIER_UP, s.courier);
	stand(KEPT_FLOWS, s.flows);
	stand(KEPT_STORE, k->store != NULL ? store_bytes(k->store) : 0);
	stand(KEPT_STORE_UP, k->store != NULL);
	stand(KEPT_STARTED, s.since);
	for (unsigned int what = 0; what < HALT__COUNT; what++)
		*metrics_at(&counts, KEPT_HALTED, what, 0) = (s.halts & 1U << what) != 0;
	out->n = (unsigned int)metrics_size(&counts);
	memcpy(out->cell, counts.cell, out->n * sizeof out->cell[0]);
	link_send(link, &reply);
}

/* ---- Audit --------------------------------------------------------------------- */

struct listing {
	struct keeper	*keeper;
	struct link	*link;
	uint32_t	 id;
};

static void
send_row(void *ctx, const struct audit_row *row)
{
	struct listing *l = ctx;
	struct msg reply = { .type = MSG_AUDIT_ROW, .id = l->id };

	audit_read(l->keeper, row, &reply.u.audit_row);
	link_send(l->link, &reply);
}

static void
list(struct keeper *k, struct link *link, const struct msg *m, enum verdict verdict,
    const unsigned char *account)
{
	struct listing l = { .keeper = k, .link = link, .id = m->id };
	struct msg_audit capped = m->u.audit;

	if (capped.most > ROWS_MOST || capped.most == 0)
		capped.most = ROWS_MOST;
	if (verdict == VERDICT_OK)
		store_list_audit(k->store, &capped, account, send_row, &l);
	say(link, MSG_AUDIT_END, m->id, verdict);
}

static void
list_found(const struct search *s, enum verdict verdict, const unsigned char *account)
{
	list(s->keeper, s->link, &s->ask, account == NULL ? verdict : VERDICT_OK, account);
}

void
control_audit(struct keeper *k, struct link *link, struct msg *m)
{
	if (m->u.audit.name[0] == '\0')
		list(k, link, m, VERDICT_OK, NULL);
	else
		search(k, link, m, m->u.audit.name, list_found);
}

/* ---- An admin's word ---------------------------------------------------------------- */

void
control_halt(struct keeper *k, struct link *link, struct msg *m)
{
	halt_set(k, m->u.halt.what, m->u.halt.on);
	if (m->u.halt.what == HALT_RECOVER && !m->u.halt.on)
		budget_forget_wrong_codes(k);
	say(link, MSG_HALTED, m->id, VERDICT_OK);
}

static void
pardon(const struct search *s, enum verdict verdict, const unsigned char *account)
{
	if (account != NULL) {
		budget_pardon(s->keeper, account, s->ask.u.name.name);
		audit_add_admin(s->keeper, "pardoned", "ok", account);
	}
	say(s->link, MSG_PARDONED, s->ask.id, account == NULL ? verdict : VERDICT_OK);
}

void
control_pardon(struct keeper *k, struct link *link, struct msg *m)
{
	search(k, link, m, m->u.name.name, pardon);
}

static void
look_up(const struct search *s, enum verdict verdict, const unsigned char *account)
{
	struct msg m = { .type = MSG_LOOKED_UP, .id = s->ask.id };

	m.u.looked_up.verdict = verdict;
	if (account != NULL)
		budget_tell(s->keeper, account, &m.u.looked_up);
	link_send(s->link, &m);
}

void
control_lookup(struct keeper *k, struct link *link, struct msg *m)
{
	search(k, link, m, m->u.name.name, look_up);
}

/* Registrar's words, as they are. */
static void
on_explained(void *ctx, enum verdict verdict, const struct msg *m)
{
	struct search *s = ctx;
	struct msg reply = { .type = MSG_POLICY_IS, .id = s->ask.id };

	if (m != NULL)
		reply.u.explained = m->u.explained;
	reply.u.explained.verdict = verdict;
	if (s->link != NULL)
		link_send(s->link, &reply);
	LIST_REMOVE(s, next);
	free(s);
}

void
control_policy(struct keeper *k, struct link *link, struct msg *m)
{
	struct msg explain = { .type = MSG_EXPLAIN };

	explain.u.name = m->u.name;
	registrar_ask(k->registrar, &explain, on_explained, search_new(k, link, m, NULL));
}

void
control_erase(struct keeper *k, struct link *link, struct msg *m)
{
	say(link, MSG_ERASED, m->id, audit_erase(k, m->u.erase.account) ? VERDICT_OK :
	    VERDICT_NOBODY);
}

void
control_forget_all(void)
{
	struct search *next;

	for (struct search *s = LIST_FIRST(&searches); s != NULL; s = next) {
		next = LIST_NEXT(s, next);
		free(s);
	}
	LIST_INIT(&searches);
}
