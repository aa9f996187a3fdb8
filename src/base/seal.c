#include "base/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

void
seal_path(const char *path, char *out, size_t size)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");

	snprintf(out, size, "%s%s%s", path[0] != '/' && dir != NULL ? dir : "",
	    path[0] != '/' && dir != NULL ? "/" : "", path);
}

/* Open a file that holds a secret; refuse one that others may read or change. */
int
seal_file(const char *path, char *why, size_t size)
{
	char full[4096];
	struct stat st;
	int fd;

	seal_path(path, full, sizeof full);
	if ((fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) == -1) {
		snprintf(why, size, "%s cannot be opened: %s", full, strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
		snprintf(why, size, "%s is not a plain file", full);
		goto err;
	}
	if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0) {
		snprintf(why, size, "%s may be read or changed by other users; chmod 0600 it", full);
		goto err;
	}
	return fd;
err:
	close(fd);
	return -1;
}

/* Read a small one. */
static int
load(const char *path, char *data, size_t size, char *why, size_t why_size)
{
	int fd = seal_file(path, why, why_size);
	ssize_t n;

	if (fd == -1)
		return -1;
	n = read(fd, data, size - 1);
	close(fd);
	if (n <= 0) {
		snprintf(why, why_size, "%s is empty or cannot be read", path);
		return -1;
	}
	data[n] = '\0';
	return 0;
}

static int
read_key(struct key *key, const char *line)
{
	size_t len;

	if (OPENSSL_hexstr2buf_ex(key->byte, KEY_SIZE, &len, line, '\0') == 1 && len == KEY_SIZE)
		return 0;
	ERR_clear_error();
	return -1;
}

int
key_load_two(struct key *key, struct key *before, const char *path, char *why, size_t size)
{
	static const char ends[] = "\r\n";
	char text[256], *rest, *first, *second;
	int r = -1;

	if (load(path, text, sizeof text, why, size) == -1)
		return -1;
	first = strtok_r(text, ends, &rest);
	second = strtok_r(NULL, ends, &rest);
	if (first == NULL || read_key(key, first) == -1)
		snprintf(why, size, "%s does not hold 64 hexadecimal digits; "
		    "make a key with: openssl rand -hex 32", path);
	else if (second != NULL && (before == NULL || read_key(before, second) == -1 ||
	    strtok_r(NULL, ends, &rest) != NULL))
		snprintf(why, size, "%s: %s", path, before == NULL ? "this key cannot be changed, and has "
		    "one line" : "behind the key there may be one line more, with the key of before");
	else
		r = second == NULL ? 1 : 2;
	explicit_bzero(text, sizeof text);
	return r;
}

int
key_load(struct key *key, const char *path, char *why, size_t size)
{
	return key_load_two(key, NULL, path, why, size) == -1 ? -1 : 0;
}

int
secret_load(struct secret *secret, const char *path, char *why, size_t size)
{
	char text[SECRET_LONGEST + 2];
	int r;

	if (load(path, text, sizeof text, why, size) == -1)
		return -1;
	text[strcspn(text, "\r\n")] = '\0';
	r = text[0] == '\0' ? -1 : secret_set(secret, text, strlen(text));
	if (r == -1)
		snprintf(why, size, "%s: its first line is empty or too long", path);
	explicit_bzero(text, sizeof text);
	return r;
}

void
key_wipe(struct key *key)
{
	explicit_bzero(key, sizeof *key);
}

uint32_t
key_id(const struct key *key)
{
	static const struct piece name = { "key id", 6 };
	unsigned char hash[HASH_SIZE];

	seal_hmac(key, &name, 1, hash);
	return (uint32_t)hash[0] << 24 | (uint32_t)hash[1] << 16 | (uint32_t)hash[2] << 8 | hash[3];
}

void
seal_random(void *out, size_t len)
{
	unsigned char *p = out;

	while (len > 0) {
		ssize_t n = getrandom(p, len, 0);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			abort();
		p += n;
		len -= (size_t)n;
	}
}

void
seal_mac(const struct key *key, const void *data, size_t len, unsigned char out[HASH_SIZE])
{
	unsigned int got = HASH_SIZE;

	if (HMAC(EVP_sha256(), key->byte, KEY_SIZE, data, len, out, &got) == NULL)
		abort();
}

void
seal_hmac(const struct key *key, const struct piece *pieces, size_t n, unsigned char out[HASH_SIZE])
{
	unsigned char flat[4096];
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		if (pieces[i].len > UINT16_MAX || sizeof flat - at < pieces[i].len + 2)
			abort();
		flat[at++] = (unsigned char)(pieces[i].len >> 8);
		flat[at++] = (unsigned char)(pieces[i].len & 0xff);
		memcpy(flat + at, pieces[i].data, pieces[i].len);
		at += pieces[i].len;
	}
	seal_mac(key, flat, at, out);
	explicit_bzero(flat, at);
}

void
seal_hash(const void *data, size_t len, unsigned char out[HASH_SIZE])
{
	if (EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) != 1)
		abort();
}

size_t
seal_close(const struct key *key, struct piece tag, const void *plain, size_t len, void *box,
    size_t size)
{
	unsigned char *nonce = box, *text = nonce + 12, *mac = text + len;
	EVP_CIPHER_CTX *ctx;
	int n;

	if (size < len + SEAL_EXTRA)
		return 0;
	seal_random(nonce, 12);
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL ||
	    EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->byte, nonce) != 1 ||
	    EVP_EncryptUpdate(ctx, NULL, &n, tag.data, (int)tag.len) != 1 ||
	    EVP_EncryptUpdate(ctx, text, &n, plain, (int)len) != 1 ||
	    EVP_EncryptFinal_ex(ctx, text + n, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, 16, mac) != 1)
		abort();
	EVP_CIPHER_CTX_free(ctx);
	return len + SEAL_EXTRA;
}

long
seal_open(const struct key *key, struct piece tag, const void *box, size_t len, void *plain,
    size_t size)
{
	const unsigned char *nonce = box, *text = nonce + 12;
	unsigned char mac[16];
	EVP_CIPHER_CTX *ctx;
	int n, end;
	long r = -1;

	if (len < SEAL_EXTRA || size < len - SEAL_EXTRA)
		return -1;
	memcpy(mac, nonce + len - 16, 16);
	if ((ctx = EVP_CIPHER_CTX_new()) == NULL)
		abort();
	if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key->byte, nonce) == 1 &&
	    EVP_DecryptUpdate(ctx, NULL, &n, tag.data, (int)tag.len) == 1 &&
	    EVP_DecryptUpdate(ctx, plain, &n, text, (int)(len - SEAL_EXTRA)) == 1 &&
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, 16, mac) == 1 &&
	    EVP_DecryptFinal_ex(ctx, (unsigned char *)plain + n, &end) == 1)
		r = n + end;
	EVP_CIPHER_CTX_free(ctx);
	if (r == -1)
		explicit_bzero(plain, len - SEAL_EXTRA);
	return r;
}
