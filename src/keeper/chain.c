#include "keeper/chain.h"

#include <string.h>

#include "base/log.h"
#include "keeper/audit.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"
#include "wire/buf.h"

/* ---- Seals ----------------------------------------------------------------------- */

enum { NUMBERS_SIZE = 4 + 8 + 8 };

static struct piece
numbers(unsigned char out[NUMBERS_SIZE], uint32_t generation, int64_t a, int64_t b)
{
	struct buf buf;

	buf_on(&buf, out, NUMBERS_SIZE);
	buf_put_u32(&buf, generation);
	buf_put_i64(&buf, a);
	buf_put_i64(&buf, b);
	return (struct piece){ out, NUMBERS_SIZE };
}

void
chain_mac(const struct key *key, const unsigned char before[HASH_SIZE], const struct audit_row *r,
    unsigned char mac[HASH_SIZE])
{
	unsigned char n[NUMBERS_SIZE];
	const struct piece all[] = {
		{ "row", 3 }, { before, HASH_SIZE }, numbers(n, r->generation, r->number, r->at),
		{ r->what, strlen(r->what) }, { r->outcome, strlen(r->outcome) },
		{ r->detail, strlen(r->detail) }, { r->account, sizeof r->account },
		{ r->flow.byte, sizeof r->flow.byte }, { r->who.data, r->who.len },
		{ r->addr.data, r->addr.len },
	};

	seal_hmac(key, all, sizeof all / sizeof all[0], mac);
}

void
chain_stone_seal(const struct key *key, const struct chain_stone *s, unsigned char seal[HASH_SIZE])
{
	unsigned char n[NUMBERS_SIZE];
	const struct piece all[] = {
		{ "stone", 5 }, { s->before, HASH_SIZE }, numbers(n, s->generation, s->first, s->last),
		{ s->mac, HASH_SIZE },
	};

	seal_hmac(key, all, sizeof all / sizeof all[0], seal);
}

static void
head_seal(const struct key *key, const struct chain_head *h, unsigned char seal[HASH_SIZE])
{
	unsigned char n[NUMBERS_SIZE];
	const struct piece all[] = {
		{ "head", 4 }, numbers(n, h->generation, h->first, h->number), { h->mac, HASH_SIZE },
	};

	seal_hmac(key, all, sizeof all / sizeof all[0], seal);
}

/* ---- Keys --------------------------------------------------------------------------- */

enum { TAG_SIZE = 2 + 5 + 4 };

/* A box is of no use under another generation. */
static struct piece
tag_of(unsigned char out[TAG_SIZE], uint32_t generation)
{
	struct buf b;

	buf_on(&b, out, TAG_SIZE);
	buf_put_text(&b, "chain");
	buf_put_u32(&b, generation);
	return (struct piece){ out, TAG_SIZE };
}

bool
chain_key(struct keeper *k, uint32_t generation, struct key *key)
{
	unsigned char tag[TAG_SIZE];
	struct sealed box;

	return store_get_chain_key(k->store, generation, &box) &&
	    audit_unseal(tag_of(tag, generation), box.data, box.len, key->byte, KEY_SIZE) == KEY_SIZE;
}

static void
make_key(struct keeper *k, uint32_t generation, struct key *key)
{
	unsigned char tag[TAG_SIZE];
	struct sealed box;

	seal_random(key->byte, KEY_SIZE);
	box.len = seal_close(settings.audit_key, tag_of(tag, generation), key->byte, KEY_SIZE,
	    box.data, sizeof box.data);
	store_put_chain_key(k->store, generation, &box);
}

void
chain_seal_anew(struct keeper *k)
{
	for (uint32_t g = store_last_generation(k->store); g > 0; g--) {
		unsigned char tag[TAG_SIZE];
		struct sealed box;

		if (store_get_chain_key(k->store, g, &box) && audit_seal_anew(tag_of(tag, g), &box))
			store_put_chain_key(k->store, g, &box);
	}
}

/* ---- The head ------------------------------------------------------------------------- */

/* The head of the store; false if keeper did not seal it. */
static bool
read_head(struct keeper *k, struct chain_head *h)
{
	unsigned char seal[HASH_SIZE] = { 0 };
	struct key key;
	bool good = store_get_head(k->store, h) && chain_key(k, h->generation, &key);

	if (good) {
		head_seal(&key, h, seal);
		good = memcmp(seal, h->seal, sizeof seal) == 0;
	}
	key_wipe(&key);
	return good;
}

/*
 * Whoever removed the last rows may have removed the head too, or put back an older one.
 * A number is left out then: what stood there is missing, and stays missing for whoever
 * verifies.
 */
static void
leave_a_gap(struct chain_head *h, bool sealed, int64_t last)
{
	log_warnx("the audit's last rows are not those that were written; run: latchkey audit verify");
	if (!sealed)
		h->first = 1;
	h->number = last + 1;
	memset(h->mac, 0, sizeof h->mac);
}

/* Once a batch, behind its rows. */
static void
seal_head(void *keeper)
{
	struct keeper *k = keeper;
	struct chain *c = &k->chain;

	if (!c->grown)
		return;
	head_seal(c->key, &c->head, c->head.seal);
	store_put_head(k->store, &c->head);
	c->grown = false;
}

static void
learn(struct keeper *k)
{
	struct chain *c = &k->chain;
	uint32_t generation = store_last_generation(k->store);
	int64_t last = store_last_audit(k->store);
	bool sealed;

	if (c->key == NULL)
		c->key = secret_keep(sizeof *c->key);
	if (generation == 0) {
		/* What rows there are, are older than the chain. */
		make_key(k, ++generation, c->key);
		c->head = (struct chain_head){ .first = last + 1, .number = last };
		c->grown = true;
	} else if (!chain_key(k, generation, c->key) && store_fault(k->store) == NULL)
		fatalx("the audit's key %u in %s is not sealed under keeper.audit_key", generation,
		    settings.state);
	else if (!(sealed = read_head(k, &c->head)) || c->head.number < last) {
		leave_a_gap(&c->head, sealed, last);
		c->grown = true;
	}
	c->head.generation = generation;
	c->known = true;
	store_before_commit(k->store, seal_head, k);
}

const struct chain_head *
chain_head(struct keeper *k)
{
	if (!k->chain.known)
		learn(k);
	return &k->chain.head;
}

bool
chain_head_holds(struct keeper *k)
{
	const struct chain_head *h = chain_head(k);
	struct chain_head stored;

	/* Between a row and its commit the store tells of an earlier one. */
	return k->chain.grown || (read_head(k, &stored) && stored.number == h->number &&
	    stored.first == h->first && memcmp(stored.mac, h->mac, HASH_SIZE) == 0);
}

void
chain_add(struct keeper *k, struct audit_row *row)
{
	struct chain *c = &k->chain;

	if (!c->known)
		learn(k);
	row->number = c->head.number + 1;
	row->generation = c->head.generation;
	chain_mac(c->key, c->head.mac, row, row->mac);
	store_add_audit(k->store, row);
	c->head.number = row->number;
	memcpy(c->head.mac, row->mac, HASH_SIZE);
	c->grown = true;
}

void
chain_turn(struct keeper *k)
{
	uint32_t next = chain_head(k)->generation + 1;

	make_key(k, next, k->chain.key);
	k->chain.head.generation = next;
	k->chain.grown = true;
}

void
chain_forget(struct keeper *k)
{
	k->chain.known = k->chain.grown = false;
}
