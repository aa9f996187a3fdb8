/*
 * hash.h - proofs that the directory holds as keyed hashes.
 *
 * Whoever may read the directory then learns no birth dates.  A value is "{HMAC}"
 * and, in base64url without padding,
 *
 *	HMAC-SHA256(registrar.proof_key, id NUL kind NUL plain)
 *
 * where id is that of struct account, kind is "date" or "text", and plain is what
 * proof_plain makes of it: 1984-10-01.  Numbers cannot be held so: codes go there.
 */
#ifndef REGISTRAR_HASH_H
#define REGISTRAR_HASH_H

#include "base/secret.h"
#include "wire/word.h"

/** hash_load(why, size): read the key, if the settings name one; -1 with a sentence in ${why}. */
int hash_load(char *why, size_t size);

/** hash_is_one(value): it is a keyed hash. */
bool hash_is_one(const char *value);

/**
 * hash_make(id, kind, plain, out):
 * The value for that account.  Return 0, or -1 without a key, or for a kind that is
 * never held so; then ${out} is empty.
 */
int hash_make(const char *id, enum kind, const struct secret *plain, struct secret *out);

#endif
