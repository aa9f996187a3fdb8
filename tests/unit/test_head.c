/* The head of a request: what two readers could read in two ways is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "portal/http/head.h"

#define GET  "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /x HTTP/1.1\r\nHost: a\r\n"
#define END  "\r\n"

static char room[HEAD_LONGEST + 64];

/* In a block of its own length, so that a step too far is seen by the sanitizers. */
static int
parse(struct head *h, const char *text, size_t len)
{
	static char *copy;

	free(copy);
	copy = malloc(len);
	memcpy(copy, text, len);
	return head_parse(h, copy, len);
}

static const struct odd {
	const char	*text;
	int		 status;
} odds[] = {
	{ GET "Content-Length: 5\r\n" END, 400 },
	{ POST "Content-Length: 5\r\nContent-Length: 5\r\n" END, 400 },
	{ POST "Content-Length: 5\r\nContent-Length: 6\r\n" END, 400 },
	{ POST "Content-Length: 5\r\ncontent-length: 5\r\n" END, 400 },
	{ POST "Content-Length: +5\r\n" END, 400 },
	{ POST "Content-Length: -5\r\n" END, 400 },
	{ POST "Content-Length: 5, 5\r\n" END, 400 },
	{ POST "Content-Length: 5 5\r\n" END, 400 },
	{ POST "Content-Length: 0x5\r\n" END, 400 },
	{ POST "Content-Length: 5.0\r\n" END, 400 },
	{ POST "Content-Length:\r\n" END, 400 },
	{ POST "Content-Length: 16385\r\n" END, 413 },
	{ POST "Content-Length: 18446744073709551621\r\n" END, 413 },
	{ POST "Content-Length: 05\r\n" END, 400 },
	{ POST "Content-Length: 00\r\n" END, 400 },
	{ POST "Content-Length:  5\r\n" END, 400 },
	{ POST "Content-Length:\t5\r\n" END, 400 },
	{ POST "Content-Length: 5 \r\n" END, 400 },
	{ POST END, 411 },
	{ POST "Transfer-Encoding: chunked\r\n" END, 400 },
	{ POST "Transfer-Encoding: identity\r\nContent-Length: 5\r\n" END, 400 },
	{ POST "Content-Length: 5\r\nTransfer-Encoding: xchunked\r\n" END, 400 },
	{ POST "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n" END, 400 },
	{ POST "Content-Length: 5\r\ntransfer-encoding:\tchunked\r\n" END, 400 },
	{ GET "Upgrade: h2c\r\n" END, 400 },
	{ GET "Connection: Upgrade\r\n" END, 400 },
	{ GET "Connection: close, Cookie\r\n" END, 400 },
	{ GET "Connection: closed\r\n" END, 400 },
	{ GET "Host: a\r\n" END, 400 },
	{ GET "host: b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost:\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a/b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a@b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a,b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a:b\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: :80\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a:1:2\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: [::1\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: []\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: [::1]x\r\n" END, 400 },
	{ "GET / HTTP/1.1\r\nHost: a%00\r\n" END, 400 },
	{ GET "X: a\r\n b\r\n" END, 400 },
	{ GET "X: a\r\n\tb\r\n" END, 400 },
	{ GET "X: a\nY: b\r\n" END, 400 },
	{ GET "X: a\rb\r\n" END, 400 },
	{ GET "X : a\r\n" END, 400 },
	{ GET "X\t: a\r\n" END, 400 },
	{ GET ": a\r\n" END, 400 },
	{ GET "X a\r\n" END, 400 },
	{ GET "X\x80: a\r\n" END, 400 },
	{ GET "X: \xe9\r\n" END, 400 },
	{ GET "X: a\x01\r\n" END, 400 },
	{ GET "X: a\x7f\r\n" END, 400 },
	{ " GET / HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "\r\nGET / HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET  / HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /  HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET / HTTP/1.1 \r\nHost: a\r\n" END, 400 },
	{ "GET\t/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET / HTTP/1.1\nHost: a\r\n" END, 400 },
	{ "GET /\r\nHost: a\r\n" END, 400 },
	{ "GET / http/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET / HTTP/01.1\r\nHost: a\r\n" END, 400 },
	{ "GET / HTTP/1.2\r\nHost: a\r\n" END, 505 },
	{ "GET / HTTP/2.0\r\nHost: a\r\n" END, 505 },
	{ "PRI * HTTP/2.0\r\n" END, 505 },
	{ "PUT /x HTTP/1.1\r\nHost: a\r\n" END, 501 },
	{ "get / HTTP/1.1\r\nHost: a\r\n" END, 501 },
	{ "OPTIONS * HTTP/1.1\r\nHost: a\r\n" END, 501 },
	{ "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n" END, 501 },
	{ "GET http://b/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http://a:80/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http:///x HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http://a?x HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http://a HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET //a/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x//y HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /. HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x/../y HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x/.. HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%00 HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x%2fy HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x%5Cy HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%2e%2E/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%252e HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%0d HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%7f HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /%zz HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x% HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /x%2 HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET x HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET * HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET a:80 HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET http:// HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /#x HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "GET /\\x HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "G(T / HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ "/ HTTP/1.1\r\nHost: a\r\n" END, 400 },
	{ GET "Cookie: a=b\r\nCookie: c=d\r\n" END, 400 },
	{ GET "Expect: more\r\n" END, 417 },
	{ "\r\n\r\n", 400 },
	{ "GET / HTTP/1.1\r\nHost: a\r\n", 400 },
};

static void
test_odd(void **state)
{
	struct head h;

	(void)state;
	for (size_t i = 0; i < sizeof odds / sizeof odds[0]; i++)
		if (parse(&h, odds[i].text, strlen(odds[i].text)) != odds[i].status)
			fail_msg("not %d: %s", odds[i].status, odds[i].text);
	print_message("figure head_odd_cases %zu cases\n", sizeof odds / sizeof odds[0]);
}

static void
test_nul(void **state)
{
	static const char nul[] = GET "X: a\0b\r\n" END, target[] = "GET /\0 HTTP/1.1\r\nHost: a\r\n" END;
	struct head h;

	(void)state;
	assert_int_equal(parse(&h, nul, sizeof nul - 1), 400);
	assert_int_equal(parse(&h, target, sizeof target - 1), 400);
}

static void
test_good(void **state)
{
	static const char text[] = "POST /step/code?lang=nl HTTP/1.1\r\nhOST: Recover.example:8443\r\n"
	    "Content-Length: 12\r\nX-Forwarded-For: 1.1.1.1\r\nx-forwarded-for: 2.2.2.2\r\n"
	    "Accept-Language: nl\r\nAccept-Language: en\r\nEmpty:\r\nOdd:  \t x \r\n" END;
	struct head h;

	(void)state;
	assert_int_equal(parse(&h, text, sizeof text - 1), 0);
	assert_int_equal(h.method, METHOD_POST);
	assert_string_equal(h.path, "/step/code");
	assert_string_equal(h.query, "lang=nl");
	assert_int_equal(h.body, 12);
	assert_true(h.keep_alive);
	assert_string_equal(h.value[HEADER_HOST], "Recover.example:8443");
	assert_int_equal(h.forwarded.n, 2);
	assert_string_equal(h.forwarded.value[0], "1.1.1.1");
	assert_string_equal(h.forwarded.value[1], "2.2.2.2");
	assert_string_equal(h.value[HEADER_ACCEPT_LANGUAGE], "nl");
	assert_null(h.value[HEADER_COOKIE]);
}

static void
test_variants(void **state)
{
	static const struct { const char *text, *path; enum method method; bool keep; } good[] = {
		{ GET END, "/", METHOD_GET, true },
		{ GET "Content-Length: 0\r\n" END, "/", METHOD_GET, true },
		{ GET "Connection: close\r\n" END, "/", METHOD_GET, false },
		{ "GET / HTTP/1.0\r\nHost: a\r\n" END, "/", METHOD_GET, false },
		{ "HEAD /x HTTP/1.1\r\nHost: [::1]:80\r\n" END, "/x", METHOD_HEAD, true },
		{ "GET http://b:80/x?y HTTP/1.1\r\nHost: b:80\r\n" END, "/x", METHOD_GET, true },
		{ "GET HTTPS://B/ HTTP/1.1\r\nHost: b\r\n" END, "/", METHOD_GET, true },
		{ "GET /x%20y/.z/...;a=%C3%A9 HTTP/1.1\r\nHost: b\r\n" END, "/x%20y/.z/...;a=%C3%A9",
		  METHOD_GET, true },
		{ GET "Connection: TE, Keep-Alive\r\n" END, "/", METHOD_GET, true },
		{ GET "Connection: te ,Close\r\n" END, "/", METHOD_GET, false },
		{ GET "Cookie: a=\xc3\xa9\r\n" END, "/", METHOD_GET, true },
	};
	struct head h;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		if (parse(&h, good[i].text, strlen(good[i].text)) != 0)
			fail_msg("refused: %s", good[i].text);
		assert_string_equal(h.path, good[i].path);
		assert_int_equal(h.method, good[i].method);
		assert_int_equal(h.keep_alive, good[i].keep);
	}
}

/* Who waits to be told to go on: never a client of HTTP/1.0, nor one that has no body. */
static void
test_expects(void **state)
{
	static const struct { const char *text; bool expects; } rows[] = {
		{ POST "Expect: 100-continue\r\nContent-Length: 5\r\n" END, true },
		{ POST "Content-Length: 5\r\n" END, false },
		{ POST "Expect: 100-Continue\r\nContent-Length: 0\r\n" END, false },
		{ GET "Expect: 100-continue\r\n" END, false },
		{ "POST / HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n" END,
		  false },
	};
	struct head h;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(parse(&h, rows[i].text, strlen(rows[i].text)), 0);
		assert_int_equal(h.expects, rows[i].expects);
	}
}

