/* pairs.c - pieces that several messages hold. */
#include "wire/pairs.h"

void
put_ticket(struct buf *b, const struct ticket *t)
{
	buf_put_bytes(b, t->data, t->len);
}

void
get_ticket(struct buf *b, struct ticket *t)
{
	t->len = buf_get_bytes(b, t->data, sizeof t->data);
}

void
put_verdict(struct buf *b, enum verdict v)
{
	buf_put_u8(b, v);
}

enum verdict
get_verdict(struct buf *b)
{
	return (enum verdict)buf_get_u8(b, VERDICT__COUNT - 1);
}

void
get_fixed(struct buf *b, void *out, size_t size)
{
	if (buf_get_bytes(b, out, size) != size)
		b->bad = true;
}
