/* A letter as a request, and the mistakes that are told before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "courier/request.h"

static const struct gateway_settings good = {
	.name = "g", .method = METHOD_POST, .url = "https://gw.example/send?from={sender}",
	.headers = { "Authorization: Bearer {secret}" }, .n_headers = 1,
	.body = "{\"to\":[{digits}],\"text\":\"{text}\"}", .body_type = BODY_JSON,
	.sender = "Linde & Co", .secret_file = "token",
};

static struct letter
a_letter(const char *text)
{
	struct letter l;

	assert_int_equal(secret_set(&l.to, "+31612345678", 12), 0);
	assert_int_equal(secret_set(&l.text, text, strlen(text)), 0);
	return l;
}

static void
test_write(void **state)
{
	struct gateway_settings g = good;
	struct letter l = a_letter("a \"b\"\n");
	struct request *r = calloc(1, sizeof *r);
	struct secret secret;

	(void)state;
	assert_non_null(r);
	assert_int_equal(secret_set(&secret, "t0ken", 5), 0);
	assert_int_equal(request_write(r, &g, &secret, &l), 0);
	assert_string_equal(r->url.text, "https://gw.example/send?from=Linde%20%26%20Co");
	assert_string_equal(r->headers[0].text, "Authorization: Bearer t0ken");
	assert_string_equal(r->body.text, "{\"to\":[31612345678],\"text\":\"a \\\"b\\\"\\u000a\"}");
	assert_string_equal(request_type(&g), "application/json");
	request_wipe(r);
	assert_int_equal(r->body.len, 0);
	assert_int_equal(r->body.text[0], '\0');

	/* A secret with a line end would be a header of its own. */
	assert_int_equal(secret_set(&secret, "a\nX: b", 6), 0);
	assert_int_equal(request_write(r, &g, &secret, &l), -1);
	request_wipe(r);
	free(r);

	snprintf(g.headers[0], sizeof g.headers[0], "content-type: text/csv");
	assert_null(request_type(&g));
	g.method = METHOD_GET;
	assert_null(request_type(&g));
}

/* What request_check writes to the log about ${g}. */
static void
told(const struct gateway_settings *g, char *out, size_t size)
{
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	assert_int_not_equal(dup2(ends[1], STDERR_FILENO), -1);
	/* A line of our own, so that the read below never waits for nothing. */
	fputs("begin\n", stderr);
	request_check(g, "gateways[0]");
	assert_int_not_equal(dup2(saved, STDERR_FILENO), -1);
	close(saved);
	close(ends[1]);
	n = read(ends[0], out, size - 1);
	close(ends[0]);
	assert_true(n > 0);
	out[n] = '\0';
}

struct mistake {
	size_t		 at;	/* of the setting that is changed */
	const char	*value;
	const char	*told;	/* NULL: nothing */
};

#define G(f) offsetof(struct gateway_settings, f)
static const struct mistake mistakes[] = {
	{ G(name), "x", NULL },
	{ G(url), "ftp://gw.example/", "gateways[0].url: has to start with https://" },
	{ G(url), "https://{sender}.example/", "gateways[0].url: a placeholder may not choose" },
	{ G(url), "https://me:pw@gw.example/", "gateways[0].url: a password may not stand here" },
	{ G(url), "https://gw.example/a b", "gateways[0].url: holds a blank" },
	{ G(url), "https://gw.example/#{to}", "gateways[0].url: holds a blank or a #" },
	{ G(url), "https://gw.example/{nobody}", "gateways[0].url: {nobody} is none of" },
	{ G(url), "http://gw.example/", "gateways[0].url: codes and numbers travel to gw.example" },
	{ G(url), "http://127.0.0.1:8080/", NULL },
	{ G(url), "http://127.0.0.1.evil.example/", "codes and numbers travel" },
	{ G(url), "https://gw.example/?k={secret}", "gateways[0]: the secret stands in the URL" },
	{ G(headers), "Authorization {secret}", "gateways[0].headers[0]: has to be" },
	{ G(headers), "Au{secret}: x", "gateways[0].headers[0]: has to be" },
	{ G(headers), "X: {text}", "gateways[0].headers[0]: {text} has line ends" },
	{ G(headers), "X: a\r\nY: {secret}", "gateways[0].headers[0]: holds a line end" },
	{ G(headers), "X: y", "gateways[0]: secret_file is set, and neither" },
	{ G(body), "{\"to\":\"{to}\"}", "gateways[0]: {text} stands nowhere" },
	{ G(body), "{\"text\":\"{text}\"}", "gateways[0]: neither {to} nor {digits}" },
	{ G(body), "{\"a\":\"\\\"\",\"to\":\"{to}\",\"text\":{text}}",
	    "gateways[0].body: {text} has to stand between quotation marks" },
	{ G(body), "{\"to\":{to},\"text\":\"{text}\"}", "gateways[0].body: {to} has to stand" },
	{ G(sender), "", NULL },
	{ G(secret_file), "", "gateways[0]: {secret} or user is used, and secret_file is not set" },
};
#undef G

static void
test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
		const struct mistake *m = &mistakes[i];
		struct gateway_settings g = good;
		char out[4096];

		snprintf(g.url, sizeof g.url, "https://gw.example/");
		strcpy((char *)&g + m->at, m->value);
		told(&g, out, sizeof out);
		if (m->told == NULL)
			assert_string_equal(out, "begin\n");
		else if (strstr(out, m->told) == NULL)
			fail_msg("\"%s\": %s", m->value, out);
	}
}

static void
test_get_has_no_body(void **state)
{
	struct gateway_settings g = good;
	char out[4096];

	(void)state;
	g.method = METHOD_GET;
	told(&g, out, sizeof out);
	assert_non_null(strstr(out, "gateways[0].body: a GET has no body"));
	g = good;
	g.sender[0] = '\0';
	told(&g, out, sizeof out);
	assert_non_null(strstr(out, "{sender} is used, and sender is not set"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write), cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_get_has_no_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
