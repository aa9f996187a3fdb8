#include "keeper/seals.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"

enum { AT_ONCE_MOST = 64 };

static const struct piece tag_canary = { "canary", 6 };
static const char audit_canary[] = "audit key", code_since[] = "code key",
    openings[] = "openings from";
static const unsigned char canary[] = "latchkey";

/* What the audit key opens, if it is that of this store. */
static void
put_canary(struct keeper *k)
{
	unsigned char box[sizeof canary + SEAL_EXTRA];

	store_put_about(k->store, audit_canary, box,
	    seal_close(settings.audit_key, tag_canary, canary, sizeof canary, box, sizeof box));
}

static bool
opens(const struct key *key, const unsigned char *box, long len)
{
	unsigned char inside[sizeof canary];

	return key != NULL && seal_open(key, tag_canary, box, (size_t)len, inside,
	    sizeof inside) == sizeof canary;
}

/* Which code key makes, and since when: whatever the one before it made ends with its time. */
struct since {
	int64_t		at;
	uint32_t	id, none;
};

static void
note_code_key(struct keeper *k)
{
	struct since now = { .at = clock_now(), .id = key_id(settings.code_key) }, then;

	if (store_get_about(k->store, code_since, &then, sizeof then) != sizeof then ||
	    then.id != now.id)
		store_put_about(k->store, code_since, &now, sizeof now);
}

int
seals_code_is_new(struct keeper *k, char *why, size_t size)
{
	int64_t now = clock_now();
	struct since then;

	if (store_get_about(k->store, code_since, &then, sizeof then) != sizeof then ||
	    then.id != key_id(settings.code_key))
		snprintf(why, size, "keeper has not been started with the new one; "
		    "first: systemctl restart latchkeyd");
	else if (then.at > now || now - then.at < FLOW_LIFE + OPENING_LIFE)
		snprintf(why, size, "people are on their way who began under the old one; end it in %lld "
		    "minutes", (long long)(FLOW_LIFE + OPENING_LIFE - (then.at > now ? 0 : now - then.at)) /
		    60 + 1);
	else
		return 0;
	return -1;
}

int
seals_open(struct keeper *k, char *why, size_t size)
{
	unsigned char box[sizeof canary + SEAL_EXTRA];
	long len = store_get_about(k->store, audit_canary, box, sizeof box);
	int64_t from;

	k->seals = (struct seals){ 0 };
	if (store_get_about(k->store, openings, &from, sizeof from) == sizeof from)
		k->seals.openings_from = from;
	seals_keep_time(k);
	note_code_key(k);
	if (len == -1 || opens(settings.audit_key, box, len)) {
		/* One that was brought up from before there were canaries may hold either. */
		k->seals.under_old = len == -1 && settings.audit_key_before != NULL;
		if (len == -1)
			put_canary(k);
		return 0;
	}
	k->seals.under_old = opens(settings.audit_key_before, box, len);
	if (k->seals.under_old)
		return 0;
	snprintf(why, size, "keeper.audit_key is not the key that it was written with; put that one "
	    "into %s, as its second line if the first is to be a new one; it lies in %s",
	    settings.audit_key_file, settings.state);
	return -1;
}

int
seals_audit_is_new(struct keeper *k, char *why, size_t size)
{
	unsigned char box[sizeof canary + SEAL_EXTRA];
	long len = store_get_about(k->store, audit_canary, box, sizeof box);

	if (len != -1 && opens(settings.audit_key, box, len))
		return 0;
	snprintf(why, size, "not all is sealed under the new one yet; first: systemctl restart latchkeyd, "
	    "and wait until its log says so");
	return -1;
}

struct piece_of_work {
	unsigned int	n;
	struct {
		unsigned char	account[ACCOUNT_SIZE];
		struct sealed	key;
	} of[AT_ONCE_MOST];
};

static void
note(void *ctx, const unsigned char account[ACCOUNT_SIZE], const struct sealed *key)
{
	struct piece_of_work *p = ctx;

	memcpy(p->of[p->n].account, account, ACCOUNT_SIZE);
	p->of[p->n++].key = *key;
}

void
seals_go_on(struct keeper *k)
{
	struct seals *s = &k->seals;
	struct piece_of_work p = { 0 };

	if (!s->under_old)
		return;
	store_next_persons(k->store, s->begun ? s->done : NULL, AT_ONCE_MOST, note, &p);
	for (unsigned int i = 0; i < p.n; i++) {
		if (audit_seal_anew(audit_person, &p.of[i].key))
			store_change_person(k->store, p.of[i].account, &p.of[i].key);
		memcpy(s->done, p.of[i].account, ACCOUNT_SIZE);
		s->begun = true;
	}
	if (p.n > 0)
		return;
	/* Told in a later round, when it is on disk. */
	if (!s->put) {
		/* Who had the old one knows the chain's keys: rows from here on are made with another. */
		chain_seal_anew(k);
		chain_turn(k);
		put_canary(k);
		s->put = true;
		return;
	}
	s->under_old = false;
	log_info("all is sealed under the new audit key; the one of before can go: "
	    "latchkey rekey --end audit");
}

/* By a clock that was ahead when the store was restored nobody could begin until it comes to that. */
void
seals_keep_time(struct keeper *k)
{
	if (k->seals.openings_from <= clock_now() + SET_BACK_MOST)
		return;
	log_warnx("the clock was ahead when the store was restored, and is right now; people can begin");
	seals_refuse_openings(k);
}

void
seals_refuse_openings(struct keeper *k)
{
	/* Up to the second that is not over yet. */
	k->seals.openings_from = clock_now() + 1;
	store_put_about(k->store, openings, &k->seals.openings_from, sizeof k->seals.openings_from);
}
