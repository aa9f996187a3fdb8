/* A birth date: each way of writing what was read is read as the same day. */
#include <stdio.h>
#include <stdlib.h>

#include "base/birthdate.h"
#include "fuzz.h"

static void
check_same(const char *text, const struct birthdate *d)
{
	struct birthdate again;

	MUST(birthdate_read(text, &again) == 0);
	MUST(again.year == d->year && again.month == d->month && again.day == d->day);
}

static void
check(const struct birthdate *d)
{
	char text[64];

	snprintf(text, sizeof text, "%d-%d-%d", d->day, d->month, d->year);
	check_same(text, d);
	snprintf(text, sizeof text, "%d/%d/%d", d->year, d->month, d->day);
	check_same(text, d);
	snprintf(text, sizeof text, "%02d%02d%04d", d->day, d->month, d->year);
	check_same(text, d);
	snprintf(text, sizeof text, "%04d%02d%02d", d->year, d->month, d->day);
	check_same(text, d);
	snprintf(text, sizeof text, "%04d%02d%02d000000Z", d->year, d->month, d->day);
	check_same(text, d);
	snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00Z", d->year, d->month, d->day);
	check_same(text, d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct birthdate d;

	if (birthdate_read(text, &d) == 0)
		check(&d);
	else
		MUST(d.year == 0 && d.month == 0 && d.day == 0);
	free(text);
	return 0;
}
