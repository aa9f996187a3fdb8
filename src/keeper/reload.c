#include "keeper/reload.h"

#include "base/log.h"
#include "base/program.h"
#include "keeper/courier.h"
#include "keeper/keeper.h"
#include "keeper/registrar.h"

enum { PORTALS_MOST = 64, PATIENCE = 15 };

/* The one that is under way. */
static struct {
	struct keeper	*keeper;
	struct link	*asker;		/* NULL: it has hung up */
	uint32_t	 id;
	enum verdict	 own;
	struct link	*portals[PORTALS_MOST];	/* that have not answered */
	size_t		 n_portals;
	bool		 registrar, courier;	/* have not answered */
	struct event	*patience;	/* NULL: none is under way */
} now;

static void
tell(enum role who, enum verdict verdict)
{
	struct msg m = { .type = MSG_RELOADED, .id = now.id };

	m.u.reloaded.who = who;
	m.u.reloaded.verdict = verdict;
	if (now.asker != NULL)
		link_send(now.asker, &m);
}

static void
end_if_all_answered(void)
{
	if (now.patience == NULL || now.n_portals > 0 || now.registrar || now.courier)
		return;
	tell(ROLE_KEEPER, now.own);
	event_free(now.patience);
	now.patience = NULL;
}

static void
on_registrar(void *ctx, enum verdict verdict, const struct msg *m)
{
	(void)ctx;
	(void)m;
	if (!now.registrar)
		return;
	now.registrar = false;
	tell(ROLE_REGISTRAR, verdict);
	end_if_all_answered();
}

static void
on_courier(void *ctx, enum verdict verdict, const char *gateway)
{
	(void)ctx;
	(void)gateway;
	if (!now.courier)
		return;
	now.courier = false;
	tell(ROLE_COURIER, verdict);
	end_if_all_answered();
}

static void
on_patience(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	(void)arg;
	for (; now.n_portals > 0; now.n_portals--)
		tell(ROLE_PORTAL, VERDICT_UNKNOWN);
	registrar_forget(now.keeper->registrar, &now);
	on_registrar(NULL, VERDICT_UNKNOWN, NULL);
	on_courier(NULL, VERDICT_UNKNOWN, NULL);
	end_if_all_answered();
}

int
reload_all(struct keeper *k, struct link *asker, uint32_t id)
{
	const struct timeval tv = { .tv_sec = PATIENCE };
	struct msg m = { .type = MSG_READ_AGAIN };

	if (now.patience != NULL)
		return -1;
	if ((now.patience = evtimer_new(k->base, on_patience, NULL)) == NULL ||
	    evtimer_add(now.patience, &tv) == -1)
		fatalx("no memory");
	now.keeper = k;
	now.asker = asker;
	now.id = id;
	now.own = program_reload() == 0 ? VERDICT_OK : VERDICT_REJECTED;
	now.registrar = now.courier = true;
	registrar_ask(k->registrar, &m, on_registrar, &now);
	courier_send(k->courier, &m, on_courier, NULL);
	return 0;
}

void
reload_portal(struct link *portal)
{
	struct msg m = { .type = MSG_READ_AGAIN };

	if (now.n_portals == PORTALS_MOST)
		return;
	now.portals[now.n_portals++] = portal;
	link_send(portal, &m);
}

void
reload_heard(struct link *portal, enum verdict verdict)
{
	for (size_t i = 0; i < now.n_portals; i++) {
		if (now.portals[i] != portal)
			continue;
		now.portals[i] = now.portals[--now.n_portals];
		tell(ROLE_PORTAL, verdict);
		end_if_all_answered();
		return;
	}
}

void
reload_forget(struct link *link)
{
	if (now.asker == link)
		now.asker = NULL;
	reload_heard(link, VERDICT_UNAVAILABLE);
}
