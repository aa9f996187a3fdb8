/* The JSON API: whatever it lets through, the wire can carry to keeper. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "portal/api.h"
#include "portal/settings.h"

static void
start(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/locale", fuzz_folder());
	MUST(mkdir(path, 0700) == 0);
	fuzz_catalog("locale/nl.mo");
	fuzz_catalog("locale/en.mo");
	snprintf(settings.share, sizeof settings.share, "%s", fuzz_folder());
	strcpy(settings.languages[0], "nl");
	strcpy(settings.languages[1], "en");
	settings.n_languages = 2;
	MUST(lang_start() == 0);
	api_start();
}

static void
check_packs(struct msg *m)
{
	unsigned char packet[MSG_LONGEST];
	struct msg got;
	size_t len = msg_pack(m, ROLE_PORTAL, packet, sizeof packet);

	MUST(len > 0);
	MUST(msg_unpack(&got, packet, len, ROLE_PORTAL, ROLE_KEEPER) == MSG_GOOD);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool started;
	static struct msg m;
	const char *text = (const char *)data;

	if (!started)
		start();
	started = true;
	if (api_read_open(&m, text, size, "en") == REASON_NONE) {
		MUST(lang_find(m.u.open.lang) != NULL);
		check_packs(&m);
	}
	if (api_read_answer(&m, text, size) == REASON_NONE)
		check_packs(&m);
	m = (struct msg){ .type = MSG_SHOW };
	if (api_read_flow(&m, text, size) == REASON_NONE)
		check_packs(&m);
	return 0;
}
