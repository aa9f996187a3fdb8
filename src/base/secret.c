#include "base/secret.h"

#include <openssl/crypto.h>
#include <string.h>

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
