#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* In memory: some targets write a file for every input. */
static char folder[] = "/dev/shm/latchkey-fuzz-XXXXXX";

void
fuzz_broken(const char *file, int line, const char *what)
{
	dprintf(STDERR_FILENO, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}

char *
fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *fitting;

	MUST(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	/* No longer than the text, so that the sanitizer sees a read behind it. */
	fitting = strdup(text);
	MUST(fitting != NULL);
	free(text);
	return fitting;
}

char *
fuzz_halves(char *text)
{
	char *end = strchr(text, '\n');

	if (end == NULL)
		return text + strlen(text);
	*end = '\0';
	return end + 1;
}

void
fuzz_file(const uint8_t *data, size_t size, char path[32])
{
	static int fd = -1;

	if (fd == -1)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	MUST(fd != -1 && ftruncate(fd, 0) == 0);
	MUST(pwrite(fd, data, size, 0) == (ssize_t)size);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
}

static int
remove_one(const char *path, const struct stat *sb, int flag, struct FTW *where)
{
	(void)sb;
	(void)flag;
	(void)where;
	return remove(path);
}

static void
remove_folder(void)
{
	nftw(folder, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

const char *
fuzz_folder(void)
{
	if (strstr(folder, "XXXXXX") != NULL) {
		MUST(mkdtemp(folder) != NULL);
		MUST(atexit(remove_folder) == 0);
	}
	return folder;
}

void
fuzz_write(const char *name, const void *data, size_t size)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd != -1);
	MUST(write(fd, data, size) == (ssize_t)size);
	close(fd);
}

void
fuzz_catalog(const char *name)
{
	/* Magic, version, no texts, and where the tables of none of them begin. */
	static const uint32_t empty[7] = { 0x950412deU, 0, 0, 28, 28, 0, 28 };

	fuzz_write(name, empty, sizeof empty);
}

void
fuzz_quiet(void)
{
	/* The descriptor stays as it is: sanitizers and libFuzzer write there. */
	MUST((stderr = fopen("/dev/null", "we")) != NULL);
}
