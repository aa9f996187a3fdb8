/* folder.h - a folder of a test's own, for a store or for sockets. */
#ifndef UNIT_FOLDER_H
#define UNIT_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

static char folder[64];

static void
make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/latchkey-unit-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

/** remove_folder(): with all that is in it; return what a teardown returns. */
static int
remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command);
}

#endif
