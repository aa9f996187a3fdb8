/* A Cookie header: what is taken from it could be one of ours, and ours are found in it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "portal/cookie.h"
#include "portal/settings.h"
#include "wire/house.h"

static void
check_plain(const char *value)
{
	for (; *value != '\0'; value++)
		MUST(strchr("-_.~", *value) != NULL || (*value >= '0' && *value <= '9') ||
		    ((*value | 0x20) >= 'a' && (*value | 0x20) <= 'z'));
}

/* What we would give to a browser, as it sends it back: with others around it. */
static void
check_own(const char *flow, const char *others)
{
	char line[512], header[1024], again[FLOW_LONGEST + 1];
	char *from, *end;

	if (flow[0] == '\0' || strstr(others, "latchkey") != NULL)
		return;
	cookie_keep_flow(line, sizeof line, flow);
	MUST(strcmp(line + strlen(line) - 2, "\r\n") == 0 && strchr(line, '\n') == line + strlen(line) - 1);
	MUST((from = strchr(line, ' ')) != NULL && (end = strchr(from, ';')) != NULL);
	snprintf(header, sizeof header, "%.200s; %.*s", others, (int)(end - from - 1), from + 1);
	cookie_flow(header, again, sizeof again);
	MUST(strcmp(flow, again) == 0);
}

static void
check(const char *header)
{
	char flow[FLOW_LONGEST + 1], lang[LANG_LONGEST + 1];

	cookie_flow(header, flow, sizeof flow);
	check_plain(flow);
	MUST(flow[0] == '\0' || strstr(header, flow) != NULL);
	cookie_lang(header, lang, sizeof lang);
	check_plain(lang);
	check_own(flow, "a=b");
	check_own("qRsT-12_3", header);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *header = fuzz_text(data, size);

	strcpy(house.public_url, "http://linde.nl");
	check(header);
	strcpy(house.public_url, "https://linde.nl");
	check(header);
	free(header);
	return 0;
}
