/* The head of a request: what is let through can be read in one way only. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"
#include "portal/http/head.h"

/* How many lines of ${data} begin with ${name}. */
static int
count_lines(const uint8_t *data, size_t size, const char *name)
{
	size_t len = strlen(name);
	int n = 0;

	for (size_t i = 2; i + len <= size; i++)
		n += data[i - 1] == '\n' && strncasecmp((const char *)data + i, name, len) == 0;
	return n;
}

static void
check_text(const char *text, const char *never)
{
	for (; *text != '\0'; text++)
		MUST((*text == '\t' || ((unsigned char)*text >= 0x20 && *text != 0x7f)) &&
		    strchr(never, *text) == NULL);
}

static void
check_head(const struct head *h, const uint8_t *data, size_t size)
{
	MUST(h->path[0] == '/');
	check_text(h->path, " \t#?\\");
	check_text(h->query, " \t#\\");
	for (int i = 0; i < HEADER__COUNT; i++)
		if (h->value[i] != NULL)
			check_text(h->value[i], "");
	MUST(h->body <= BODY_LONGEST);
	MUST(h->body == 0 || h->method == METHOD_POST);
	MUST(count_lines(data, size, "host:") == 1);
	MUST(count_lines(data, size, "content-length:") <= 1);
	MUST(count_lines(data, size, "transfer-encoding:") == 0);
	MUST(count_lines(data, size, "upgrade:") == 0);
	MUST(strstr(h->path, "//") == NULL && strstr(h->path, "/./") == NULL &&
	    strstr(h->path, "/../") == NULL && strcasestr(h->path, "%2f") == NULL);
	MUST(h->origin == NULL || strcasecmp(h->origin, h->value[HEADER_HOST]) == 0);
	MUST(h->forwarded.n <= FORWARDED_MOST);
	for (size_t i = 0; i < size; i++)
		MUST(data[i] != '\0' && (data[i] != '\n' || data[i - 1] == '\r') &&
		    (data[i] != '\r' || data[i + 1] == '\n'));
}

/* In whichever two pieces it comes, it ends at the same byte, or is odd at the same byte. */
static void
check_scan(const uint8_t *data, size_t size)
{
	struct head_scan whole = { 0 }, pieces = { 0 };
	enum head_part part = head_scan(&whole, (const char *)data, size), first;
	size_t cut = data[size / 2] % size;

	if ((first = head_scan(&pieces, (const char *)data, cut)) == HEAD_MORE)
		first = head_scan(&pieces, (const char *)data + cut, size - cut);
	MUST(first == part && pieces.seen == whole.seen);
	MUST(part == HEAD_MORE ? whole.seen == size : whole.seen <= size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memmem(data, size, "\r\n\r\n", 4);
	struct head h;
	size_t len;
	char *cut;
	int status;

	if (size > 0)
		check_scan(data, size);
	if (end == NULL)
		return 0;
	len = (size_t)(end - data) + 4;
	MUST((cut = malloc(len)) != NULL);
	memcpy(cut, data, len);
	status = head_parse(&h, cut, len);
	MUST(status == 0 || (status >= 400 && status <= 505));
	if (status == 0)
		check_head(&h, data, len);
	free(cut);
	return 0;
}
