/*
 * A gateway of the settings: METHOD BODY_TYPE, URL, header and body, a line each.  Where
 * nobody was told of a mistake, no letter gets out of its place: not to another host,
 * not into another header, not out of its quotation marks.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "courier/request.h"
#include "fuzz.h"

static const char text[] = "1234 5678 is \"your\" <code> & @host #12 \\ %00 \xe2\x82\xac\n\nX: y";
static char *said;
static size_t said_size;

static void
start(void)
{
	/* Where mistakes are told. */
	MUST((stderr = open_memstream(&said, &said_size)) != NULL);
}

/* Was anything told that keeps courier from starting? */
static bool
told_of_mistake(void)
{
	static const char *const advice[] = {
		"readable by anyone", "which gateways and proxies write to their logs",
		"neither {secret} nor user is used"
	};
	char *line = said, *end;

	for (; line < said + said_size; line = end + 1) {
		bool is_advice = false;

		MUST((end = memchr(line, '\n', said_size - (size_t)(line - said))) != NULL);
		*end = '\0';
		for (size_t i = 0; i < sizeof advice / sizeof advice[0]; i++)
			is_advice = is_advice || strstr(line, advice[i]) != NULL;
		if (!is_advice)
			return true;
	}
	return false;
}

static bool
put(char *out, size_t size, const char *from)
{
	size_t len = strlen(from);

	if (len >= size || !text_plain(from))
		return false;
	memcpy(out, from, len + 1);
	return true;
}

static bool
fill(struct gateway_settings *g, char *lines)
{
	char *url = fuzz_halves(lines), *header = fuzz_halves(url), *body = fuzz_halves(header);

	memset(g, 0, sizeof *g);
	g->method = (unsigned char)lines[0] % 3;
	g->body_type = lines[0] == '\0' ? 0 : (unsigned char)lines[1] % 4;
	g->n_headers = header[0] != '\0';
	strcpy(g->sender, "Linde & Co");
	strcpy(g->secret_file, "token");
	return put(g->url, sizeof g->url, url) && put(g->headers[0], sizeof g->headers[0], header) &&
	    put(g->body, sizeof g->body, body);
}

/* All that stands before the path is as it was written. */
static void
check_url(const struct gateway_settings *g, const struct request *r)
{
	const char *host = strstr(g->url, "://") + 3;
	size_t len = (size_t)(host - g->url) + strcspn(host, "/?");

	MUST(strncmp(g->url, r->url.text, len) == 0);
	MUST(strchr("/?", r->url.text[len]) != NULL);
	for (const char *p = r->url.text; *p != '\0'; p++)
		MUST((unsigned char)*p > ' ' && *p != '#' && *p != 0x7f);
}

/* What is JSON with plain words in it stays JSON, with just as many values. */
static void
check_body(const struct gateway_settings *g, const struct request *r)
{
	static const struct slot plain[] = {
		{ "to", "a" }, { "digits", "10000000000" }, { "text", "a" }, { "coding", "0" },
		{ "sender", "a" }, { "secret", "a" }, { NULL, NULL },
	};
	static struct draft d;
	json_t *before, *after;

	if (g->body_type != BODY_JSON)
		return;
	draft_wipe(&d);
	if (template_fill(&d, g->body, plain, ESCAPE_NONE) == -1)
		return;
	if ((before = json_loads(d.text, JSON_REJECT_DUPLICATES, NULL)) == NULL)
		return;
	after = json_loads(r->body.text, 0, NULL);
	MUST(after != NULL && json_typeof(before) == json_typeof(after));
	MUST(json_object_size(before) >= json_object_size(after));
	MUST(json_array_size(before) == json_array_size(after));
	json_decref(before);
	json_decref(after);
}

static void
check_written(const struct gateway_settings *g)
{
	static struct request r;
	static struct secret secret;
	static struct letter l;

	MUST(secret_set(&secret, "t0ken\"", 6) == 0);
	MUST(secret_set(&l.to, "+31612345678", 12) == 0);
	MUST(secret_set(&l.text, text, sizeof text - 1) == 0);
	if (request_write(&r, g, &secret, &l) == 0) {
		check_url(g, &r);
		MUST(text_plain(r.headers[0].text));
		check_body(g, &r);
	}
	request_wipe(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gateway_settings g;
	char *lines = fuzz_text(data, size);

	if (said == NULL)
		start();
	rewind(stderr);
	if (fill(&g, lines)) {
		request_check(&g, "gateway");
		fflush(stderr);
		if (!told_of_mistake())
			check_written(&g);
	}
	free(lines);
	return 0;
}
