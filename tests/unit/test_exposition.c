/* Metrics as text: what is summed up, what is in seconds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <event2/buffer.h>

#include "portal/exposition.h"

static const char *const colours[] = { "red", "blue" };
static const char *const sizes[] = { "small" };

static const struct metric table[] = {
	{ "plain", "A line.", METRIC_GAUGE, false, { { 0 } } },
	{ "two_total", "Two labels.", METRIC_COUNTER, false,
	    { { "colour", colours, 2 }, { "size", sizes, 1 } } },
	{ "busy_total", "In seconds.", METRIC_COUNTER, true, { { 0 } } },
	{ "time", "A histogram.", METRIC_HISTOGRAM, true, { { "size", sizes, 1 } } },
};

static const char expected[] =
    "# HELP plain A line.\n# TYPE plain gauge\nplain -3\n"
    "# HELP two_total Two labels.\n# TYPE two_total counter\n"
    "two_total{colour=\"red\",size=\"small\"} 0\ntwo_total{colour=\"blue\",size=\"small\"} 7\n"
    "# HELP busy_total In seconds.\n# TYPE busy_total counter\nbusy_total 12.000034\n"
    "# HELP time A histogram.\n# TYPE time histogram\n"
    "time_bucket{size=\"small\",le=\"0.001\"} 1\ntime_bucket{size=\"small\",le=\"0.003\"} 1\n"
    "time_bucket{size=\"small\",le=\"0.01\"} 2\ntime_bucket{size=\"small\",le=\"0.03\"} 2\n"
    "time_bucket{size=\"small\",le=\"0.1\"} 2\ntime_bucket{size=\"small\",le=\"0.3\"} 2\n"
    "time_bucket{size=\"small\",le=\"1\"} 2\ntime_bucket{size=\"small\",le=\"3\"} 2\n"
    "time_bucket{size=\"small\",le=\"10\"} 2\ntime_bucket{size=\"small\",le=\"+Inf\"} 3\n"
    "time_sum{size=\"small\"} 20.006000\ntime_count{size=\"small\"} 3\n";

static void
test_text(void **state)
{
	struct metrics m = { .table = table, .n = sizeof table / sizeof table[0] };
	struct evbuffer *out = evbuffer_new();

	(void)state;
	*metrics_at(&m, 0, 0, 0) = -3;
	*metrics_at(&m, 1, 1, 0) = 7;
	*metrics_at(&m, 2, 0, 0) = 12000034;
	metrics_time(&m, 3, 0, 1000);
	metrics_time(&m, 3, 0, 5000);
	metrics_time(&m, 3, 0, 20000000);
	exposition_write(&m, out);
	evbuffer_add(out, "", 1);
	assert_string_equal((const char *)evbuffer_pullup(out, -1), expected);
	evbuffer_free(out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_text) };

	return cmocka_run_group_tests_name("exposition", tests, NULL, NULL);
}
