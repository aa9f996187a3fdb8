#include "base/catalog.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

/* The layout of a .mo file: gettext's manual, "The Format of GNU MO Files". */
enum { HEADER_SIZE = 28, ROW_SIZE = 8, LONGEST_FILE = 1 << 20 };
static const uint32_t MAGIC = 0x950412deU;

struct catalog {
	char		*data;
	size_t		 size;
	bool		 swapped;	/* written on a machine of the other byte order */
	uint32_t	 count;
	uint32_t	 english, other;	/* where the two tables of rows begin */
};

static uint32_t
number_at(const struct catalog *c, size_t at)
{
	uint32_t v;

	memcpy(&v, c->data + at, sizeof v);
	return c->swapped ? __builtin_bswap32(v) : v;
}

static const char *
text_at(const struct catalog *c, uint32_t table, uint32_t i)
{
	return c->data + number_at(c, table + (size_t)i * ROW_SIZE + 4);
}

/* Every row of a table must lie in the file, end with NUL and be UTF-8. */
static bool
rows_are_good(const struct catalog *c, uint32_t table)
{
	if (table > c->size || (c->size - table) / ROW_SIZE < c->count)
		return false;
	for (uint32_t i = 0; i < c->count; i++) {
		size_t len = number_at(c, table + (size_t)i * ROW_SIZE);
		size_t at = number_at(c, table + (size_t)i * ROW_SIZE + 4);

		if (at >= c->size || len >= c->size - at || c->data[at + len] != '\0' ||
		    !text_utf8(c->data + at, len))
			return false;
	}
	return true;
}

/* The search below trusts the order. */
static bool
in_order(const struct catalog *c)
{
	for (uint32_t i = 1; i < c->count; i++)
		if (strcmp(text_at(c, c->english, i - 1), text_at(c, c->english, i)) >= 0)
			return false;
	return true;
}

static const char *
find_fault(struct catalog *c)
{
	if (c->size < HEADER_SIZE)
		return "it is too short for a compiled catalogue";
	if (number_at(c, 0) != MAGIC) {
		c->swapped = true;
		if (number_at(c, 0) != MAGIC)
			return "it is not a compiled catalogue; make one with msgfmt";
	}
	if (number_at(c, 4) >> 16 != 0)
		return "its format is newer than this program knows";
	c->count = number_at(c, 8);
	c->english = number_at(c, 12);
	c->other = number_at(c, 16);
	if (!rows_are_good(c, c->english) || !rows_are_good(c, c->other))
		return "it is damaged, or not in UTF-8";
	return in_order(c) ? NULL : "its texts are not in order";
}

static int
read_file(struct catalog *c, const char *path)
{
	FILE *f = fopen(path, "rbe");
	struct stat sb;
	int r = -1;

	if (f == NULL)
		return -1;
	if (fstat(fileno(f), &sb) == 0) {
		errno = EFBIG;
		if (sb.st_size < LONGEST_FILE && (c->data = malloc((size_t)sb.st_size + 1)) != NULL) {
			c->size = fread(c->data, 1, (size_t)sb.st_size, f);
			r = ferror(f) ? -1 : 0;
		}
	}
	fclose(f);
	return r;
}

struct catalog *
catalog_load(const char *path, char *why, size_t size)
{
	struct catalog *c = calloc(1, sizeof *c);
	const char *fault;

	if (c == NULL || read_file(c, path) == -1) {
		snprintf(why, size, "%s cannot be read: %s", path, strerror(errno));
		goto err;
	}
	if ((fault = find_fault(c)) != NULL) {
		snprintf(why, size, "%s cannot be used: %s", path, fault);
		goto err;
	}
	return c;
err:
	catalog_free(c);
	return NULL;
}

const char *
catalog_text(const struct catalog *c, const char *english)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = strcmp(english, text_at(c, c->english, middle));

		if (order == 0)
			return text_at(c, c->other, middle);
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return english;
}

void
catalog_each(const struct catalog *c, void (*each)(const char *, void *), void *ctx)
{
	for (uint32_t i = 0; i < c->count; i++)
		/* The text without English is the file's own header. */
		if (text_at(c, c->english, i)[0] != '\0')
			each(text_at(c, c->english, i), ctx);
}

void
catalog_free(struct catalog *c)
{
	if (c == NULL)
		return;
	free(c->data);
	free(c);
}
