#include "base/rekey.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/seal.h"
#include "base/text.h"

enum { LINE = 2 * KEY_SIZE + 1, PATH_LONGEST = 4096 };

/* Whoever reads it meanwhile finds the old file or the new one, whole. */
static int
replace(const char *full, const char *text, size_t len)
{
	char fresh[PATH_LONGEST + 8];
	struct stat st;
	int fd, r = -1;

	snprintf(fresh, sizeof fresh, "%s.new", full);
	if (stat(full, &st) == -1 ||
	    (fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600)) == -1)
		return -1;
	if (fchown(fd, st.st_uid, st.st_gid) == 0 && fchmod(fd, st.st_mode & 0777) == 0 &&
	    write(fd, text, len) == (ssize_t)len && fsync(fd) == 0)
		r = 0;
	if (close(fd) == -1 || r == -1 || rename(fresh, full) == -1) {
		unlink(fresh);
		return -1;
	}
	return 0;
}

static int
write_keys(const char *path, const struct key *keys, size_t n, char *why, size_t size)
{
	char full[PATH_LONGEST], text[2 * LINE + 1];
	int r;

	for (size_t i = 0; i < n; i++) {
		text_hex(text + i * LINE, keys[i].byte, KEY_SIZE);
		text[i * LINE + LINE - 1] = '\n';
	}
	seal_path(path, full, sizeof full);
	if ((r = replace(full, text, n * LINE)) == -1)
		snprintf(why, size, "%s cannot be replaced: %s", full, strerror(errno));
	explicit_bzero(text, sizeof text);
	return r;
}

int
rekey_begin(const char *path, char *why, size_t size)
{
	struct key keys[2], before;
	int n = key_load_two(&keys[1], &before, path, why, size), r = -1;

	if (n == 2)
		snprintf(why, size, "%s holds a key of before already; that one has to go first", path);
	if (n == 1) {
		seal_random(keys[0].byte, KEY_SIZE);
		r = write_keys(path, keys, 2, why, size);
	}
	explicit_bzero(keys, sizeof keys);
	key_wipe(&before);
	return r;
}

int
rekey_end(const char *path, char *why, size_t size)
{
	struct key key, before;
	int n = key_load_two(&key, &before, path, why, size), r = -1;

	if (n == 1)
		snprintf(why, size, "%s holds one key alone: there is nothing to end", path);
	if (n == 2)
		r = write_keys(path, &key, 1, why, size);
	key_wipe(&key);
	key_wipe(&before);
	return r;
}

int64_t
rekey_since(const char *path)
{
	char full[PATH_LONGEST];
	struct stat st;

	seal_path(path, full, sizeof full);
	return stat(full, &st) == 0 ? st.st_mtime : 0;
}
