/*
 * store_copy.c - a copy of the store while it is in use, and one in its place.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "keeper/store/store_own.h"

enum { PIECE = 65536, SPARE = 32 << 20 };	/* bytes; the spare ones are for those who work on */

int
store_lock(const char *folder, const char *name)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[512];
	int fd;

	snprintf(path, sizeof path, "%s/%s.lock", folder, name);
	/*
	 * Never closed: the lock lasts as long as the process, and no child has it.  A folder in
	 * which no file can be made is told of in better words by whatever comes next.
	 */
	if ((fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)) == -1)
		return 0;
	if (fcntl(fd, F_SETLK, &lock) == 0)
		return 0;
	close(fd);
	return -1;
}

/* All of it, from where ${in} stands to its end. */
static int
copy(int in, int out)
{
	static char piece[PIECE];
	ssize_t n, done, w;

	while ((n = read(in, piece, sizeof piece)) > 0)
		for (done = 0; done < n; done += w)
			if ((w = write(out, piece + done, (size_t)(n - done))) == -1)
				return -1;
	return n == 0 ? 0 : -1;
}

/* ---- Out ---------------------------------------------------------------------------- */

/* A disk that is filled up by a copy would stop the work. */
static bool
has_room(const char *folder, const char *path)
{
	struct statvfs fs;
	struct stat st;

	return stat(path, &st) == -1 || statvfs(folder, &fs) == -1 ||
	    (uint64_t)fs.f_bavail * fs.f_frsize > (uint64_t)st.st_size + SPARE;
}

static int
vacuum_into(const char *folder, const char *path, const char *to, char *why, size_t size)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	bool good;

	good = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
	    SQLITE_OK && sqlite3_busy_timeout(db, 10000) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "VACUUM INTO ?1", -1, &q, NULL) == SQLITE_OK &&
	    sqlite3_bind_text(q, 1, to, -1, SQLITE_STATIC) == SQLITE_OK &&
	    sqlite3_step(q) == SQLITE_DONE;
	if (!good)
		store_why(db, folder, why, size);
	sqlite3_finalize(q);
	sqlite3_close(db);
	return good ? 0 : -1;
}

int
store_copy_out(const char *folder, int out, char *why, size_t size)
{
	char path[512], to[512];
	int in, r = -1;

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	snprintf(to, sizeof to, "%s/copy.db", folder);
	if (store_lock(folder, "copy") == -1) {
		snprintf(why, size, "another copy is being made; wait for its end");
		return -1;
	}
	unlink(to);		/* of one that was killed */
	if (!has_room(folder, path))
		snprintf(why, size, "there is no room for a copy beside it; make room in %s", folder);
	else if (vacuum_into(folder, path, to, why, size) == 0) {
		if ((in = open(to, O_RDONLY | O_CLOEXEC)) != -1 && copy(in, out) == 0 &&
		    (fsync(out) == 0 || errno == EINVAL || errno == EROFS))
			r = 0;
		else
			snprintf(why, size, "the copy cannot be written: %s", strerror(errno));
		if (in != -1)
			close(in);
	}
	unlink(to);
	return r;
}

/* ---- In ----------------------------------------------------------------------------- */

int
store_copy_in(const char *folder, int in, char *why, size_t size)
{
	char beside[256], path[512];
	int out, r = -1;

	snprintf(beside, sizeof beside, "%.240s/restore", folder);
	snprintf(path, sizeof path, "%s/latchkey.db", beside);
	store_drop_copy(folder);
	if (mkdir(beside, 0700) == -1 ||
	    (out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) == -1) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (copy(in, out) == 0 && fsync(out) == 0)
		r = 0;
	else
		snprintf(why, size, "%s: %s", path, strerror(errno));
	close(out);
	return r == 0 ? store_look_at(path, beside, LOOK_COPY, why, size) : r;
}

int
store_halts_of(const char *folder)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	int halts = 0, r;
	char path[512];

	snprintf(path, sizeof path, "%s/latchkey.db", folder);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "SELECT what FROM halt", -1, &q, NULL) != SQLITE_OK)
		halts = -1;
	while (halts != -1 && (r = sqlite3_step(q)) != SQLITE_DONE)
		halts = r == SQLITE_ROW ? halts | (int)store_halt_bit(q) : -1;
	sqlite3_finalize(q);
	sqlite3_close(db);
	return halts;
}

void
store_drop_copy(const char *folder)
{
	static const char *const files[] = {
		"latchkey.db", "latchkey.db-wal", "latchkey.db-shm", "latchkey.db-journal", ""
	};
	char path[512];

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		snprintf(path, sizeof path, "%s/restore/%s", folder, files[i]);
		remove(path);
	}
}

/*
 * First the old one goes: what it had not put in its place yet belongs to it, and would be
 * put into whatever database is found there.
 */
int
store_take_copy(const char *folder)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char from[512], to[512];
	int fd;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(from, sizeof from, "%s/latchkey.db%s", folder, ends[i]);
		snprintf(to, sizeof to, "%s/before.db%s", folder, ends[i]);
		if (rename(from, to) == -1 && (errno != ENOENT || (unlink(to) == -1 && errno != ENOENT)))
			return -1;
	}
	snprintf(from, sizeof from, "%s/restore/latchkey.db", folder);
	snprintf(to, sizeof to, "%s/latchkey.db", folder);
	if (rename(from, to) == -1)
		return -1;
	if ((fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != -1) {
		fsync(fd);
		close(fd);
	}
	store_drop_copy(folder);
	return 0;
}
