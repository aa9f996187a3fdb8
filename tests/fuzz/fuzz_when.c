/* Times and spans of directories: those of a usual year come out as they were written. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz.h"
#include "registrar/when.h"

static void
check_generalized(const char *text)
{
	int64_t t = when_generalized(text);
	time_t at = (time_t)t;
	char again[32];
	struct tm tm;

	MUST(t > INT64_C(-100000000000) && t < INT64_C(400000000000));
	if (t <= 0)
		return;
	MUST(gmtime_r(&at, &tm) != NULL);
	MUST(strftime(again, sizeof again, "%Y%m%d%H%M%SZ", &tm) > 0);
	MUST(when_generalized(again) == t || tm.tm_year + 1900 > 9999);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), ticks[32];
	int64_t t;

	check_generalized(text);
	t = when_filetime(text);
	MUST(t >= INT64_MIN / 10000000 - SECONDS_1601_TO_1970 && t <= INT64_MAX / 10000000);
	if (t > 0) {
		snprintf(ticks, sizeof ticks, "%" PRId64, (t + SECONDS_1601_TO_1970) * 10000000);
		MUST(when_filetime(ticks) == t);
	}
	MUST(when_span(text) <= INT32_MAX);
	MUST(when_span(text) == 0 || strchr(text, '-') != NULL);
	free(text);
	return 0;
}
