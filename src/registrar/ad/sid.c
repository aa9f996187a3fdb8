#include "registrar/ad/sid.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/octets.h"

enum {
	HEADER = 8, REVISION = 1,
	AUTHORITY_NT = 5, BUILTIN = 32, DOMAIN = 21
};

int
sid_read(const void *octets, size_t len, struct sid *s)
{
	const unsigned char *p = octets;

	memset(s, 0, sizeof *s);
	if (len < HEADER || p[0] != REVISION || p[1] == 0 || p[1] > SID_PARTS_MOST ||
	    len != HEADER + 4U * p[1])
		return -1;
	s->n = p[1];
	/* The authority is the one number here that is written from its high end. */
	for (int i = 2; i < HEADER; i++)
		s->authority = s->authority << 8 | p[i];
	for (size_t i = 0; i < s->n; i++)
		s->part[i] = (uint32_t)octets_little(p + HEADER + 4 * i, 4);
	return 0;
}

bool
sid_equal(const struct sid *a, const struct sid *b)
{
	return a->authority == b->authority && a->n == b->n &&
	    memcmp(a->part, b->part, a->n * sizeof a->part[0]) == 0;
}

uint32_t
sid_rid(const struct sid *s)
{
	return s->part[s->n - 1];
}

struct sid
sid_sibling(const struct sid *s, uint32_t rid)
{
	struct sid sibling = *s;

	sibling.part[sibling.n - 1] = rid;
	return sibling;
}

static const struct {
	uint32_t	kind, rid;
} powerful[] = {
	{ BUILTIN, 544 },	/* Administrators */
	{ BUILTIN, 548 },	/* Account Operators */
	{ BUILTIN, 549 },	/* Server Operators */
	{ BUILTIN, 550 },	/* Print Operators */
	{ BUILTIN, 551 },	/* Backup Operators */
	{ BUILTIN, 552 },	/* Replicator */
	{ DOMAIN, 512 },	/* Domain Admins */
	{ DOMAIN, 516 },	/* Domain Controllers */
	{ DOMAIN, 518 },	/* Schema Admins */
	{ DOMAIN, 519 },	/* Enterprise Admins */
	{ DOMAIN, 521 },	/* Read-only Domain Controllers */
	{ DOMAIN, 525 },	/* Protected Users */
	{ DOMAIN, 526 },	/* Key Admins */
	{ DOMAIN, 527 },	/* Enterprise Key Admins */
};

bool
sid_powerful(const struct sid *s)
{
	if (s->authority != AUTHORITY_NT || s->n < 2)
		return false;
	for (size_t i = 0; i < sizeof powerful / sizeof powerful[0]; i++)
		if (s->part[0] == powerful[i].kind && sid_rid(s) == powerful[i].rid)
			return true;
	return false;
}

void
sid_text(const struct sid *s, char out[SID_TEXT])
{
	int len = snprintf(out, SID_TEXT, "S-1-%" PRIu64, s->authority);

	for (size_t i = 0; i < s->n; i++)
		len += snprintf(out + len, SID_TEXT - (size_t)len, "-%" PRIu32, s->part[i]);
}
