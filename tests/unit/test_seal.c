/* Keys, hashes and boxes: what was sealed opens; anything else does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/seal.h"

static struct key key = { { 1, 2, 3 } };

static void
test_opens_what_was_closed(void **state)
{
	unsigned char box[64], plain[64];
	struct piece tag = { "ticket", 6 };
	size_t n = seal_close(&key, tag, "geheim", 6, box, sizeof box);

	(void)state;
	assert_int_equal(n, 6 + SEAL_EXTRA);
	assert_int_equal(seal_open(&key, tag, box, n, plain, sizeof plain), 6);
	assert_memory_equal(plain, "geheim", 6);
	assert_int_equal(seal_close(&key, tag, "geheim", 6, box, 33), 0);
}

static void
test_any_changed_bit_is_refused(void **state)
{
	unsigned char box[64], plain[64];
	struct piece tag = { "ticket", 6 }, other = { "audit", 5 };
	struct key wrong = key;
	size_t n = seal_close(&key, tag, "geheim", 6, box, sizeof box);

	(void)state;
	for (size_t bit = 0; bit < n * 8; bit++) {
		box[bit / 8] ^= (unsigned char)(1U << bit % 8);
		assert_int_equal(seal_open(&key, tag, box, n, plain, sizeof plain), -1);
		box[bit / 8] ^= (unsigned char)(1U << bit % 8);
	}
	for (size_t len = 0; len < n; len++)
		assert_int_equal(seal_open(&key, tag, box, len, plain, sizeof plain), -1);
	assert_int_equal(seal_open(&key, other, box, n, plain, sizeof plain), -1);
	wrong.byte[31] ^= 1;
	assert_int_equal(seal_open(&wrong, tag, box, n, plain, sizeof plain), -1);
}

static void
test_pieces_do_not_run_together(void **state)
{
	unsigned char a[HASH_SIZE], b[HASH_SIZE];

	(void)state;
	seal_hmac(&key, (struct piece[]){ { "ab", 2 }, { "c", 1 } }, 2, a);
	seal_hmac(&key, (struct piece[]){ { "a", 1 }, { "bc", 2 } }, 2, b);
	assert_memory_not_equal(a, b, HASH_SIZE);
}

static void
test_hash_vector(void **state)
{
	static const unsigned char abc[4] = { 0xba, 0x78, 0x16, 0xbf };
	unsigned char h[HASH_SIZE];

	(void)state;
	seal_hash("abc", 3, h);
	assert_memory_equal(h, abc, sizeof abc);
}

static int
load_text(const char *text, mode_t mode, struct key *k, char *why, size_t size)
{
	char path[] = "/tmp/latchkey-key-XXXXXX";
	int fd = mkstemp(path), r;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	fchmod(fd, mode);
	close(fd);
	r = key_load(k, path, why, size);
	unlink(path);
	return r;
}

static void
test_key_files(void **state)
{
	static const char good[] =
	    "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n";
	char why[512], bad[sizeof good + 1];
	struct key k;

	(void)state;
	assert_int_equal(load_text(good, 0600, &k, why, sizeof why), 0);
	assert_int_equal(k.byte[31], 0xff);
	assert_int_equal(load_text(good, 0644, &k, why, sizeof why), -1);
	assert_non_null(strstr(why, "chmod"));
	assert_int_equal(load_text("0011\n", 0600, &k, why, sizeof why), -1);
	assert_non_null(strstr(why, "openssl rand"));
	assert_int_equal(load_text("", 0600, &k, why, sizeof why), -1);
	memcpy(bad, good, sizeof good);
	bad[40] = 'g';
	assert_int_equal(load_text(bad, 0600, &k, why, sizeof why), -1);
	snprintf(bad, sizeof bad, "%.64s00", good);
	assert_int_equal(load_text(bad, 0600, &k, why, sizeof why), -1);
	assert_int_equal(key_load(&k, "/nonexistent", why, sizeof why), -1);
}

static void
test_where_a_secret_is(void **state)
{
	char full[64];

	(void)state;
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
	seal_path("code.key", full, sizeof full);
	assert_string_equal(full, "/run/credentials/x/code.key");
	seal_path("/etc/code.key", full, sizeof full);
	assert_string_equal(full, "/etc/code.key");
	unsetenv("CREDENTIALS_DIRECTORY");
	seal_path("code.key", full, sizeof full);
	assert_string_equal(full, "code.key");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_opens_what_was_closed),
		cmocka_unit_test(test_any_changed_bit_is_refused),
		cmocka_unit_test(test_pieces_do_not_run_together),
		cmocka_unit_test(test_hash_vector),
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_where_a_secret_is),
	};

	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
