/*
 * replay.c - feeds a target what is known already: the files that are named, else
 * those of $srcdir/tests/fuzz/seeds/NAME.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

enum { SEED_LONGEST = 65536 };

static void
replay(const char *path)
{
	static uint8_t read[SEED_LONGEST];
	FILE *f = fopen(path, "rbe");
	uint8_t *data;
	size_t size;

	MUST(f != NULL);
	size = fread(read, 1, sizeof read, f);
	MUST(!ferror(f) && size < sizeof read);
	fclose(f);
	/* Of just that size, so that the sanitizer sees a read behind it. */
	data = malloc(size > 0 ? size : 1);
	MUST(data != NULL);
	memcpy(data, read, size);
	fprintf(stderr, "%s\n", path);
	MUST(LLVMFuzzerTestOneInput(data, size) == 0);
	free(data);
}

static int
replay_folder(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *e;
	char file[1024];
	int n = 0;

	if (folder == NULL)
		return 0;
	while ((e = readdir(folder)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof file, "%s/%s", path, e->d_name);
		replay(file);
		n++;
	}
	closedir(folder);
	return n;
}

int
main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir"), *name = strstr(argv[0], "fuzz_");
	char path[512];

	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	if (argc > 1)
		return 0;
	MUST(name != NULL);
	snprintf(path, sizeof path, "%s/tests/fuzz/seeds/%s", srcdir != NULL ? srcdir : ".",
	    name + strlen("fuzz_"));
	if (replay_folder(path) == 0) {
		fprintf(stderr, "%s holds no seed\n", path);
		return 1;
	}
	return 0;
}
