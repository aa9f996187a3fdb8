/* Access lists of Active Directory: who is granted what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ad/acl.h"

#define MOBILE		"f0f8ffa3-1191-11d0-a060-00aa006c33ed"
#define PERSONAL	"77b5b886-944a-11d1-aebd-0000f80367c1"
#define RESET		"00299570-246d-11d0-a768-00aa006e0529"
#define USER		"bf967aba-0de6-11d0-a285-00aa003049e2"

/* Entries as SDDL has them: kind, flags, rights, object, heir, whom. */
struct entry {
	const char	*kind;		/* A, D, OA, OD, or AU: an audit */
	int		 flags;		/* 8: inherit only */
	uint32_t	 rights;
	const char	*what, *heir;
	uint32_t	 rid;		/* S-1-5-rid */
};

struct list {
	size_t		len;
	unsigned char	octets[1024];
};

static void
put(struct list *l, uint32_t v, int n)
{
	for (; n > 0; n--, v >>= 8)
		l->octets[l->len++] = (unsigned char)v;
}

static void
put_guid(struct list *l, const char *text)
{
	assert_int_equal(guid_set(l->octets + l->len, text), 0);
	l->len += GUID_SIZE;
}

static void
put_entry(struct list *l, const struct entry *e)
{
	static const struct { const char *word; unsigned char kind; } kinds[] = {
		{ "A", 0 }, { "D", 1 }, { "AU", 2 }, { "OA", 5 }, { "OD", 6 },
	};
	size_t begin = l->len, k = 0;

	while (strcmp(kinds[k].word, e->kind) != 0)
		k++;
	put(l, kinds[k].kind, 1);
	put(l, (uint32_t)e->flags, 1);
	put(l, 0, 2);
	put(l, e->rights, 4);
	if (e->kind[0] == 'O') {
		put(l, (e->what != NULL) | (e->heir != NULL ? 2 : 0), 4);
		if (e->what != NULL)
			put_guid(l, e->what);
		if (e->heir != NULL)
			put_guid(l, e->heir);
	}
	memcpy(l->octets + l->len, "\1\1\0\0\0\0\0\5", 8);
	l->len += 8;
	put(l, e->rid, 4);
	l->octets[begin + 2] = (unsigned char)(l->len - begin);
}

/* A descriptor with these entries, which end with a NULL kind, and no owner. */
static void
make(struct list *l, const struct entry *entries)
{
	size_t n = 0;

	memset(l, 0, sizeof *l);
	put(l, 1, 2);
	put(l, 0x8004, 2);
	put(l, 0, 12);
	put(l, 20, 4);
	put(l, 4, 2);
	l->len += 6;
	for (; entries[n].kind != NULL; n++)
		put_entry(l, &entries[n]);
	l->octets[22] = (unsigned char)((l->len - 20) & 0xff);
	l->octets[23] = (unsigned char)((l->len - 20) >> 8);
	l->octets[24] = (unsigned char)n;
}

