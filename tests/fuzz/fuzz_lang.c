/* Accept-Language: always a language that there is, and the one that is named alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "portal/page/lang.h"
#include "portal/settings.h"

static void
start(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/locale", fuzz_folder());
	MUST(mkdir(path, 0700) == 0);
	fuzz_catalog("locale/nl.mo");
	fuzz_catalog("locale/en.mo");
	fuzz_catalog("locale/pt-BR.mo");
	snprintf(settings.share, sizeof settings.share, "%s", fuzz_folder());
	strcpy(settings.languages[0], "nl");
	strcpy(settings.languages[1], "en");
	strcpy(settings.languages[2], "pt-BR");
	settings.n_languages = 3;
	MUST(lang_start() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	char *header = fuzz_text(data, size);
	const struct lang *l, *named;

	if (!started)
		start();
	started = true;
	l = lang_accepted(header);
	MUST(l == lang_at(0) || l == lang_at(1) || l == lang_at(2));
	/* The others are spoken only to who asks for them. */
	if (l != lang_at(0))
		MUST(strcasestr(header, l == lang_at(1) ? "en" : "pt") != NULL);
	if ((named = lang_find(header)) != NULL)
		MUST(l == named);
	free(header);
	return 0;
}
