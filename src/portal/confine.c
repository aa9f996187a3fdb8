#include "portal/confine.h"

#include <stddef.h>
#include <stdio.h>

#include "base/program.h"
#include "base/sandbox.h"
#include "base/seal.h"
#include "portal/settings.h"

/* Others may take their place while it runs, so it is the folder that counts. */
static void
read_beside(const char *file)
{
	char path[4096];

	if (file[0] == '\0')
		return;
	seal_path(file, path, sizeof path);
	sandbox_read_beside(path);
}

void
confine(void)
{
	/* Each by its own name, which may be a link to elsewhere. */
	static const char *const parts[] = { "", "/pages", "/style", "/api", "/sound", "/locale" };
	char path[300];

	sandbox_begin(program_settings());
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		snprintf(path, sizeof path, "%s%s", settings.share, parts[i]);
		sandbox_read(path);
	}
	sandbox_read(settings.pages);
	read_beside(settings.tls_certificate);
	read_beside(settings.tls_key);
	sandbox_enter(false);
}
