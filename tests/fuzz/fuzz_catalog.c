/* A compiled catalogue: one that is taken finds each of its own texts again. */
#include <string.h>

#include "base/catalog.h"
#include "base/text.h"
#include "fuzz.h"

struct seen {
	const struct catalog	*catalog;
	const char		*last;
};

static void
check_one(const char *english, void *ctx)
{
	struct seen *s = ctx;
	const char *text = catalog_text(s->catalog, english);

	MUST(text_utf8(english, strlen(english)) && text_utf8(text, strlen(text)));
	MUST(s->last == NULL || strcmp(s->last, english) < 0);
	s->last = english;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char stranger[] = "A text that no catalogue has";
	struct seen s = { NULL, NULL };
	struct catalog *c;
	char path[32], why[256] = "";

	fuzz_file(data, size, path);
	if ((c = catalog_load(path, why, sizeof why)) == NULL) {
		MUST(why[0] != '\0');
		return 0;
	}
	s.catalog = c;
	catalog_each(c, check_one, &s);
	MUST(text_utf8(catalog_text(c, stranger), strlen(catalog_text(c, stranger))));
	catalog_text(c, "");
	catalog_free(c);
	return 0;
}
