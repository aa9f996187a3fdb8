/* A security identifier: what is read is written as it was, or is none. */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/ad/sid.h"

static size_t
write_again(const struct sid *s, unsigned char *out)
{
	size_t len = 0;

	out[len++] = 1;
	out[len++] = (unsigned char)s->n;
	for (int i = 5; i >= 0; i--)
		out[len++] = (unsigned char)(s->authority >> (8 * i));
	for (size_t i = 0; i < s->n; i++)
		for (int k = 0; k < 4; k++)
			out[len++] = (unsigned char)(s->part[i] >> (8 * k));
	return len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char again[8 + 4 * SID_PARTS_MOST];
	struct sid sid, sibling;
	char text[SID_TEXT];

	if (sid_read(data, size, &sid) == -1)
		return 0;
	MUST(write_again(&sid, again) == size && memcmp(again, data, size) == 0);
	sid_text(&sid, text);
	MUST(strncmp(text, "S-1-", 4) == 0 && strlen(text) < sizeof text);
	sibling = sid_sibling(&sid, sid_rid(&sid));
	MUST(sid_equal(&sid, &sibling));
	sibling = sid_sibling(&sid, sid_rid(&sid) + 1);
	MUST(!sid_equal(&sid, &sibling));
	MUST(!sid_powerful(&sid) || sid.n >= 2);
	return 0;
}
