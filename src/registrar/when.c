#include "registrar/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define TICKS_A_SECOND 10000000

/* So many digits at ${*at}, which is moved past them; false if they are not there. */
static bool
take(const char **at, int digits, int *n)
{
	for (*n = 0; digits > 0; digits--, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*n = *n * 10 + (**at - '0');
	}
	return true;
}

int64_t
when_generalized(const char *v)
{
	struct tm tm = { 0 };

	if (v == NULL || !take(&v, 4, &tm.tm_year) || !take(&v, 2, &tm.tm_mon) ||
	    !take(&v, 2, &tm.tm_mday) || !take(&v, 2, &tm.tm_hour) || !take(&v, 2, &tm.tm_min))
		return 0;
	/* OpenLDAP leaves them out of the year nought, an admin's lock. */
	if (isdigit((unsigned char)*v) && !take(&v, 2, &tm.tm_sec))
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
