/* Who asks, where a proxy stands between; and what proxies may say of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/network.h"
#include "portal/http/introduction.h"
#include "portal/http/proxy.h"
#include "portal/settings.h"

/* ---- Addresses ------------------------------------------------------------------- */

static void
test_spell(void **state)
{
	static const struct { const char *addr, *spelt; } rows[] = {
		{ "10.1.2.3", "10.1.2.3" }, { "::ffff:10.1.2.3", "10.1.2.3" },
		{ "::FFFF:0a01:0203", "10.1.2.3" }, { "2001:DB8:0:0::1", "2001:db8::1" },
		{ "010.1.2.3", "" }, { "10.1.2", "" }, { "10.1.2.3 ", "" }, { "fe80::1%eth0", "" }, { "", "" },
	};
	char out[46];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(network_spell(rows[i].addr, out, sizeof out),
		    rows[i].spelt[0] != '\0' ? 0 : -1);
		assert_string_equal(out, rows[i].spelt);
	}
}

static void
test_range(void **state)
{
	static const struct { const char *addr, *range; bool in; } rows[] = {
		{ "10.1.2.3", "10.1.2.3", true }, { "10.1.2.4", "10.1.2.3", false },
		{ "10.1.2.3", "10.0.0.0/8", true }, { "11.1.2.3", "10.0.0.0/8", false },
		{ "10.1.2.3", "10.1.2.0/30", true }, { "10.1.2.4", "10.1.2.0/30", false },
		{ "::ffff:10.1.2.3", "10.1.2.0/24", true }, { "1.2.3.4", "0.0.0.0/0", true },
		{ "::1", "0.0.0.0/0", false }, { "2001:db8::1", "2001:db8::/32", true },
		{ "2001:db9::1", "2001:db8::/32", false }, { "", "0.0.0.0/0", false },
		{ "10.9.128.1", "10.9.128.0/17", true }, { "10.9.127.1", "10.9.128.0/17", false },
		{ "2001:db8::1", "::/0", true },
	};
	static const char *const none[] = {
		"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::1/129", "localhost", "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(network_has(rows[i].addr, rows[i].range), rows[i].in);
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(network_is_range(none[i]));
}

/* One household is one: an address of IPv4, 56 bits of IPv6. */
static void
test_network(void **state)
{
	static const struct { const char *one, *other; bool same; } rows[] = {
		{ "10.1.2.3", "::ffff:10.1.2.3", true }, { "10.1.2.3", "10.1.2.4", false },
		{ "::ffff:10.1.2.3", "::ffff:10.1.2.4", false },
		{ "2001:db8::1", "2001:db8::ffff:1", true },
		{ "2001:db8::1", "2001:db8:0:ff::1", true },
		{ "2001:db8::1", "2001:db8:0:100::1", false },
	};
	unsigned char a[NETWORK_SIZE], b[NETWORK_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(network_of(rows[i].one, a), 0);
		assert_int_equal(network_of(rows[i].other, b), 0);
		assert_int_equal(memcmp(a, b, sizeof a) == 0, rows[i].same);
	}
	assert_int_equal(network_of("x", a), -1);
}

/* ---- X-Forwarded-For ---------------------------------------------------------------- */

static void
trust(const char *first, const char *second)
{
	snprintf(settings.trusted_proxies[0], sizeof settings.trusted_proxies[0], "%s", first);
	snprintf(settings.trusted_proxies[1], sizeof settings.trusted_proxies[1], "%s", second);
	settings.n_trusted_proxies = 2;
}

static void
test_client(void **state)
{
	static const struct { const char *peer, *forwarded, *who; } rows[] = {
		{ "10.0.0.1", "1.2.3.4", "1.2.3.4" },
		{ "9.9.9.9", "1.2.3.4", "9.9.9.9" },		/* nobody whom we believe */
		{ "10.0.0.1", NULL, "10.0.0.1" },
		{ "10.0.0.1", "", "10.0.0.1" },
		{ "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4" },	/* the first is what they say themselves */
		{ "10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4" },
		{ "10.0.0.1", "6.6.6.6,1.2.3.4,10.0.0.2,10.0.0.3", "1.2.3.4" },
		{ "10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2" },
		{ "10.0.0.1", "\t1.2.3.4\t", "1.2.3.4" },
		{ "10.0.0.1", "1.2.3.4:5678", "1.2.3.4" },
		{ "10.0.0.1", "[2001:DB8::1]:443, 10.0.0.2", "2001:db8::1" },
		{ "10.0.0.1", "[2001:db8::1]", "2001:db8::1" },
		{ "10.0.0.1", "2001:db8::1", "2001:db8::1" },
		{ "10.0.0.1", "::ffff:1.2.3.4", "1.2.3.4" },
		{ "10.0.0.1", "1.2.3.4, ::ffff:10.0.0.2", "1.2.3.4" },
		{ "fd00::1", "1.2.3.4", "1.2.3.4" },
		/* Not to be understood: whoever stands behind it is the last that we know. */
		{ "10.0.0.1", "1.2.3.4,", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4, ,10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", ",", "10.0.0.1" },
		{ "10.0.0.1", "unknown", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4, unknown, 10.0.0.2", "10.0.0.2" },
		{ "10.0.0.1", "1.2.3.4 5.6.7.8", "1.2.3.4" },
		{ "10.0.0.1", "1.2.3.4:", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4:123456", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4:12x", "10.0.0.1" },
		{ "10.0.0.1", "[2001:db8::1", "10.0.0.1" },
		{ "10.0.0.1", "[2001:db8::1]x", "10.0.0.1" },
		{ "10.0.0.1", "2001:db8::1]:1", "10.0.0.1" },
		{ "10.0.0.1", "\"1.2.3.4\"", "10.0.0.1" },
		{ "10.0.0.1", "for=1.2.3.4", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3.4/8", "10.0.0.1" },
		{ "10.0.0.1", "1.2.3", "10.0.0.1" },
		{ "10.0.0.1", "16909060", "10.0.0.1" },
	};
	char out[46];

	(void)state;
	trust("10.0.0.0/24", "fd00::/8");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct forwarded f = { .value = { rows[i].forwarded }, .n = rows[i].forwarded != NULL };

		proxy_client(rows[i].peer, &f, out, sizeof out);
		if (strcmp(out, rows[i].who) != 0)
			fail_msg("%s, not %s: %s", out, rows[i].who, rows[i].forwarded);
	}
}

static void
test_long_list(void **state)
{
	char list[2000], out[46];
	struct forwarded f = { .value = { list }, .n = 1 };

	(void)state;
	trust("10.0.0.0/24", "fd00::/8");
	memset(list, ',', sizeof list);
	strcpy(list + sizeof list - sizeof "1.2.3.4", "1.2.3.4");
	proxy_client("10.0.0.1", &f, out, sizeof out);
	/* Whoever sends much in front of what our own proxy adds does not hide by it. */
	assert_string_equal(out, "1.2.3.4");
}

/* Each proxy may write a line of its own below those that it was sent. */
static void
test_lines(void **state)
{
	static const struct { struct forwarded f; const char *who; } rows[] = {
		{ { { "6.6.6.6", "1.2.3.4" }, 2 }, "1.2.3.4" },
		{ { { "1.2.3.4", "10.0.0.2" }, 2 }, "1.2.3.4" },
		{ { { "6.6.6.6, 1.2.3.4", "10.0.0.2", "10.0.0.3" }, 3 }, "1.2.3.4" },
		{ { { "6.6.6.6", "1.2.3.4, 10.0.0.2" }, 2 }, "1.2.3.4" },
		{ { { "1.2.3.4", "" }, 2 }, "10.0.0.1" },
		{ { { "1.2.3.4", "unknown, 10.0.0.2" }, 2 }, "10.0.0.2" },
		{ { { NULL }, 0 }, "10.0.0.1" },
	};
	char out[46];

	(void)state;
	trust("10.0.0.0/24", "fd00::/8");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		proxy_client("10.0.0.1", &rows[i].f, out, sizeof out);
		assert_string_equal(out, rows[i].who);
	}
}

/* ---- PROXY version 2 ------------------------------------------------------------------ */

#define MARK "\r\n\r\n\0\r\nQUIT\n"
#define FOUR "\1\2\3\4" "\12\0\0\1" "\300\0" "\1\273"
#define SIX  "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1" "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1" "\300\0" "\1\273"
#define ROW(bytes, who) { bytes, sizeof bytes - 1, who }

static void
test_introduction(void **state)
{
	static const struct { const char *bytes; size_t len; const char *who; } rows[] = {
		ROW(MARK "\x21\x11\0\x0c" FOUR, "1.2.3.4"),
		ROW(MARK "\x21\x21\0\x24" SIX, "2001:db8::1"),
		ROW(MARK "\x21\x11\0\x14" FOUR "\4\0\5hello", "1.2.3.4"),
		ROW(MARK "\x21\x11\0\x12" FOUR "\4\0\0\5\0\0", "1.2.3.4"),
		ROW(MARK "\x20\x00\0\0", ""), ROW(MARK "\x20\x11\0\x0c" FOUR, ""),
		ROW(MARK "\x20\xff\0\3abc", ""),
		/* Version, command. */
		ROW(MARK "\x11\x11\0\x0c" FOUR, NULL), ROW(MARK "\x31\x11\0\x0c" FOUR, NULL),
		ROW(MARK "\x22\x11\0\x0c" FOUR, NULL), ROW(MARK "\x01\x11\0\x0c" FOUR, NULL),
		/* Family, kind. */
		ROW(MARK "\x21\x00\0\0", NULL), ROW(MARK "\x21\x00\0\x0c" FOUR, NULL),
		ROW(MARK "\x21\x12\0\x0c" FOUR, NULL), ROW(MARK "\x21\x31\0\x0c" FOUR, NULL),
		ROW(MARK "\x21\x21\0\x0c" FOUR, NULL), ROW(MARK "\x21\x41\0\x0c" FOUR, NULL),
		/* Lengths, of all and of parts. */
		ROW(MARK "\x21\x11\0\x0b" "\1\2\3\4\12\0\0\1\300\0\1", NULL),
		ROW(MARK "\x21\x11\0\x0d" FOUR, NULL), ROW(MARK "\x21\x11\0\x0c" FOUR "x", NULL),
		ROW(MARK "\x21\x11\0\0", NULL), ROW(MARK "\x21\x11\0\x0d" FOUR "\4", NULL),
		ROW(MARK "\x21\x11\0\x0e" FOUR "\4\0", NULL),
		ROW(MARK "\x21\x11\0\x0f" FOUR "\4\0\1", NULL),
		ROW(MARK "\x21\x11\0\x11" FOUR "\4\xff\xff" "ab", NULL),
		ROW(MARK "\x21\x11\x04\x01" FOUR, NULL),
		/* Others. */
		ROW("PROXY TCP4 1.2.3.4 10.0.0.1 49152 443\r\n", NULL),
		ROW("\r\n\r\n\0\r\nQUIT\r\x21\x11\0\x0c" FOUR, NULL), ROW("GET / HTTP/1.1\r\n\r\n", NULL),
	};
	char out[46];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		unsigned char *copy = malloc(rows[i].len);

		memcpy(copy, rows[i].bytes, rows[i].len);
		if (introduction_read(copy, rows[i].len, out, sizeof out) != (rows[i].who == NULL ? -1 : 0))
			fail_msg("row %zu", i);
		if (rows[i].who != NULL)
			assert_string_equal(out, rows[i].who);
		free(copy);
	}
}

/* Cut short, or with any byte changed: never a step beyond it. */
static void
test_every_change(void **state)
{
	static const char good[] = MARK "\x21\x11\0\x14" FOUR "\4\0\5hello";
	size_t len = sizeof good - 1;
	unsigned char *copy;
	char out[46];

	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		copy = malloc(cut + 1);
		memcpy(copy, good, cut);
		assert_int_equal(introduction_read(copy, cut, out, sizeof out), -1);
		free(copy);
	}
	copy = malloc(len);
	for (size_t at = 0; at < len; at++)
		for (int c = 0; c < 256; c++) {
			memcpy(copy, good, len);
			copy[at] = (unsigned char)c;
			if (introduction_read(copy, len, out, sizeof out) == 0 && at < 12)
				assert_int_equal(c, (unsigned char)good[at]);
		}
	free(copy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spell), cmocka_unit_test(test_range),
		cmocka_unit_test(test_network), cmocka_unit_test(test_client),
		cmocka_unit_test(test_long_list), cmocka_unit_test(test_lines),
		cmocka_unit_test(test_introduction), cmocka_unit_test(test_every_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
