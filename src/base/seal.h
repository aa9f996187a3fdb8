/*
 * seal.h - keys, keyed hashes and sealed boxes.
 *
 * A key is 32 bytes, kept in a file of 64 hexadecimal digits that only its owner
 * and group may read.  A relative path is looked up in $CREDENTIALS_DIRECTORY where systemd
 * provides one.
 */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

enum { KEY_SIZE = 32, HASH_SIZE = 32, SEAL_EXTRA = 12 + 16 };

struct key {
	unsigned char	byte[KEY_SIZE];
};

/* One piece of what is hashed.  Pieces are framed: ("ab","c") differs from ("a","bc"). */
struct piece {
	const void	*data;
	size_t		 len;
};

/**
 * key_load(key, path, why, size):
 * Read the key at ${path}.  Return 0, or -1 with a sentence for the admin in
 * ${why} that names the file and what mends it.
 */
int key_load(struct key *, const char *path, char *why, size_t size);

/**
 * key_load_two(key, before, path, why, size):
 * Likewise, and the key of before, if there is a second line.  Return how many there are.
 */
int key_load_two(struct key *, struct key *before, const char *path, char *why, size_t size);

/** key_id(key): tells one from another, and nothing else of it. */
uint32_t key_id(const struct key *);

/** secret_load(secret, path, why, size): likewise, the first line of a file. */
int secret_load(struct secret *, const char *path, char *why, size_t size);

/** seal_path(path, out, size): where a file of a key, or of a certificate, is looked up. */
void seal_path(const char *path, char *out, size_t size);

/** seal_file(path, why, size): likewise open it, for a key of another shape; a descriptor, or -1. */
int seal_file(const char *path, char *why, size_t size);

/** key_wipe(key): overwrite it. */
void key_wipe(struct key *);

/** seal_random(out, len): fill with random bytes; the kernel's, or the process ends. */
void seal_random(void *, size_t);

/** seal_hmac(key, pieces, n, out): HMAC-SHA256 over the framed pieces. */
void seal_hmac(const struct key *, const struct piece *, size_t n, unsigned char out[HASH_SIZE]);

/** seal_mac(key, data, len, out): HMAC-SHA256 over just these bytes, as others make it too. */
void seal_mac(const struct key *, const void *, size_t, unsigned char out[HASH_SIZE]);

/** seal_hash(data, len, out): plain SHA-256. */
void seal_hash(const void *, size_t, unsigned char out[HASH_SIZE]);

/**
 * seal_close(key, tag, plain, len, box, size):
 * Seal ${len} bytes with AES-256-GCM; ${tag} says what for, and must be the same
 * when it is opened.  Return the length, ${len} + SEAL_EXTRA, or 0 if ${size} is
 * too small.
 */
size_t seal_close(const struct key *, struct piece tag, const void *plain, size_t len, void *box,
    size_t size);

/**
 * seal_open(key, tag, box, len, plain, size):
 * Return the length of what was inside, or -1 if it was not sealed with ${key}
 * for ${tag}, or does not fit.
 */
long seal_open(const struct key *, struct piece tag, const void *box, size_t len, void *plain,
    size_t size);

#endif
