#include "registrar/ad/acl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/octets.h"

/* ---- SIDs and GUIDs --------------------------------------------------------- */

enum { SID_HEAD = 8 };

/* The first three groups of a GUID are little-endian numbers, the others octets in order. */
static const unsigned char guid_order[GUID_SIZE] = {
	3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15
};

static bool
guid_dash(size_t i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

int
guid_set(unsigned char guid[GUID_SIZE], const char *text)
{
	for (size_t i = 0; i < GUID_SIZE; i++) {
		char pair[3] = "";

		if (guid_dash(i) && *text++ != '-')
			return -1;
		if (strspn(text, "0123456789abcdefABCDEF") < 2)
			return -1;
		memcpy(pair, text, 2);
		guid[guid_order[i]] = (unsigned char)strtoul(pair, NULL, 16);
		text += 2;
	}
	return *text == '\0' ? 0 : -1;
}

void
guid_text(const unsigned char guid[GUID_SIZE], char out[GUID_TEXT])
{
	for (size_t i = 0; i < GUID_SIZE; i++)
		out += snprintf(out, 4, "%s%02x", guid_dash(i) ? "-" : "", guid[guid_order[i]]);
}

/* ---- One entry of the list ----------------------------------------------------- */

enum {
	ALLOW = 0, DENY = 1, ALLOW_OBJECT = 5, DENY_OBJECT = 6,	/* kinds of entries */
	INHERIT_ONLY = 0x08,		/* not for this object itself */
	HAS_WHAT = 1, HAS_HEIR = 2,	/* of an entry about one kind of object */
	EVERYTHING = 0x10000000
};

struct ace {
	unsigned int	kind, flags;
	uint32_t	rights;
	const unsigned char *what;	/* GUID, or NULL: all there is */
	struct sid	who;
};

/* Return its size, or 0 if these octets are no entry. */
static size_t
ace_read(const unsigned char *p, size_t len, struct ace *a)
{
	size_t size = len >= 8 ? octets_little(p + 2, 2) : 0, at = 8;
	uint32_t has;

	if (size < 8 || size > len)
		return 0;
	*a = (struct ace){ .kind = p[0], .flags = p[1], .rights = (uint32_t)octets_little(p + 4, 4) };
	if (a->kind == ALLOW_OBJECT || a->kind == DENY_OBJECT) {
		if (size < 12)
			return 0;
		has = (uint32_t)octets_little(p + at, 4);
		at += 4;
		if (has & HAS_WHAT)
			a->what = p + at;
		at += (has & HAS_WHAT ? (size_t)GUID_SIZE : 0) + (has & HAS_HEIR ? (size_t)GUID_SIZE : 0);
	} else if (a->kind != ALLOW && a->kind != DENY) {
		return size;	/* audits and the like: nobody's right */
	}
	/* Room for the head of a SID says how long the SID is; behind it there may be more. */
	if (at + SID_HEAD > size || at + SID_HEAD + 4 * (size_t)p[at + 1] > size)
		return 0;
	return sid_read(p + at, SID_HEAD + 4 * (size_t)p[at + 1], &a->who) == 0 ? size : 0;
}

static bool
ace_is_about(const struct ace *a, const struct acl_question *q)
{
	bool known = a->kind == ALLOW || a->kind == DENY || a->kind == ALLOW_OBJECT ||
	    a->kind == DENY_OBJECT;

	if (!known || a->flags & INHERIT_ONLY || (a->rights & ((uint32_t)q->right | EVERYTHING)) == 0)
		return false;
	if (a->what != NULL && memcmp(a->what, q->what, GUID_SIZE) != 0 &&
	    (q->set == NULL || memcmp(a->what, q->set, GUID_SIZE) != 0))
		return false;
	for (size_t i = 0; i < q->n_who; i++)
		if (sid_equal(&q->who[i], &a->who))
			return true;
	return false;
}

/* ---- The list --------------------------------------------------------------------- */

enum { DESCRIPTOR_HEAD = 20, ACL_HEAD = 8, DACL_PRESENT = 0x4 };

bool
acl_grants(const void *descriptor, size_t len, const struct acl_question *q)
{
	const unsigned char *p = descriptor, *end;
	size_t at, size, n;
	struct ace a;

	if (len < DESCRIPTOR_HEAD || p[0] != 1)
		return false;
	at = octets_little(p + 16, 4);
	/* A list that was not given to us says nothing; where none was made, all is allowed. */
	if ((octets_little(p + 2, 2) & DACL_PRESENT) == 0 || at == 0)
		return (octets_little(p + 2, 2) & DACL_PRESENT) != 0;
	if (at > len || len - at < ACL_HEAD || octets_little(p + at + 2, 2) > len - at)
		return false;
	end = p + at + octets_little(p + at + 2, 2);
	n = octets_little(p + at + 4, 2);
	/* In their order: the first that is about it decides. */
	for (p += at + ACL_HEAD; n > 0 && p < end; n--, p += size) {
		if ((size = ace_read(p, (size_t)(end - p), &a)) == 0)
			return false;
		if (ace_is_about(&a, q))
			return a.kind == ALLOW || a.kind == ALLOW_OBJECT;
	}
	return false;
}
