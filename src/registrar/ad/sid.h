/*
 * sid.h - the names that Windows gives to users and groups for ever: [MS-DTYP] 2.4.2.
 */
#ifndef REGISTRAR_SID_H
#define REGISTRAR_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SID_PARTS_MOST = 15, SID_TEXT = 20 + 11 * SID_PARTS_MOST };

struct sid {
	uint64_t	authority;
	size_t		n;
	uint32_t	part[SID_PARTS_MOST];	/* the last of them is the RID */
};

/** sid_read(octets, len, sid): as attributes hold it.  Return 0, or -1 if it is none. */
int sid_read(const void *, size_t, struct sid *);

/** sid_equal(a, b) */
bool sid_equal(const struct sid *, const struct sid *);

/** sid_rid(sid): the last part of it. */
uint32_t sid_rid(const struct sid *);

/** sid_sibling(sid, rid): of the same domain, with this RID. */
struct sid sid_sibling(const struct sid *, uint32_t rid);

/**
 * sid_powerful(sid):
 * A group whose members Windows itself guards ([MS-ADTS] 3.1.1.6.1.2), in whichever
 * domain, or one like it.
 */
bool sid_powerful(const struct sid *);

/** sid_text(sid, out): S-1-..., into room for SID_TEXT characters. */
void sid_text(const struct sid *, char out[SID_TEXT]);

#endif
