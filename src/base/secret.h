/*
 * secret.h - a value that must not outlive its use.
 *
 * What people type, and what is sent to them, travels as a struct secret: fixed
 * storage, never printed, wiped by whoever holds it last.  What is freed on the heap is
 * wiped by itself (heap.c), so that libraries' copies end with it.
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
 * secret_keep(size):
 * A place for a secret that is kept for long: never swapped out, in no core dump, and
 * not passed on to children, which find zeroes there.  At most SECRET_KEPT bytes.  There
 * is always one, or the process ends; where the system lets too little memory be locked,
 * that is told once, and it may be swapped.
 */
enum { SECRET_KEPT = 1088 };
void *secret_keep(size_t);

/** secret_drop(place): wipe it, and give it back; NULL is allowed. */
void secret_drop(void *);

#endif
