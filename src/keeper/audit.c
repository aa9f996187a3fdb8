/*
 * audit.c - the words of ${what} and their outcomes:
 *
 *	opened		a name was typed		a verdict of registrar
 *	proved		number and birth date were	ok, no_match, no_proof, young, in_use, ...
 *	sent		a code went to a gateway	a verdict of courier; "sms kannel"
 *	code		a code was typed		right, wrong, too_many, expired; tries left
 *	reset		a password was to be set	ok, a rule, unknown, ...
 *	activated	likewise, its first
 *	unlocked	an account was to be unlocked	ok, unknown, ...
 *	left		the person cancelled		ok
 *	notice		they were told of it		a verdict of courier, no_way; "mail exim"
 */
#include "keeper/audit.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"

static const struct piece tag_key = { "person", 6 }, tag_who = { "who", 3 }, tag_addr = { "addr", 4 };

/* Names that are nobody's share one key: whoever tries a million of them makes no million keys. */
static const unsigned char nobody[ACCOUNT_SIZE];

static bool
read_key(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct key *key)
{
	struct sealed box;

	return store_get_person(k->store, account, &box) &&
	    seal_open(settings.audit_key, tag_key, box.data, box.len, key->byte, KEY_SIZE) == KEY_SIZE;
}

static void
make_key(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct key *key)
{
	struct sealed box;

	seal_random(key->byte, KEY_SIZE);
	box.len = seal_close(settings.audit_key, tag_key, key->byte, KEY_SIZE, box.data,
	    sizeof box.data);
	store_put_person(k->store, account, &box);
}

/* The key that an account's rows are sealed under, if it has not been dropped. */
static bool
key_of(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct key *key)
{
	return read_key(k, account, key) || read_key(k, nobody, key);
}

void
audit_who(struct keeper *k, const unsigned char *account, const struct secret *name,
    struct sealed *who)
{
	const unsigned char *whose = account != NULL ? account : nobody;
	struct key key;

	if (!read_key(k, whose, &key))
		make_key(k, whose, &key);
	who->len = seal_close(&key, tag_who, name->text, name->len, who->data, sizeof who->data);
	key_wipe(&key);
}

void
audit_add_detail(struct keeper *k, const struct flow *f, const char *what, const char *outcome,
    const char *detail, const char *addr)
{
	struct audit_row row = { .at = clock_now(), .who = f->who };
	struct key key;

	snprintf(row.what, sizeof row.what, "%s", what);
	snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
	snprintf(row.detail, sizeof row.detail, "%s", detail);
	memcpy(row.account, f->account, sizeof row.account);
	/* The same for all rows of a flow, whatever its name is by now. */
	row.flow = f->reference;
	if (key_of(k, f->account, &key))
		row.addr.len = seal_close(&key, tag_addr, addr, strlen(addr), row.addr.data,
		    sizeof row.addr.data);
	key_wipe(&key);
	store_add_audit(k->store, &row);
	log_event(what, outcome, "%s: %s%s%s", what, outcome, detail[0] != '\0' ? ", " : "", detail);
}

void
audit_add(struct keeper *k, const struct flow *f, const char *what, const char *outcome,
    const char *addr)
{
	audit_add_detail(k, f, what, outcome, "", addr);
}

static void
unseal(const struct key *key, struct piece tag, const struct sealed *box, char *out, size_t size)
{
	long n = seal_open(key, tag, box->data, box->len, out, size - 1);

	out[n < 0 ? 0 : n] = '\0';
}

void
audit_read(struct keeper *k, const struct audit_row *row, struct msg_audit_row *out)
{
	struct key key;

	memset(out, 0, sizeof *out);
	out->number = row->number;
	out->at = row->at;
	snprintf(out->what, sizeof out->what, "%s", row->what);
	snprintf(out->outcome, sizeof out->outcome, "%s", row->outcome);
	snprintf(out->detail, sizeof out->detail, "%s", row->detail);
	memcpy(out->account, row->account, sizeof out->account);
	out->flow = row->flow;
	if (key_of(k, row->account, &key)) {
		unseal(&key, tag_who, &row->who, out->who, sizeof out->who);
		unseal(&key, tag_addr, &row->addr, out->addr, sizeof out->addr);
	}
	key_wipe(&key);
}
