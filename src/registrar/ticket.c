#include "registrar/ticket.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rekey.h"
#include "base/seal.h"
#include "registrar/settings.h"
#include "wire/buf.h"

_Static_assert((int)WAY_SIZE == (int)ACCOUNT_SIZE, "ticket_hash makes both");

enum {
	VERSION		= 2,
	KEY_ID		= 4,
	HEAD		= 1 + KEY_ID,	/* in clear, and part of what the seal vouches for */
	INSIDE_LONGEST	= 1 + 8 + 2 + ID_LONGEST + 2 + WAY_SIZE + 1
};

static struct {
	struct key	*key;
	unsigned char	head[HEAD];
} keys[2 * TICKET_KEYS_MOST];
static size_t n_keys;
static struct key *account_key;

static struct key *
room_for(struct key **key)
{
	if (*key == NULL)
		*key = secret_keep(sizeof **key);
	return *key;
}

static void
name_key(size_t i)
{
	static const struct piece name = { "ticket key id", 13 };
	unsigned char hash[HASH_SIZE];

	seal_hmac(keys[i].key, &name, 1, hash);
	keys[i].head[0] = VERSION;
	memcpy(keys[i].head + 1, hash, KEY_ID);
}

int
ticket_load(char *why, size_t size)
{
	n_keys = 0;
	for (size_t i = 0; i < registrar.n_ticket_keys; i++) {
		int n = key_load_two(room_for(&keys[n_keys].key), room_for(&keys[n_keys + 1].key),
		    registrar.ticket_keys[i], why, size);

		if (n == -1)
			return -1;
		for (; n > 0; n--)
			name_key(n_keys++);
	}
	return key_load(room_for(&account_key), registrar.account_key, why, size);
}

void
ticket_seal(struct ticket *t, const struct bearer *who)
{
	unsigned char inside[INSIDE_LONGEST];
	struct piece head = { keys[0].head, HEAD };
	struct buf b;

	buf_on(&b, inside, sizeof inside);
	buf_put_u8(&b, who->level);
	buf_put_i64(&b, clock_now() + TICKET_LIFE);
	buf_put_text(&b, who->id);
	buf_put_bytes(&b, who->way, sizeof who->way);
	buf_put_u8(&b, who->only_fresh);
	memcpy(t->data, keys[0].head, HEAD);
	t->len = HEAD + seal_close(keys[0].key, head, inside, b.at, t->data + HEAD,
	    sizeof t->data - HEAD);
}

/* See ticket_seal for the other side. */
static int
read_inside(const unsigned char *inside, size_t len, struct bearer *who, int64_t *until)
{
	struct buf b;

	buf_on(&b, (void *)(uintptr_t)inside, len);
	who->level = (enum proof_level)buf_get_u8(&b, LEVEL_MATCHED);
	*until = buf_get_i64(&b);
	buf_get_text(&b, who->id, sizeof who->id);
	if (buf_get_bytes(&b, who->way, sizeof who->way) != sizeof who->way)
		return -1;
	who->only_fresh = buf_get_bool(&b);
	return buf_done(&b) ? 0 : -1;
}

int
ticket_open(const struct ticket *t, enum proof_level least, struct bearer *who)
{
	unsigned char inside[INSIDE_LONGEST];
	int64_t until;
	long len = -1;

	for (size_t i = 0; i < n_keys && len == -1; i++)
		if (t->len > HEAD && memcmp(t->data, keys[i].head, HEAD) == 0)
			len = seal_open(keys[i].key, (struct piece){ keys[i].head, HEAD },
			    t->data + HEAD, t->len - HEAD, inside, sizeof inside);
	if (len == -1 || read_inside(inside, (size_t)len, who, &until) == -1)
		return -1;
	return who->level >= least && clock_now() < until ? 0 : -1;
}

void
ticket_hash(const char *what, const char *text, unsigned char out[ACCOUNT_SIZE])
{
	const struct piece pieces[] = { { what, strlen(what) }, { text, strlen(text) } };
	unsigned char hash[HASH_SIZE];

	seal_hmac(account_key, pieces, 2, hash);
	memcpy(out, hash, ACCOUNT_SIZE);
}

/* ---- Another key -------------------------------------------------------------------- */

const char *ticket_rekey_name;

static int
tell(int r, const char *why)
{
	if (r == -1)
		log_warnx("the ticket key stays as it is: %s", why);
	return r == 0 ? 0 : 1;
}

int
ticket_rekey_run(void)
{
	char why[512];

	return tell(rekey_begin(registrar.ticket_keys[0], why, sizeof why), why);
}

/* An hour for whoever had to restart, and one for the last ticket of before. */
int
ticket_rekey_end_run(void)
{
	int64_t since = rekey_since(registrar.ticket_keys[0]), now = clock_now();
	char why[512];

	if (since <= now && now - since >= 2LL * TICKET_LIFE)
		return tell(rekey_end(registrar.ticket_keys[0], why, sizeof why), why);
	snprintf(why, sizeof why, "tickets of the old one may be about; end it in %lld minutes",
	    (long long)(2LL * TICKET_LIFE - (since > now ? 0 : now - since)) / 60 + 1);
	return tell(-1, why);
}
