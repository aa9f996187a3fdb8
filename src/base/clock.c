#include "base/clock.h"

#include <time.h>

static int64_t shift;

int64_t
clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec + shift;
}

int64_t
clock_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ((int64_t)ts.tv_sec + shift) * 1000 + ts.tv_nsec / 1000000;
}

void
clock_shift(int64_t seconds)
{
	shift += seconds;
}
