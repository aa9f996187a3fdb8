#include "registrar/proof.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base/address.h"
#include "base/birthdate.h"
#include "base/log.h"
#include "base/phone.h"
#include "base/text.h"
#include "registrar/hash.h"
#include "registrar/settings.h"
#include "wire/house.h"

static int
plain_phone(const char *text, char *out, size_t size)
{
	return phone_read(text, house.country, out, size);
}

static int
plain_date(const char *text, char *out, size_t size)
{
	struct birthdate d;

	if (birthdate_read(text, &d) == -1)
		return -1;
	snprintf(out, size, "%04d-%02d-%02d", d.year, d.month, d.day);
	explicit_bzero(&d, sizeof d);
	return 0;
}

/* Case and the number of blanks are no difference. */
static int
plain_text(const char *text, char *out, size_t size)
{
	char *to = out;

	if (text_fold(out, size, text) == -1)
		return -1;
	for (const char *p = out; *p != '\0'; p++)
		if (*p != ' ' || (to > out && to[-1] != ' '))
			*to++ = *p;
	if (to > out && to[-1] == ' ')
		to--;
	*to = '\0';
	return to > out ? 0 : -1;
}

int
proof_plain(enum kind kind, const char *text, struct secret *out)
{
	static int (*const plain[KIND__COUNT])(const char *, char *, size_t) = {
		[KIND_TEXT] = plain_text, [KIND_PHONE] = plain_phone, [KIND_DATE] = plain_date,
	};

	memset(out, 0, sizeof *out);
	if (plain[kind](text, out->text, sizeof out->text) == -1) {
		secret_wipe(out);
		return -1;
	}
	out->len = strlen(out->text);
	return 0;
}

static enum verdict
read_proofs(struct dir *d, const char *id, struct dir_entry **e)
{
	const char *attributes[PROOFS_MOST + 1];

	for (size_t i = 0; i < house.n_proofs; i++)
		attributes[i] = house.proofs[i].attribute;
	attributes[house.n_proofs] = NULL;
	return account_entry(d, id, attributes, e);
}

static void
typed_plain(const struct proof *p, const struct msg_match *asked, struct secret *out)
{
	memset(out, 0, sizeof *out);
	for (unsigned int i = 0; i < asked->n_values; i++)
		if (asked->values[i].field == house_field(p))
			proof_plain(house_kind(p), asked->values[i].value.text, out);
}

/* One value, which can be read or not. */
static bool
compare_plain(const struct proof *p, const char *value, const struct secret *typed, bool *same)
{
	struct secret held;
	bool good = proof_plain(house_kind(p), value, &held) == 0;

	*same = secret_equal(&held, typed);
	secret_wipe(&held);
	return good;
}

/* Likewise; nothing typed has a hash too, and is nobody's proof. */
static bool
compare_hash(const char *id, const struct proof *p, const char *value,
    const struct secret *typed, bool *same)
{
	struct secret held, hashed;
	bool good = hash_make(id, house_kind(p), typed, &hashed) == 0;

	if (secret_set(&held, value, strlen(value)) == -1)
		good = false;
	*same = (typed->len > 0) & secret_equal(&held, &hashed);
	secret_wipe(&hashed);
	return good;
}

/* One proof: NO_PROOF, NO_MATCH or OK. */
static enum verdict
compare(const struct dir_entry *e, const char *id, const struct proof *p,
    const struct secret *typed)
{
	bool readable = false, matched = false, same;
	const char *v;

	for (size_t i = 0; (v = dir_value(e, p->attribute, i)) != NULL; i++) {
		bool good = hash_is_one(v) ? compare_hash(id, p, v, typed, &same) :
		    compare_plain(p, v, typed, &same);

		readable |= good;
		matched |= good & same;
		if (!good)
			log_warnx("%s: a value of %s %s", id, p->attribute, !hash_is_one(v) ?
			    "is written in a way that is not understood" :
			    house_kind(p) == KIND_PHONE ? "is hashed, so no code can be sent to it" :
			    "is hashed, and registrar.proof_key is not set");
	}
	return !readable ? VERDICT_NO_PROOF : matched ? VERDICT_OK : VERDICT_NO_MATCH;
}

static void
note_number(const char *id, const struct proof *p, const struct secret *typed,
    struct proof_number *out)
{
	char whose[ID_LONGEST + 1 + SECRET_LONGEST + 1];

	snprintf(whose, sizeof whose, "%s %s", id, typed->text);
	ticket_hash("way", typed->text, out->way);
	ticket_hash("number", whose, out->hash);
	out->attribute = p->attribute;
	explicit_bzero(whose, sizeof whose);
}

