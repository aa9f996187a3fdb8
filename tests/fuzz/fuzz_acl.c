/* An access list: nobody is granted anything by octets that are not there. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/ad/acl.h"

static const struct sid who[] = {
	{ .authority = 5, .n = 1, .part = { 10 } }, { .authority = 5, .n = 1, .part = { 11 } },
	{ .authority = 1, .n = 1, .part = { 0 } },
};

/* Where the list ought to be, none was made: then all is allowed to all. */
static int
is_open(const uint8_t *data, size_t size)
{
	return size >= 20 && data[0] == 1 && (data[2] & 4) != 0 && memcmp(data + 16, "\0\0\0\0", 4) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char guid[GUID_SIZE], again[GUID_SIZE];
	struct acl_question q = { who, sizeof who / sizeof who[0], ACL_WRITE, guid, NULL };
	char text[GUID_TEXT];
	/* Of just this size, so that a step beyond it is seen. */
	uint8_t *copy = malloc(size > 0 ? size : 1);

	MUST(copy != NULL && guid_set(guid, "f0f8ffa3-1191-11d0-a060-00aa006c33ed") == 0);
	memcpy(copy, data, size);
	acl_grants(copy, size, &q);
	q.set = guid;
	acl_grants(copy, size, &q);
	q.n_who = 0;
	MUST(acl_grants(copy, size, &q) == is_open(data, size));
	if (size >= GUID_SIZE) {
		guid_text(copy, text);
		MUST(guid_set(again, text) == 0 && memcmp(again, copy, GUID_SIZE) == 0);
	}
	free(copy);
	return 0;
}
