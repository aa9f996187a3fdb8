/*
 * audit.c - the words of ${what} and their outcomes:
 *
 *	opened		a name was typed		a verdict of registrar; "policy finance"
 *	proved		number and birth date were	ok, no_match, no_proof, young, in_use, ...
 *	sent		a code went to a gateway	a verdict of courier; "sms kannel"
 *			or did not, because of that	no_proof, directory; limit: a budget, "halted"
 *			likewise a second one		... "second", "second account", "second mail"
 *	code		a code was typed		right, wrong, too_many, expired; "second, 3 left"
 *	reset		a password was to be set	ok, a rule, unknown, ...
 *	activated	likewise, its first
 *	unlocked	an account was to be unlocked	ok, unknown, ...
 *	left		the person cancelled		ok
 *	erased		an admin had a key dropped	ok
 *	pardoned	or what was spent forgotten	ok
 *	halted		or stopped something		what; see word_halt
 *	resumed		and let it go on		likewise
 *	restored	and put a copy in its place	ok
 *	notice		they were told of it		a verdict of courier, no_way; "mail exim"
 *
 * Where a password was set, or an account unlocked, or perhaps, the detail says by which
 * proofs: "mobile birthdate + sms", and "+ mail" where a second code went.
 */
#include "keeper/audit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "keeper/keeper.h"
#include "keeper/settings.h"
#include "keeper/wish.h"

/* Enough of a mac, in the log, to tell one from another. */
enum { LOG_MAC = 8 };

const struct piece audit_person = { "person", 6 };
static const struct piece tag_who = { "who", 3 }, tag_addr = { "addr", 4 };

/* ---- Keys of people --------------------------------------------------------------- */

long
audit_unseal(struct piece tag, const void *box, size_t len, void *plain, size_t size)
{
	long n = seal_open(settings.audit_key, tag, box, len, plain, size);

	return n == -1 && settings.audit_key_before != NULL ?
	    seal_open(settings.audit_key_before, tag, box, len, plain, size) : n;
}

bool
audit_seal_anew(struct piece tag, struct sealed *box)
{
	struct key key;
	bool old = settings.audit_key_before != NULL && seal_open(settings.audit_key_before, tag,
	    box->data, box->len, key.byte, KEY_SIZE) == KEY_SIZE;

	if (old)
		box->len = seal_close(settings.audit_key, tag, key.byte, KEY_SIZE, box->data,
		    sizeof box->data);
	key_wipe(&key);
	return old;
}

static bool
read_key(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct key *key)
{
	struct sealed box;

	return store_get_person(k->store, account, &box) &&
	    audit_unseal(audit_person, box.data, box.len, key->byte, KEY_SIZE) == KEY_SIZE;
}

static void
make_key(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct key *key)
{
	struct sealed box;

	seal_random(key->byte, KEY_SIZE);
	box.len = seal_close(settings.audit_key, audit_person, key->byte, KEY_SIZE, box.data,
	    sizeof box.data);
	store_put_person(k->store, account, &box);
}

void
audit_nobody(int64_t at, int months, unsigned char account[ACCOUNT_SIZE])
{
	time_t t = (time_t)at;
	struct tm tm = { 0 };
	int month;

	gmtime_r(&t, &tm);
	month = tm.tm_year * 12 + tm.tm_mon - months;
	memset(account, 0, ACCOUNT_SIZE);
	for (int i = 0; i < 4; i++)
		account[ACCOUNT_SIZE - 1 - i] = (unsigned char)(month >> (8 * i) & 0xff);
}

void
audit_who(struct keeper *k, const unsigned char *account, const struct secret *name,
    struct sealed *who)
{
	unsigned char whose[ACCOUNT_SIZE];
	struct key key;

	if (account != NULL)
		memcpy(whose, account, sizeof whose);
	else
		audit_nobody(clock_now(), 0, whose);
	if (!read_key(k, whose, &key))
		make_key(k, whose, &key);
	who->len = seal_close(&key, tag_who, name->text, name->len, who->data, sizeof who->data);
	key_wipe(&key);
}

