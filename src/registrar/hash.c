#include "registrar/hash.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/seal.h"
#include "registrar/account.h"
#include "registrar/settings.h"

static const char prefix[] = "{HMAC}";
static struct key *key;
static bool loaded;

int
hash_load(char *why, size_t size)
{
	if (key == NULL)
		key = secret_keep(sizeof *key);
	loaded = registrar.proof_key[0] != '\0' && key_load(key, registrar.proof_key, why, size) == 0;
	return loaded || registrar.proof_key[0] == '\0' ? 0 : -1;
}

bool
hash_is_one(const char *value)
{
	return strncmp(value, prefix, sizeof prefix - 1) == 0;
}

static void
write_base64url(const unsigned char hash[HASH_SIZE], char *out)
{
	EVP_EncodeBlock((unsigned char *)out, hash, HASH_SIZE);
	for (; *out != '\0' && *out != '='; out++)
		*out = *out == '+' ? '-' : *out == '/' ? '_' : *out;
	*out = '\0';
}

int
hash_make(const char *id, enum kind kind, const struct secret *plain, struct secret *out)
{
	char text[ID_LONGEST + 16 + SECRET_LONGEST + 1];
	unsigned char hash[HASH_SIZE];
	int len;

	memset(out, 0, sizeof *out);
	if (!loaded || kind == KIND_PHONE)
		return -1;
	len = snprintf(text, sizeof text, "%s%c%s%c%s", id, '\0', word_kind[kind], '\0', plain->text);
	seal_mac(key, text, (size_t)len, hash);
	memcpy(out->text, prefix, sizeof prefix);
	write_base64url(hash, out->text + sizeof prefix - 1);
	out->len = strlen(out->text);
	explicit_bzero(text, sizeof text);
	return 0;
}
