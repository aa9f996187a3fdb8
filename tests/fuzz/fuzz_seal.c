/* Sealed boxes: only what was sealed opens, for what it was sealed, and it is the same. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/seal.h"
#include "fuzz.h"

enum { ROOM = 4096 };

static const struct piece tag = { "fuzz", 4 }, other = { "fuz", 3 };
static struct key key, stranger;

static void
check_own(const uint8_t *data, size_t size)
{
	static unsigned char box[ROOM + SEAL_EXTRA], plain[ROOM];
	size_t len = seal_close(&key, tag, data, size, box, sizeof box);

	MUST(len == size + SEAL_EXTRA);
	MUST(seal_close(&key, tag, data, size, box, len - 1) == 0);
	len = seal_close(&key, tag, data, size, box, sizeof box);
	MUST(seal_open(&key, tag, box, len, plain, sizeof plain) == (long)size);
	MUST(memcmp(plain, data, size) == 0);
	MUST(seal_open(&key, other, box, len, plain, sizeof plain) == -1);
	MUST(seal_open(&stranger, tag, box, len, plain, sizeof plain) == -1);
	MUST(size == 0 || seal_open(&key, tag, box, len, plain, size - 1) == -1);
	MUST(seal_open(&key, tag, box, len - 1, plain, sizeof plain) == -1);
	box[data[0] % len] ^= (unsigned char)(1 << (data[size - 1] & 7));
	MUST(seal_open(&key, tag, box, len, plain, sizeof plain) == -1);
}

/* What a file says that should hold a key, or a secret. */
static void
check_file(const uint8_t *data, size_t size)
{
	static struct secret secret;
	struct key read;
	char path[128], why[256] = "";

	fuzz_write("secret", data, size);
	snprintf(path, sizeof path, "%s/secret", fuzz_folder());
	if (key_load(&read, path, why, sizeof why) == -1)
		MUST(why[0] != '\0');
	why[0] = '\0';
	if (secret_load(&secret, path, why, sizeof why) == -1)
		MUST(why[0] != '\0');
	else
		MUST(secret.len > 0 && strlen(secret.text) == secret.len &&
		    strpbrk(secret.text, "\n") == NULL && memcmp(secret.text, data, secret.len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char plain[ROOM];
	static bool started;

	if (!started) {
		seal_random(key.byte, KEY_SIZE);
		seal_random(stranger.byte, KEY_SIZE);
	}
	started = true;
	MUST(seal_open(&key, tag, data, size, plain, sizeof plain) == -1);
	if (size > 0 && size <= ROOM)
		check_own(data, size);
	check_file(data, size);
	return 0;
}
