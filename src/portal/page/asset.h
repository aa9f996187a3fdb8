/*
 * asset.h - style, script, logo: files that are the same for everybody.
 *
 * Read at start, and again with the settings.  The address that pages use holds a hash
 * of the content, so that browsers may keep it for ever and still see a new one at once.
 * They alone are packed: no secret is in them that their length could tell.
 */
#ifndef PORTAL_ASSET_H
#define PORTAL_ASSET_H

#include <stddef.h>

struct asset {
	char		 name[64];
	const char	*type;		/* Content-Type */
	char		 tag[20];	/* quoted, as in ETag */
	char		 url[112];
	char		*data;
	size_t		 len;
	unsigned char	*packed;	/* by gzip; NULL where that saves next to nothing */
	size_t		 packed_len;
};

/** asset_start(): read them all.  Return 0, or -1 with faults told and those of before. */
int asset_start(void);

/** asset_find(name): the file of that name, or NULL. */
const struct asset *asset_find(const char *name);

/** asset_at(i): the file at place ${i}, or NULL behind the last. */
const struct asset *asset_at(size_t);

/** asset_url(name): the address for pages; "" if there is no such file. */
const char *asset_url(const char *name);

#endif
