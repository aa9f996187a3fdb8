#include "base/secret.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/crypto.h>

#include "base/log.h"

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

/* ---- Kept for long ------------------------------------------------------------- */

enum { PLACES = 16, CHUNK_SIZE = PLACES * SECRET_KEPT };

/*
 * The places are mapped by themselves, so that nothing else shares their pages; a child
 * finds zeroes there, and still knows which are taken.
 */
struct chunk {
	struct chunk	*next;
	bool		 taken[PLACES];
	unsigned char	(*place)[SECRET_KEPT];
};

_Static_assert(sizeof(struct secret) <= SECRET_KEPT, "each secret fits");

static struct chunk *chunks;

static void
add_chunk(void)
{
	struct chunk *c = calloc(1, sizeof *c);
	void *places = mmap(NULL, CHUNK_SIZE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (c == NULL || places == MAP_FAILED || madvise(places, CHUNK_SIZE, MADV_DONTDUMP) == -1 ||
	    madvise(places, CHUNK_SIZE, MADV_WIPEONFORK) == -1)
		fatal("no memory for secrets");
	if (mlock(places, CHUNK_SIZE) == -1 && chunks == NULL)
		log_warn("keys and passwords may be swapped out: raise LimitMEMLOCK");
	c->place = places;
	c->next = chunks;
	chunks = c;
}

void *
secret_keep(size_t size)
{
	if (size > SECRET_KEPT)
		abort();
	for (struct chunk *c = chunks; c != NULL; c = c->next)
		for (size_t i = 0; i < PLACES; i++)
			if (!c->taken[i]) {
				c->taken[i] = true;
				return c->place[i];
			}
	add_chunk();
	return secret_keep(size);
}

void
secret_drop(void *place)
{
	for (struct chunk *c = chunks; c != NULL; c = c->next)
		for (size_t i = 0; i < PLACES; i++)
			if (c->place[i] == place) {
				explicit_bzero(place, SECRET_KEPT);
				c->taken[i] = false;
			}
}