static const struct {
	struct entry	entries[4];
	enum acl_right	right;
	const char	*what, *set;
	bool		granted;
} table[] = {
	{ { { NULL } }, ACL_WRITE, MOBILE, PERSONAL, false },
	/* People's own right, as every user gets it: on the property set. */
	{ { { "OA", 0, 0x30, PERSONAL, NULL, 10 } }, ACL_WRITE, MOBILE, PERSONAL, true },
	{ { { "OA", 0, 0x30, PERSONAL, NULL, 10 } }, ACL_WRITE, MOBILE, NULL, false },
	{ { { "OA", 0, 0x30, PERSONAL, NULL, 10 } }, ACL_CONTROL, MOBILE, PERSONAL, false },
	{ { { "OA", 0, 0x30, PERSONAL, NULL, 11 } }, ACL_WRITE, MOBILE, PERSONAL, false },
	/* Forbidden before, or too late. */
	{ { { "OD", 0, 0x20, MOBILE, NULL, 10 }, { "OA", 0, 0x30, PERSONAL, NULL, 10 } },
	    ACL_WRITE, MOBILE, PERSONAL, false },
	{ { { "OA", 0, 0x30, PERSONAL, NULL, 10 }, { "OD", 0, 0x20, MOBILE, NULL, 10 } },
	    ACL_WRITE, MOBILE, PERSONAL, true },
	/* Of another right, another attribute, another person; an audit. */
	{ { { "OD", 0, 0x10, MOBILE, NULL, 10 }, { "OD", 0, 0x20, RESET, NULL, 10 },
	    { "D", 0, 0x20, NULL, NULL, 12 }, { "A", 0, 0x20, NULL, NULL, 10 } },
	    ACL_WRITE, MOBILE, PERSONAL, true },
	{ { { "AU", 0, 0x20, NULL, NULL, 10 }, { "A", 0, 0x20, NULL, NULL, 10 } },
	    ACL_WRITE, MOBILE, PERSONAL, true },
	{ { { "AU", 0, 0x20, NULL, NULL, 10 } }, ACL_WRITE, MOBILE, PERSONAL, false },
	/* Everything; an object's entry without an object; one that was inherited; for heirs alone. */
	{ { { "A", 0, 0x10000000, NULL, NULL, 10 } }, ACL_CONTROL, RESET, NULL, true },
	{ { { "OA", 0, 0x100, NULL, USER, 10 } }, ACL_CONTROL, RESET, NULL, true },
	{ { { "OA", 0x12, 0x100, RESET, USER, 10 } }, ACL_CONTROL, RESET, NULL, true },
	{ { { "OA", 0x0a, 0x100, RESET, USER, 10 } }, ACL_CONTROL, RESET, NULL, false },
};

static void
test_questions(void **state)
{
	static const struct sid who[] = { { .authority = 5, .n = 1, .part = { 10 } } };
	unsigned char what[GUID_SIZE], set[GUID_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct entry entries[5] = { 0 };
		struct acl_question q = { who, 1, table[i].right, what,
		    table[i].set != NULL ? set : NULL };
		struct list l;

		memcpy(entries, table[i].entries, sizeof table[i].entries);
		make(&l, entries);
		guid_set(what, table[i].what);
		if (table[i].set != NULL)
			guid_set(set, table[i].set);
		if (acl_grants(l.octets, l.len, &q) != table[i].granted)
			fail_msg("row %zu", i);
		/* Whatever is cut off, less is granted, and nothing is read beyond. */
		for (size_t len = 0; len < l.len && !table[i].granted; len++)
			assert_false(acl_grants(l.octets, len, &q));
	}
}

/* A list that was not given to us says nothing; where none was made, all is allowed. */
static void
test_without_a_list(void **state)
{
	static const unsigned char none[20] = { 1, 0, 0x04, 0x80 }, absent[20] = { 1, 0, 0, 0x80 };
	struct acl_question q = { NULL, 0, ACL_READ, (const unsigned char *)"0123456789abcdef", NULL };

	(void)state;
	assert_true(acl_grants(none, sizeof none, &q));
	assert_false(acl_grants(absent, sizeof absent, &q));
	assert_false(acl_grants(none, sizeof none - 1, &q));
}

static void
test_guids(void **state)
{
	static const char *const bad[] = {
		"", "f0f8ffa3-1191-11d0-a060-00aa006c33e", "f0f8ffa3-1191-11d0-a060-00aa006c33ed0",
		"f0f8ffa3x1191-11d0-a060-00aa006c33ed", "f0f8ffa311-91-11d0-a060-00aa006c33ed",
		"f0f8ffag-1191-11d0-a060-00aa006c33ed", " 0f8ffa3-1191-11d0-a060-00aa006c33ed",
	};
	/* [MS-DTYP] 2.3.4: three little-endian numbers, then octets. */
	static const unsigned char mobile[] = { 0xa3, 0xff, 0xf8, 0xf0, 0x91, 0x11, 0xd0, 0x11, 0xa0, 0x60,
	    0, 0xaa, 0, 0x6c, 0x33, 0xed };
	unsigned char guid[GUID_SIZE];
	char text[GUID_TEXT];

	(void)state;
	assert_int_equal(guid_set(guid, MOBILE), 0);
	assert_memory_equal(guid, mobile, sizeof mobile);
	guid_text(guid, text);
	assert_string_equal(text, MOBILE);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(guid_set(guid, bad[i]), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_questions), cmocka_unit_test(test_without_a_list),
		cmocka_unit_test(test_guids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
