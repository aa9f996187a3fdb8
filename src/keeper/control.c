#include "keeper/control.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/counts.h"
#include "keeper/courier.h"
#include "keeper/errand.h"
#include "keeper/keeper.h"
#include "keeper/registrar.h"

enum { ROWS_MOST = 500 };

/* A question about a person, while registrar says who that is. */
struct search {
	LIST_ENTRY(search)	 next;
	struct keeper		*keeper;
	struct link		*link;	/* NULL: it has hung up */
	uint32_t		 id;
	struct msg_audit	 ask;
};

static LIST_HEAD(, search) searches = LIST_HEAD_INITIALIZER(searches);

/* ---- Status and figures ------------------------------------------------------- */

static void
read_status(struct keeper *k, struct msg_status *s)
{
	registrar_count(k->registrar, s);
	s->courier = courier_up(k->courier);
	s->flows = store_flows(k->store);
	s->since = k->since;
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
	stand(KEPT_STORE, store_bytes(k->store));
	stand(KEPT_STARTED, s.since);
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
list(struct keeper *k, struct link *link, uint32_t id, const struct msg_audit *ask,
    enum verdict verdict, const unsigned char *account)
{
	struct msg end = { .type = MSG_AUDIT_END, .id = id };
	struct listing l = { .keeper = k, .link = link, .id = id };
	struct msg_audit capped = *ask;

	if (capped.most > ROWS_MOST || capped.most == 0)
		capped.most = ROWS_MOST;
	if (verdict == VERDICT_OK)
		store_list_audit(k->store, &capped, account, send_row, &l);
	end.u.verdict = verdict;
	link_send(link, &end);
}

static void
on_found(void *ctx, enum verdict verdict, const struct msg *m)
{
	struct search *s = ctx;

	/* Nobodies have rows too, under the hash of what was typed. */
	if (s->link != NULL)
		list(s->keeper, s->link, s->id, &s->ask, errand_out_of_reach(verdict) ? verdict :
		    VERDICT_OK, m == NULL ? NULL : m->u.found.account);
	LIST_REMOVE(s, next);
	free(s);
}

void
control_audit(struct keeper *k, struct link *link, struct msg *m)
{
	struct msg find = { .type = MSG_FIND };
	struct search *s;

	if (m->u.audit.name[0] == '\0') {
		list(k, link, m->id, &m->u.audit, VERDICT_OK, NULL);
		return;
	}
	if ((s = calloc(1, sizeof *s)) == NULL)
		fatal("no memory");
	s->keeper = k;
	s->link = link;
	s->id = m->id;
	s->ask = m->u.audit;
	LIST_INSERT_HEAD(&searches, s, next);
	secret_set(&find.u.find.name, m->u.audit.name, strlen(m->u.audit.name));
	registrar_ask(k->registrar, &find, on_found, s);
}

void
control_forget(struct link *link)
{
	struct search *s;

	LIST_FOREACH(s, &searches, next)
		if (s->link == link)
			s->link = NULL;
}