enum verdict
proof_match(struct dir *d, const char *id, const struct msg_match *asked,
    struct proof_number *number)
{
	bool missing = false, wrong = false;
	struct dir_entry *e = NULL;
	enum verdict v = read_proofs(d, id, &e);

	memset(number, 0, sizeof *number);
	for (size_t i = 0; v == VERDICT_OK && i < house.n_proofs; i++) {
		const struct proof *p = &house.proofs[i];
		struct secret typed;
		enum verdict one;

		typed_plain(p, asked, &typed);
		one = compare(e, id, p, &typed);
		missing |= one == VERDICT_NO_PROOF;
		wrong |= one != VERDICT_OK;
		if (house_kind(p) == KIND_PHONE)
			note_number(id, p, &typed, number);
		secret_wipe(&typed);
	}
	dir_entry_free(e);
	if (v != VERDICT_OK)
		return v;
	return missing ? VERDICT_NO_PROOF : wrong ? VERDICT_NO_MATCH : VERDICT_OK;
}

/* A way more, unless it is one that is there already. */
static void
add_way(struct msg_ways *out, enum channel channel, const char *address, bool matched)
{
	for (unsigned int i = 0; i < out->n_ways; i++)
		if (strcmp(out->ways[i].address, address) == 0)
			return;
	if (out->n_ways == WAYS_MOST || strlen(address) > ADDRESS_LONGEST)
		return;
	out->ways[out->n_ways].channel = channel;
	out->ways[out->n_ways].matched = matched;
	memcpy(out->ways[out->n_ways++].address, address, strlen(address) + 1);
}

/* The first number of ${attribute} whose hash is ${way}, or, if that is NULL, that can be read. */
static void
add_number(const struct dir_entry *e, const char *attribute, const unsigned char *way,
    struct msg_ways *out)
{
	unsigned char hash[WAY_SIZE];
	unsigned int before = out->n_ways;
	struct secret held;
	const char *v;

	for (size_t i = 0; out->n_ways == before && (v = dir_value(e, attribute, i)) != NULL; i++) {
		if (proof_plain(KIND_PHONE, v, &held) == -1)
			continue;
		ticket_hash("way", held.text, hash);
		if (way == NULL || CRYPTO_memcmp(hash, way, WAY_SIZE) == 0)
			add_way(out, CHANNEL_SMS, held.text, way != NULL);
		secret_wipe(&held);
	}
}

/* The first address that a letter can be sent to. */
static void
add_mail(const struct dir_entry *e, struct msg_ways *out)
{
	const char *v;

	for (size_t i = 0; (v = dir_value(e, registrar.directory.mail_attribute, i)) != NULL; i++) {
		if (address_is_mail(v)) {
			add_way(out, CHANNEL_MAIL, v, false);
			return;
		}
	}
}

static enum verdict
read_ways(struct dir *d, const char *id, struct dir_entry **e)
{
	const struct directory *s = &registrar.directory;
	const char *attributes[PROOFS_MOST + NUMBERS_MOST + 2];
	size_t n = 0;

	for (size_t i = 0; i < house.n_proofs; i++)
		if (house_kind(&house.proofs[i]) == KIND_PHONE)
			attributes[n++] = house.proofs[i].attribute;
	for (size_t i = 0; i < s->n_other_numbers; i++)
		attributes[n++] = s->other_numbers[i];
	if (s->mail_attribute[0] != '\0')
		attributes[n++] = s->mail_attribute;
	attributes[n] = NULL;
	return account_entry(d, id, attributes, e);
}

enum verdict
proof_ways(struct dir *d, const char *id, const unsigned char way[WAY_SIZE], struct msg_ways *out)
{
	const struct directory *s = &registrar.directory;
	struct dir_entry *e = NULL;
	enum verdict v = read_ways(d, id, &e);

	for (size_t i = 0; v == VERDICT_OK && i < house.n_proofs && out->n_ways == 0; i++)
		if (house_kind(&house.proofs[i]) == KIND_PHONE)
			add_number(e, house.proofs[i].attribute, way, out);
	/* Whoever no longer has the number that was matched is not who was let in by it. */
	if (v == VERDICT_OK && out->n_ways == 0)
		v = VERDICT_NO_PROOF;
	if (v == VERDICT_OK && s->mail_attribute[0] != '\0')
		add_mail(e, out);
	for (size_t i = 0; v == VERDICT_OK && i < s->n_other_numbers; i++)
		add_number(e, s->other_numbers[i], NULL, out);
	dir_entry_free(e);
	return v;
}
