/*
 * secret.h - a value that must not outlive its use.
 *
 * What people type, and what is sent to them, travels as a struct secret: fixed
 * storage, never printed, wiped by whoever holds it last.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* 256 UTF-16 units are at most 768 bytes of UTF-8; the rest is room for people's blanks. */
#define SECRET_LONGEST 1024

struct secret {
	size_t	len;
	char	text[SECRET_LONGEST + 1];	/* always ends with NUL */
};

/**
 * secret_set(secret, data, len):
 * Copy ${len} bytes into ${secret}.  Return 0, or -1 if they do not fit or
 * hold a NUL; then ${secret} is empty.
 */
int secret_set(struct secret *, const void *, size_t);

/** secret_copy(to, from): copy just the used part. */
void secret_copy(struct secret *, const struct secret *);

/** secret_equal(a, b): compare in a time that depends on the lengths alone. */
bool secret_equal(const struct secret *, const struct secret *);

/** secret_wipe(secret): overwrite it in a way that the compiler keeps. */
void secret_wipe(struct secret *);

/*
 * Memory for libraries that keep secrets on the heap: it is wiped when it is freed,
 * or moved.  Return NULL where malloc would; secret_free(NULL) is legal.
 */
void *secret_alloc(size_t);
void *secret_realloc(void *, size_t);
void secret_free(void *);

#endif