/* Write what is in ${box} to ${out}; false, and "", if ${key} does not open it. */
static bool
unseal(const struct key *key, struct piece tag, const struct sealed *box, char *out, size_t size)
{
	long n = seal_open(key, tag, box->data, box->len, out, size - 1);

	out[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

/*
 * The key that opens ${row->who}, which is written to ${who}: the account's own, or, for
 * nobodies, that of the month, also where the way began in the month before.  Whoever has
 * been erased may have a new key: it opens nothing of before.
 */
static bool
key_of(struct keeper *k, const struct audit_row *row, char who[NAME_LONGEST + 1], struct key *key)
{
	unsigned char whose[ACCOUNT_SIZE];

	if (read_key(k, row->account, key) && unseal(key, tag_who, &row->who, who, NAME_LONGEST + 1))
		return true;
	for (int months = 0; months <= 1; months++) {
		audit_nobody(row->at, months, whose);
		if (read_key(k, whose, key) &&
		    unseal(key, tag_who, &row->who, who, NAME_LONGEST + 1))
			return true;
	}
	who[0] = '\0';
	return false;
}

/* ---- Rows ---------------------------------------------------------------------------- */

/* Link ${row} to the others, and tell the log, which may be kept where nobody can change it. */
static void
add(struct keeper *k, struct audit_row *row)
{
	char mac[2 * LOG_MAC + 1];

	chain_add(k, row);
	text_hex(mac, row->mac, LOG_MAC);
	log_event(row->what, row->outcome, "%s: %s%s%s (row %lld %s)", row->what, row->outcome,
	    row->detail[0] != '\0' ? ", " : "", row->detail, (long long)row->number, mac);
}

void
audit_add_detail(struct keeper *k, const struct flow *f, const char *what, const char *outcome,
    const char *detail, const char *addr)
{
	struct audit_row row = { .at = clock_now(), .who = f->who };
	char who[NAME_LONGEST + 1];
	struct key key;

	snprintf(row.what, sizeof row.what, "%s", what);
	snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
	snprintf(row.detail, sizeof row.detail, "%s", detail);
	memcpy(row.account, f->account, sizeof row.account);
	/* The same for all rows of a flow, whatever its name is by now. */
	row.flow = f->reference;
	/* Whoever is erased on the way has no key any more, and no address either. */
	if (key_of(k, &row, who, &key))
		row.addr.len = seal_close(&key, tag_addr, addr, strlen(addr), row.addr.data,
		    sizeof row.addr.data);
	explicit_bzero(who, sizeof who);
	key_wipe(&key);
	add(k, &row);
}

void
audit_add(struct keeper *k, const struct flow *f, const char *what, const char *outcome,
    const char *addr)
{
	audit_add_detail(k, f, what, outcome, "", addr);
}

/* The words of those bits, one behind the other. */
static void
name_bits(unsigned int bits, const char *const *words, int count, const char *between, char *out,
    size_t size)
{
	const char *first = out[0] != '\0' ? " + " : "";

	for (int i = 0; i < count; i++) {
		size_t n = strlen(out);

		if ((bits & 1U << i) == 0)
			continue;
		snprintf(out + n, size - n, "%s%s", first, words[i]);
		first = between;
	}
}

/* "mobile birthdate + sms + mail": what was compared, then which way each code went. */
static void
name_proofs(const struct flow *f, char *out, size_t size)
{
	out[0] = '\0';
	name_bits(f->proved, word_field, FIELD__COUNT, " ", out, size);
	name_bits(f->carried_before, word_channel, CHANNEL__COUNT, "/", out, size);
	name_bits(f->carried, word_channel, CHANNEL__COUNT, "/", out, size);
}

void
audit_add_change(struct keeper *k, const struct flow *f, const char *outcome, const char *addr)
{
	char by[sizeof ((struct audit_row *)0)->detail];

	name_proofs(f, by, sizeof by);
	audit_add_detail(k, f, wish_rows[f->wish].audit, outcome, by, addr);
}

void
audit_add_admin(struct keeper *k, const char *what, const char *outcome,
    const unsigned char *account)
{
	struct audit_row row = { .at = clock_now() };

	snprintf(row.what, sizeof row.what, "%s", what);
	snprintf(row.outcome, sizeof row.outcome, "%s", outcome);
	if (account != NULL)
		memcpy(row.account, account, sizeof row.account);
	add(k, &row);
}

bool
audit_erase(struct keeper *k, const unsigned char account[ACCOUNT_SIZE])
{
	if (!store_drop_person(k->store, account))
		return false;
	audit_add_admin(k, "erased", "ok", account);
	return true;
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
	out->generation = row->generation;
	memcpy(out->mac, row->mac, sizeof out->mac);
	if (key_of(k, row, out->who, &key))
		unseal(&key, tag_addr, &row->addr, out->addr, sizeof out->addr);
	key_wipe(&key);
}
