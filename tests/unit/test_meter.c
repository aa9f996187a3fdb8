#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "keeper/meter.h"

enum { NOW = 1800000000, MINUTE = 60, HOUR = 3600 };

/* However they fall, no hour and no day has more of them than is counted at its end. */
static void
test_never_short(void **state)
{
	static const struct { enum span span; int64_t length; } spans[] = {
		{ SPAN_HOUR, HOUR }, { SPAN_DAY, DAY },
	};
	struct meter m = { 0 };
	int64_t at[400];

	(void)state;
	srandom(1);
	for (int i = 0; i < 400; i++) {
		at[i] = (i == 0 ? NOW : at[i - 1]) + random() % (i % 7 == 0 ? HOUR : 5 * MINUTE);
		meter_add(&m, at[i]);
		for (int s = 0; s < SPAN__COUNT; s++) {
			uint32_t within = 0, within_more = 0;

			for (int j = 0; j <= i; j++) {
				within += at[j] > at[i] - spans[s].length;
				within_more += at[j] > at[i] - spans[s].length * 13 / 12;
			}
			assert_in_range(meter_count(&m, spans[s].span, at[i]), within, within_more);
		}
	}
	assert_int_equal(meter_count(&m, SPAN_DAY, meter_until(at[399])), 0);
}

static void
test_taken_back(void **state)
{
	struct meter m = { 0 };

	(void)state;
	meter_add(&m, NOW);
	meter_add(&m, NOW + 20 * MINUTE);
	meter_take_back(&m, NOW);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW + 20 * MINUTE), 1);
	meter_take_back(&m, NOW - 2 * DAY);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW + 20 * MINUTE), 1);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW + 79 * MINUTE), 1);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW + 90 * MINUTE), 0);
	assert_int_equal(meter_count(&m, SPAN_DAY, NOW + 90 * MINUTE), 1);
}

/* By an hour: nothing is forgiven.  By a year: nothing is held until then. */
static void
test_clock_set_back(void **state)
{
	struct meter m = { 0 };

	(void)state;
	meter_add(&m, NOW);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW - HOUR), 1);
	meter_add(&m, NOW - HOUR);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW - HOUR), 2);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW), 2);
	assert_int_equal(meter_count(&m, SPAN_HOUR, NOW - 365 * DAY), 0);
	meter_add(&m, NOW - 365 * DAY);
	assert_int_equal(meter_count(&m, SPAN_DAY, NOW - 365 * DAY), 1);
}

static void
test_packed(void **state)
{
	unsigned char bytes[METER_PACKED], twice[METER_PACKED];
	struct meter m = { 0 }, again;

	(void)state;
	meter_add(&m, NOW);
	meter_add(&m, NOW + 2 * HOUR);
	meter_pack(&m, bytes);
	assert_int_equal(meter_unpack(&again, bytes, sizeof bytes), 0);
	meter_pack(&again, twice);
	assert_memory_equal(twice, bytes, sizeof bytes);
	assert_int_equal(meter_unpack(&again, bytes, sizeof bytes - 1), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_short),
		cmocka_unit_test(test_taken_back),
		cmocka_unit_test(test_clock_set_back),
		cmocka_unit_test(test_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
