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

/* Its size is never in question, so no length stands in front. */
void
put_reference(struct buf *b, const struct reference *r)
{
	for (size_t i = 0; i < sizeof r->byte; i++)
		buf_put_u8(b, r->byte[i]);
}

void
get_reference(struct buf *b, struct reference *r)
{
	for (size_t i = 0; i < sizeof r->byte; i++)
		r->byte[i] = (unsigned char)buf_get_u8(b, UINT8_MAX);
}

void
put_terms(struct buf *b, unsigned int n, const char terms[][TERM_LONGEST + 1])
{
	buf_put_u8(b, n);
	for (unsigned int i = 0; i < n && i < TERMS_MOST; i++)
		buf_put_text(b, terms[i]);
}

unsigned int
get_terms(struct buf *b, char terms[][TERM_LONGEST + 1])
{
	unsigned int n = buf_get_u8(b, TERMS_MOST);

	for (unsigned int i = 0; i < n; i++)
		buf_get_text(b, terms[i], TERM_LONGEST + 1);
	return n;
}
