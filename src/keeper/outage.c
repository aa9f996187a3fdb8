#include "keeper/outage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "keeper/answers.h"
#include "keeper/counts.h"
#include "keeper/halt.h"
#include "keeper/seals.h"
#include "keeper/settings.h"

/* What is heard without a store; all else asks for something that must be kept. */
static const bool needs_none[MSG__COUNT] = {
	[MSG_STATUS] = true, [MSG_METRICS] = true, [MSG_RELOAD] = true, [MSG_HAS_READ] = true,
};

/* What ends an answer of several messages, with a verdict; others are one reply, likewise. */
static const enum msg_type ends[MSG__COUNT] = {
	[MSG_AUDIT] = MSG_AUDIT_END, [MSG_VERIFY] = MSG_AUDIT_END,
};

void
outage_begin(struct keeper *k, const char *why)
{
	/* Once, although it is looked at each second; and again when it is another reason. */
	if (strcmp(k->outage, why) != 0)
		log_warnx("the store cannot be written: %s; people are told to try later until it can",
		    why);
	if (k->outage[0] == '\0')
		counts_add(KEPT_STORE_FAULTS, 0, 0);
	snprintf(k->outage, sizeof k->outage, "%s", why);
}

/* What lies there is looked at once; while somebody else holds it, nobody can. */
static int
look(struct keeper *k, char *why, size_t size)
{
	int r = k->looked ? 0 : store_look(settings.state, why, size);

	k->looked = r == 0;
	k->refused = r == -1;
	return r;
}

/* All that keeper remembers of the store is read here; start_over in desk.c forgets it. */
static int
remember(struct keeper *k, char *why, size_t size)
{
	if (seals_open(k, why, size) == -1)
		return -1;
	halt_read(k);
	chain_head(k);
	return 0;
}

void
outage_try(struct keeper *k)
{
	struct store *s = NULL;
	char why[STORE_WHY];

	if (k->refused)
		return;
	if (look(k, why, sizeof why) != 0 ||
	    (s = store_open(settings.state, why, sizeof why)) == NULL) {
		outage_begin(k, why);
		return;
	}
	if (store_try(s) == -1) {
		outage_begin(k, store_fault(s));
		store_close(s);
		return;
	}
	k->store = s;
	if (remember(k, why, sizeof why) == -1 || store_fault(s) != NULL) {
		k->refused = store_fault(s) == NULL;
		k->store = NULL;
		outage_begin(k, k->refused ? why : store_fault(s));
		store_close(s);
		return;
	}
	if (k->outage[0] != '\0')
		log_info("the store can be written");
	k->outage[0] = '\0';
}

bool
outage_hears(struct keeper *k, struct link *link, const struct msg *m)
{
	struct msg end = { .type = ends[m->type], .id = m->id };

	if (k->store != NULL || needs_none[m->type])
		return false;
	if (msg_reply(m->type) == MSG_STEP) {
		answers_refuse(k->answers, answers_ask(k->answers, link, m->id), REASON_TRY_LATER);
		return true;
	}
	if (end.type == MSG_NONE)
		end.type = msg_reply(m->type);
	/* Who may ask for more must get an answer, too: our own mistake. */
	if (end.type == MSG_NONE)
		abort();
	end.u.verdict = VERDICT_UNAVAILABLE;
	link_send(link, &end);
	return true;
}
