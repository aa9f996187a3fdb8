/* Replication's notes, in words and in octets, and the numbers of attributes. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/ad/metadata.h"

static void
check_element(const uint8_t *data, size_t size)
{
	int64_t when = 0;
	int r = metadata_element((const char *)data, size, "mobile", &when);

	MUST(r >= -1 && r <= 1);
	if (r == 1) {
		MUST(when != 0 && memmem(data, size, "<DS_REPL_ATTR_META_DATA>", 24) != NULL);
		MUST(metadata_element((const char *)data, size, "other", &when) == 0);
	}
}

/* Whatever it is: the same for all attributes, unless it is about one. */
static void
check_vector(const uint8_t *data, size_t size)
{
	int64_t when = 0;

	for (uint32_t attid = 0; attid < 2; attid++)
		if (metadata_vector(data, size, attid, &when) == 1)
			MUST(size >= 64 && when >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	uint32_t attid;

	check_element(data, size);
	check_vector(data, size);
	if (metadata_attid(text, &attid) == 0)
		MUST((attid & 0xffff) < 0x4000 && strchr(text, '.') != NULL);
	free(text);
	return 0;
}
