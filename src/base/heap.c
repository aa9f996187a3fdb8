/*
 * heap.c - whatever is freed is wiped, by whichever library.
 *
 * These take the place of libc's for the whole process.  What people type passes through
 * many hands: libevent, jansson, libldap and the TLS below it, libcurl.  Each copies it,
 * and not all can be told how to free.  So that no list of them has to be kept, and
 * none can be forgotten, memory forgets by itself.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Sanitizers have a heap of their own, and look at what is freed.  GCC and Clang say so otherwise. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer))
#else
#define SANITIZED 0
#endif

#if defined(__GLIBC__) && !SANITIZED

void __libc_free(void *);	/* NOLINT(bugprone-reserved-identifier,cert-dcl37-c) */

void
free(void *p)
{
	int saved = errno;

	if (p == NULL)
		return;
	explicit_bzero(p, malloc_usable_size(p));
	__libc_free(p);
	errno = saved;
}

/* Moved by hand: libc's own would leave the old place as it was. */
void *
realloc(void *p, size_t size)
{
	size_t old = p == NULL ? 0 : malloc_usable_size(p);
	void *q;

	if (p != NULL && size == 0) {
		free(p);
		return NULL;
	}
	/* One that shrinks a little stays where it is. */
	if (size <= old && size > old / 2) {
		explicit_bzero((char *)p + size, old - size);
		return p;
	}
	if ((q = malloc(size)) == NULL || p == NULL)
		return q;
	memcpy(q, p, old < size ? old : size);
	free(p);
	return q;
}

void *
reallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size) {
		errno = ENOMEM;
		return NULL;
	}
	/* The one above knows what nothing is.  NOLINTNEXTLINE(*-portability.UnixAPI) */
	return realloc(p, n * size);
}

#endif
