#include "keeper/code.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/text.h"
#include "wire/buf.h"

/*
 * An opening: when, journey, wish, random bytes, language; then its MAC.  Each name of a flow
 * begins with when it was opened, and so does the handle: in their order flows of one moment
 * lie beside each other, and a write touches few pages of a store that holds a million.
 */
enum {
	WHEN_SIZE = 4, HEAD_SIZE = 6, HEAD_TEXT = HEAD_SIZE / 3 * 4, SALT_SIZE = 12, FACTS_SIZE = 6,
	BODY_SIZE = SALT_SIZE + FACTS_SIZE + LANG_LONGEST,
	MAC_SIZE = 16, NEXT_SIZE = 24
};
_Static_assert((BODY_SIZE + MAC_SIZE) % 3 == 0, "base 64 without padding");
_Static_assert((BODY_SIZE + MAC_SIZE) / 3 * 4 <= FLOW_LONGEST, "an opening is a flow's name");

/* Base 64 with the two letters that an address, a cookie and JSON leave alone. */
static void
to_text(const unsigned char *data, size_t len, char name[FLOW_LONGEST + 1])
{
	EVP_EncodeBlock((unsigned char *)name, data, (int)len);
	for (char *p = name; *p != '\0'; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
}

static int
from_text(const char *name, unsigned char *data, size_t len)
{
	char copy[FLOW_LONGEST + 1];

	if (strlen(name) != len / 3 * 4)
		return -1;
	snprintf(copy, sizeof copy, "%s", name);
	for (char *p = copy; *p != '\0'; p++) {
		if (*p == '+' || *p == '/' || *p == '=')
			return -1;
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	}
	return EVP_DecodeBlock(data, (unsigned char *)copy, (int)(len / 3 * 4)) == (int)len ? 0 : -1;
}

/* One key, several uses: each has its word in front. */
static void
keyed(const struct key *key, const char *use, const void *data, size_t len,
    unsigned char out[HASH_SIZE])
{
	seal_hmac(key, (struct piece[]){ { use, strlen(use) }, { data, len } }, 2, out);
}

void
code_open(const struct key *key, const struct opening *o, char name[FLOW_LONGEST + 1])
{
	unsigned char all[BODY_SIZE + MAC_SIZE] = { 0 }, mac[HASH_SIZE];
	struct buf b;

	seal_random(all + FACTS_SIZE, SALT_SIZE);
	buf_on(&b, all, FACTS_SIZE);
	buf_put_u32(&b, (uint32_t)o->at);
	buf_put_u8(&b, o->journey);
	buf_put_u8(&b, o->wish);
	memcpy(all + SALT_SIZE + FACTS_SIZE, o->lang, strlen(o->lang));
	keyed(key, "open", all, BODY_SIZE, mac);
	memcpy(all + BODY_SIZE, mac, MAC_SIZE);
	to_text(all, sizeof all, name);
}

int
code_opened(const struct key *key, const char *name, struct opening *o)
{
	unsigned char all[BODY_SIZE + MAC_SIZE + 2], mac[HASH_SIZE];
	struct buf b;

	if (from_text(name, all, BODY_SIZE + MAC_SIZE) == -1)
		return -1;
	keyed(key, "open", all, BODY_SIZE, mac);
	if (CRYPTO_memcmp(mac, all + BODY_SIZE, MAC_SIZE) != 0)
		return -1;
	buf_on(&b, all, FACTS_SIZE);
	o->at = buf_get_u32(&b);
	o->journey = (enum journey)buf_get_u8(&b, JOURNEY__COUNT - 1);
	o->wish = (enum wish)buf_get_u8(&b, WISH__COUNT - 1);
	memcpy(o->lang, all + SALT_SIZE + FACTS_SIZE, LANG_LONGEST);
	o->lang[LANG_LONGEST] = '\0';
	return buf_done(&b) ? 0 : -1;
}

void
code_next_name(const struct key *key, const struct handle *h, char name[FLOW_LONGEST + 1])
{
	unsigned char mac[HASH_SIZE], all[NEXT_SIZE];

	keyed(key, "next", h->byte, HANDLE_SIZE, mac);
	memcpy(all, h->byte, WHEN_SIZE);
	memcpy(all + WHEN_SIZE, mac, NEXT_SIZE - WHEN_SIZE);
	to_text(all, NEXT_SIZE, name);
}

void
code_handle(const char *name, struct handle *h)
{
	unsigned char hash[HASH_SIZE], head[HEAD_SIZE] = { 0 };
	char first[HEAD_TEXT + 1];

	seal_hash(name, strlen(name), hash);
	/* What is no name of ours has a handle too, at which nothing is found. */
	snprintf(first, sizeof first, "%.*s", HEAD_TEXT, name);
	from_text(first, head, HEAD_SIZE);
	memcpy(h->byte, head, WHEN_SIZE);
	memcpy(h->byte + WHEN_SIZE, hash, HANDLE_SIZE - WHEN_SIZE);
}

void
code_reference(const struct key *key, const struct handle *h, struct reference *r)
{
	unsigned char mac[HASH_SIZE];

	keyed(key, "reference", h->byte, HANDLE_SIZE, mac);
	memcpy(r->byte, mac, sizeof r->byte);
}

void
code_challenge(const struct key *key, const struct handle *h, char challenge[CHALLENGE_LONGEST + 1])
{
	unsigned char mac[HASH_SIZE];

	keyed(key, "price", h->byte, HANDLE_SIZE, mac);
	text_hex(challenge, mac, CHALLENGE_LONGEST / 2);
}

/* A letter a byte; that some come a tenth oftener than others helps nobody. */
static void
pick(char *text, const char *from, const unsigned char *bytes, unsigned int length)
{
	for (unsigned int i = 0; i < length; i++)
		text[i] = from[bytes[i] % strlen(from)];
	text[length] = '\0';
}

void
code_riddle(const struct key *key, const struct handle *h, unsigned int n, unsigned int length,
    struct riddle *r)
{
	unsigned char which[HANDLE_SIZE + 2], mac[HASH_SIZE];

	memcpy(which, h->byte, HANDLE_SIZE);
	which[HANDLE_SIZE] = (unsigned char)n;
	which[HANDLE_SIZE + 1] = (unsigned char)length;
	keyed(key, "riddle", which, sizeof which, mac);
	pick(r->letters, RIDDLE_LETTERS, mac, length);
	pick(r->digits, RIDDLE_DIGITS, mac + HASH_SIZE / 2, length);
}

void
code_make(const struct key *key, const struct handle *h, struct secret *code)
{
	unsigned char mac[HASH_SIZE];
	uint64_t v = 0;

	keyed(key, "code", h->byte, HANDLE_SIZE, mac);
	/* 64 bits over 10^8 values: the bias is below one in 10^11. */
	for (size_t i = 0; i < 8; i++)
		v = v << 8 | mac[i];
	code->len = (size_t)snprintf(code->text, sizeof code->text, "%08llu",
	    (unsigned long long)(v % 100000000));
}

int
code_typed(const struct secret *typed, struct secret *code)
{
	code->len = 0;
	for (size_t i = 0; i < typed->len; i++) {
		unsigned char c = (unsigned char)typed->text[i];

		if (isdigit(c) && code->len < CODE_DIGITS)
			code->text[code->len++] = (char)c;
		else if (c != ' ' && c != '-' && c != '\t')
			return -1;
	}
	code->text[code->len] = '\0';
	return code->len == CODE_DIGITS ? 0 : -1;
}
