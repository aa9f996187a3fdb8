/*
 * buf.h - a bounded buffer whose first mistake sticks.
 *
 * Write or read as many values as you like, then ask once whether all of it
 * fitted.  After a mistake writes do nothing and reads give zeros.  Numbers are
 * big-endian; text and bytes carry their length in front in two bytes.
 */
#ifndef WIRE_BUF_H
#define WIRE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

struct buf {
	unsigned char	*data;
	size_t		 size;	/* room (writing) or length (reading) */
	size_t		 at;
	bool		 bad;
};

/** buf_on(buf, data, size): write into, or read from, ${size} bytes at ${data}. */
void buf_on(struct buf *, void *, size_t);

void buf_put_u8(struct buf *, unsigned int);
void buf_put_u16(struct buf *, unsigned int);
void buf_put_u32(struct buf *, uint32_t);
void buf_put_i64(struct buf *, int64_t);
void buf_put_bytes(struct buf *, const void *, size_t);
void buf_put_text(struct buf *, const char *);
void buf_put_secret(struct buf *, const struct secret *);

/* Each reads one value no larger than ${most}; a larger one is a mistake. */
unsigned int buf_get_u8(struct buf *, unsigned int most);
unsigned int buf_get_u16(struct buf *, unsigned int most);
uint32_t buf_get_u32(struct buf *);
int64_t buf_get_i64(struct buf *);
bool buf_get_bool(struct buf *);

/** buf_get_bytes(buf, out, size): return how many bytes were there, at most ${size}. */
size_t buf_get_bytes(struct buf *, void *, size_t size);

/** buf_get_text(buf, out, size): text without NUL that fits ${size} with its end. */
void buf_get_text(struct buf *, char *, size_t size);

/** buf_get_plain(buf, out, size): likewise, and what may be shown to an admin as it is. */
void buf_get_plain(struct buf *, char *, size_t size);

void buf_get_secret(struct buf *, struct secret *);

/** buf_done(buf): true if no mistake was made and nothing is left over to read. */
bool buf_done(const struct buf *);

#endif
