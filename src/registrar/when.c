#include "registrar/when.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TICKS_A_SECOND 10000000

int64_t
when_generalized(const char *v)
{
	struct tm tm = { 0 };

	if (v == NULL || sscanf(v, "%4d%2d%2d%2d%2d%2d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday,
	    &tm.tm_hour, &tm.tm_min, &tm.tm_sec) < 5)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	return (int64_t)timegm(&tm);
}

static int
whole(const char *v, int64_t *n)
{
	char *end;

	if (v == NULL || *v == '\0')
		return -1;
	errno = 0;
	*n = strtoll(v, &end, 10);
	return *end == '\0' && errno == 0 ? 0 : -1;
}

int64_t
when_filetime(const char *v)
{
	int64_t ticks;

	if (whole(v, &ticks) == -1 || ticks == 0 || ticks == INT64_MAX)
		return 0;
	return ticks / TICKS_A_SECOND - SECONDS_1601_TO_1970;
}

uint32_t
when_span(const char *v)
{
	int64_t ticks;

	if (whole(v, &ticks) == -1 || ticks >= 0 || ticks == INT64_MIN)
		return 0;
	ticks = -ticks / TICKS_A_SECOND;
	return ticks > INT32_MAX ? INT32_MAX : (uint32_t)ticks;
}
