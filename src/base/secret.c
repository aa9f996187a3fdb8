#include "base/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

int
secret_set(struct secret *s, const void *data, size_t len)
{
	if (len > SECRET_LONGEST || memchr(data, '\0', len) != NULL) {
		s->len = 0;
		s->text[0] = '\0';
		return -1;
	}
	memcpy(s->text, data, len);
	s->text[len] = '\0';
	s->len = len;
	return 0;
}

void
secret_copy(struct secret *to, const struct secret *from)
{
	memcpy(to->text, from->text, from->len + 1);
	to->len = from->len;
}

bool
secret_equal(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && CRYPTO_memcmp(a->text, b->text, a->len) == 0;
}

void
secret_wipe(struct secret *s)
{
	explicit_bzero(s, sizeof *s);
}

/* The size stands in front, in a place that keeps what follows aligned for anything. */
union block {
	size_t		size;
	max_align_t	align;
};

void *
secret_alloc(size_t size)
{
	union block *b = size > SIZE_MAX - sizeof *b ? NULL : malloc(sizeof *b + size);

	if (b == NULL)
		return NULL;
	b->size = size;
	return b + 1;
}

void *
secret_realloc(void *p, size_t size)
{
	size_t old = p == NULL ? 0 : ((union block *)p - 1)->size;
	void *q = secret_alloc(size);

	if (q == NULL || p == NULL)
		return q;
	memcpy(q, p, old < size ? old : size);
	secret_free(p);
	return q;
}

void
secret_free(void *p)
{
	union block *b = p;

	if (b == NULL)
		return;
	b--;
	explicit_bzero(b + 1, b->size);
	free(b);
}
