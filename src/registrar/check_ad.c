#include "registrar/check_ad.h"

#include "base/program.h"
#include "registrar/settings.h"

void
check_ad(struct dir *d)
{
	bool hints;

	if (dir_hints(d, &hints) == DIR_OK && !hints &&
	    registrar.directory.history == HISTORY_REQUIRE)
		program_fault(0, "registrar.directory.history", "this server does not know policy "
		    "hints, so it cannot hold a reset to the password history");
}