/* However it is cut into pieces, a head ends where it ends, and what is odd is seen at once. */
static void
test_scan(void **state)
{
	static const struct { const char *text; size_t len; enum head_part part; size_t seen; } rows[] = {
		{ "GET / HTTP/1.1\r\nA: b\r\n\r\nGET", 27, HEAD_WHOLE, 24 },
		{ "GET / HTTP/1.1\r\nA: b\r\n\r", 23, HEAD_MORE, 23 },
		{ "a\nb", 3, HEAD_ODD, 2 }, { "a\rb", 3, HEAD_ODD, 3 }, { "a\r\rb", 4, HEAD_ODD, 3 },
		{ "a\0b", 3, HEAD_ODD, 2 }, { "\x16\x03\x01", 3, HEAD_ODD, 1 }, { "a\tb", 3, HEAD_MORE, 3 },
		{ "\r\nGET", 5, HEAD_ODD, 2 }, { "\n", 1, HEAD_ODD, 1 }, { "a\x7f", 2, HEAD_ODD, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t cut = 0; cut <= rows[i].len; cut++) {
			struct head_scan s = { 0 };
			enum head_part part = head_scan(&s, rows[i].text, cut);

			if (part == HEAD_MORE)
				part = head_scan(&s, rows[i].text + cut, rows[i].len - cut);
			assert_int_equal(part, rows[i].part);
			assert_int_equal(s.seen, rows[i].seen);
		}
}

static void
test_many_lines(void **state)
{
	struct head h;
	size_t len;

	(void)state;
	strcpy(room, GET);
	for (int i = 0; i < 80; i++)
		strcat(room, "X: a\r\n");
	strcat(room, END);
	len = strlen(room);
	assert_int_equal(parse(&h, room, len), 431);
}

static void
test_type(void **state)
{
	static const struct {
		const char	*said;
		bool		 is_json;
	} rows[] = {
		{ "application/json", true }, { "Application/JSON", true },
		{ "application/json; charset=utf-8", true }, { "application/json;charset=utf-8", true },
		{ "application/jsonp", false }, { "application/jso", false }, { "text/plain", false },
		{ "", false }, { "text/plain, application/json", false }, { NULL, false },
	};
	struct head h = { .body = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		h.value[HEADER_CONTENT_TYPE] = rows[i].said;
		assert_int_equal(head_is_type(&h, "application/json"), rows[i].is_json);
	}
}

/* Whatever is cut out of, or put into, a good head: no crash, and never another length. */
static void
test_every_change(void **state)
{
	static const char good[] = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n" END;
	static const char put[] = { '\r', '\n', '\0', ' ', '\t', ':', 'x', '9', '\x7f', '\x80' };
	struct head h;
	size_t len = sizeof good - 1;

	(void)state;
	for (size_t at = 0; at <= len; at++)
		for (size_t i = 0; i < sizeof put; i++) {
			memcpy(room, good, at);
			room[at] = put[i];
			memcpy(room + at + 1, good + at, len - at);
			if (parse(&h, room, len + 1) == 0)
				assert_true(h.body <= BODY_LONGEST && h.path[0] == '/');
		}
	for (size_t cut = 0; cut < len; cut++)
		assert_int_not_equal(parse(&h, good, cut == 0 ? 1 : cut), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_odd), cmocka_unit_test(test_nul), cmocka_unit_test(test_good),
		cmocka_unit_test(test_variants), cmocka_unit_test(test_expects),
		cmocka_unit_test(test_scan), cmocka_unit_test(test_many_lines),
		cmocka_unit_test(test_type), cmocka_unit_test(test_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
