#include "wire/buf.h"

#include <string.h>

#include "base/text.h"

void
buf_on(struct buf *b, void *data, size_t size)
{
	*b = (struct buf){ .data = data, .size = size };
}

/* The next ${n} bytes, or NULL once anything went wrong. */
static unsigned char *
take(struct buf *b, size_t n)
{
	if (b->bad || b->size - b->at < n) {
		b->bad = true;
		return NULL;
	}
	b->at += n;
	return b->data + b->at - n;
}

static void
put(struct buf *b, uint64_t v, size_t n)
{
	unsigned char *p = take(b, n);

	for (size_t i = 0; p != NULL && i < n; i++)
		p[i] = (unsigned char)(v >> 8 * (n - 1 - i));
}

static uint64_t
get(struct buf *b, size_t n)
{
	const unsigned char *p = take(b, n);
	uint64_t v = 0;

	for (size_t i = 0; p != NULL && i < n; i++)
		v = v << 8 | p[i];
	return v;
}

static unsigned int
ranged(struct buf *b, size_t n, unsigned int most)
{
	uint64_t v = get(b, n);

	if (v > most)
		b->bad = true;
	return b->bad ? 0 : (unsigned int)v;
}

void
buf_put_u8(struct buf *b, unsigned int v)
{
	if (v > UINT8_MAX)
		b->bad = true;
	put(b, v, 1);
}

void
buf_put_u16(struct buf *b, unsigned int v)
{
	if (v > UINT16_MAX)
		b->bad = true;
	put(b, v, 2);
}

void
buf_put_u32(struct buf *b, uint32_t v)
{
	put(b, v, 4);
}

void
buf_put_i64(struct buf *b, int64_t v)
{
	put(b, (uint64_t)v, 8);
}

void
buf_put_bytes(struct buf *b, const void *data, size_t len)
{
	unsigned char *p;

	buf_put_u16(b, len > UINT16_MAX ? UINT16_MAX + 1U : (unsigned int)len);
	if ((p = take(b, len)) != NULL && len > 0)
		memcpy(p, data, len);
}

void
buf_put_text(struct buf *b, const char *text)
{
	buf_put_bytes(b, text, strlen(text));
}

void
buf_put_secret(struct buf *b, const struct secret *s)
{
	buf_put_bytes(b, s->text, s->len);
}

unsigned int
buf_get_u8(struct buf *b, unsigned int most)
{
	return ranged(b, 1, most);
}

unsigned int
buf_get_u16(struct buf *b, unsigned int most)
{
	return ranged(b, 2, most);
}

uint32_t
buf_get_u32(struct buf *b)
{
	return (uint32_t)get(b, 4);
}

int64_t
buf_get_i64(struct buf *b)
{
	return (int64_t)get(b, 8);
}

bool
buf_get_bool(struct buf *b)
{
	return ranged(b, 1, 1) == 1;
}

size_t
buf_get_bytes(struct buf *b, void *out, size_t size)
{
	size_t len = ranged(b, 2, size > UINT16_MAX ? UINT16_MAX : (unsigned int)size);
	const unsigned char *p = take(b, len);

	if (p == NULL)
		return 0;
	if (len > 0)
		memcpy(out, p, len);
	return len;
}

void
buf_get_text(struct buf *b, char *out, size_t size)
{
	size_t len = buf_get_bytes(b, out, size - 1);

	if (memchr(out, '\0', len) != NULL) {
		b->bad = true;
		len = 0;
	}
	out[len] = '\0';
}

void
buf_get_plain(struct buf *b, char *out, size_t size)
{
	buf_get_text(b, out, size);
	if (!text_plain(out)) {
		b->bad = true;
		out[0] = '\0';
	}
}

void
buf_get_secret(struct buf *b, struct secret *s)
{
	buf_get_text(b, s->text, sizeof s->text);
	s->len = b->bad ? 0 : strlen(s->text);
}

bool
buf_done(const struct buf *b)
{
	return !b->bad && b->at == b->size;
}
