/* Answers of the DNS that name servers, and the order in which those are tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ldap/srv.h"

/* ---- Answers ---------------------------------------------------------------------- */

struct packet {
	unsigned char	data[4096];
	size_t		len;
};

static void
put(struct packet *p, const void *data, size_t len)
{
	assert_true(p->len + len <= sizeof p->data);
	memcpy(p->data + p->len, data, len);
	p->len += len;
}

static void
put16(struct packet *p, unsigned int n)
{
	put(p, (unsigned char[]){ (unsigned char)(n >> 8), (unsigned char)n }, 2);
}

/* "dc1.x" as labels; "." is the root. */
static void
put_name(struct packet *p, const char *name)
{
	while (*name != '\0' && *name != '.') {
		size_t len = strcspn(name, ".");

		put(p, (unsigned char[]){ (unsigned char)len }, 1);
		put(p, name, len);
		name += len + (name[len] == '.');
	}
	put(p, "", 1);
}

/* An answer to a question about "s.x", which stands right behind the head. */
static void
begin(struct packet *p, unsigned int records)
{
	p->len = 0;
	put16(p, 7);
	put16(p, 0x8580);
	put16(p, 1);
	put16(p, records);
	put16(p, 0);
	put16(p, 0);
	put_name(p, "s.x");
	put16(p, 33);
	put16(p, 1);
}

enum { TYPE_A = 1, TYPE_SRV = 33, QUESTION = 12 };

static void
put_record(struct packet *p, unsigned int type, const struct packet *data)
{
	put16(p, 0xc000 | QUESTION);
	put16(p, type);
	put16(p, 1);
	put16(p, 0);
	put16(p, 60);
	put16(p, (unsigned int)data->len);
	put(p, data->data, data->len);
}

static void
put_srv(struct packet *p, unsigned int priority, unsigned int weight, unsigned int port,
    const char *host)
{
	struct packet data = { .len = 0 };

	put16(&data, priority);
	put16(&data, weight);
	put16(&data, port);
	put_name(&data, host);
	put_record(p, TYPE_SRV, &data);
}

static void
test_good(void **state)
{
	struct packet p;
	struct srv r[4];

	(void)state;
	begin(&p, 2);
	put_srv(&p, 0, 100, 389, "dc1.x");
	put_srv(&p, 10, 65535, 65535, "DC-2_b.Sub.X");
	assert_int_equal(srv_read(p.data, p.len, r, 4), 2);
	assert_string_equal(r[0].host, "dc1.x");
	assert_int_equal(r[0].port, 389);
	assert_string_equal(r[1].host, "dc-2_b.sub.x");
	assert_int_equal(r[1].priority, 10);
	assert_int_equal(r[1].weight, 65535);
	assert_int_equal(r[1].port, 65535);
	assert_int_equal(srv_read(p.data, p.len, r, 1), 1);
}

/* A host becomes part of an address: nothing in it may begin another, a port or a path. */
static void
test_left_out(void **state)
{
	static const char *const hosts[] = {
		".", "dc1,ldap://evil", "dc1 ldap://evil", "evil/x", "evil:1", "evil?x", "[::1]", "a%2e", "\xc3\xab.x",
	};
	struct packet p, data = { .len = 0 };
	struct srv r[4];

	(void)state;
	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
		begin(&p, 2);
		put_srv(&p, 0, 0, 389, hosts[i]);
		put_srv(&p, 0, 0, 389, "good.x");
		assert_int_equal(srv_read(p.data, p.len, r, 4), 1);
		assert_string_equal(r[0].host, "good.x");
	}
	begin(&p, 3);
	put(&data, "\x7f\x00\x00\x01", 4);
	put_record(&p, TYPE_A, &data);
	put_srv(&p, 0, 0, 0, "no-port.x");
	put_record(&p, TYPE_SRV, &data);
	assert_int_equal(srv_read(p.data, p.len, r, 4), 0);
}

/* Names that point to themselves, or beyond the end. */
static void
test_pointers(void **state)
{
	static const unsigned int to[] = { 0x3fff, 0x100, QUESTION };
	struct packet p, data;
	struct srv r[2];

	(void)state;
	for (size_t i = 0; i < sizeof to / sizeof to[0]; i++) {
		begin(&p, 1);
		data.len = 0;
		put16(&data, 0);
		put16(&data, 0);
		put16(&data, 389);
		put16(&data, 0xc000 | to[i]);
		put_record(&p, TYPE_SRV, &data);
		assert_int_equal(srv_read(p.data, p.len, r, 2), to[i] == QUESTION);
	}
	assert_string_equal(r[0].host, "s.x");
	begin(&p, 1);
	data.len = 6;
	put16(&data, 0xc000 | (unsigned int)(p.len + 12 + 6));
	put_record(&p, TYPE_SRV, &data);
	assert_int_equal(srv_read(p.data, p.len, r, 2), 0);
}

/* Wherever it is cut, what is read is what is there. */
static void
test_cut(void **state)
{
	struct packet p;
	struct srv r[2];

	(void)state;
	begin(&p, 2);
	put_srv(&p, 0, 0, 389, "dc1.x");
	put_srv(&p, 0, 0, 389, "dc2.x");
	for (size_t len = 0; len < p.len; len++)
		assert_true(srv_read(p.data, len, r, 2) < 2);
	assert_int_equal(srv_read(p.data, p.len, r, 2), 2);
}

/* ---- Order ------------------------------------------------------------------------- */

static unsigned int lots[8], n_lots, asked[8];

static unsigned int
draw(unsigned int most)
{
	asked[n_lots] = most;
	return lots[n_lots++];
}

static const char *
order(struct srv *r, size_t n, const unsigned int *drawn)
{
	static char said[64];

	memcpy(lots, drawn, n * sizeof *drawn);
	n_lots = 0;
	srv_order(r, n, draw);
	assert_int_equal(n_lots, n);
	said[0] = '\0';
	for (size_t i = 0; i < n; i++)
		snprintf(said + strlen(said), sizeof said - strlen(said), "%s ", r[i].host);
	return said;
}

static void
test_priorities(void **state)
{
	struct srv r[] = {
		{ 20, 1, 389, "c" }, { 0, 1, 389, "a" }, { 10, 65535, 389, "b" }
	};

	(void)state;
	assert_string_equal(order(r, 3, (unsigned int[]){ 0, 0, 0 }), "a b c ");
}

/* RFC 2782: the first whose running sum reaches the lot; who is without weight stands first. */
static void
test_weights(void **state)
{
	static const struct {
		unsigned int	 drawn[3];
		const char	*said;
	} rows[] = {
		{ { 0, 0, 0 }, "zero ten thirty " },
		{ { 1, 0, 0 }, "ten zero thirty " },
		{ { 10, 30, 0 }, "ten thirty zero " },
		{ { 11, 0, 0 }, "thirty zero ten " },
		{ { 40, 10, 0 }, "thirty ten zero " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct srv r[] = {
			{ 0, 10, 389, "ten" }, { 0, 0, 389, "zero" }, { 0, 30, 389, "thirty" }
		};

		assert_string_equal(order(r, 3, rows[i].drawn), rows[i].said);
		assert_int_equal(asked[0], 40);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good), cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_pointers), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_priorities), cmocka_unit_test(test_weights),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
