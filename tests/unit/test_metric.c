/* Metrics: each combination of words has a cell of its own; keeper's fit its message. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/metric.h"

static struct metrics kept;

static int
set_up(void **state)
{
	(void)state;
	memset(&kept, 0, sizeof kept);
	kept.table = metric_kept;
	kept.n = KEPT__COUNT;
	return 0;
}

static unsigned int
words_of(const struct metric_label *l)
{
	return l->name == NULL ? 1 : l->count;
}

/* Every cell is reached by one row and one combination, and none is left over. */
static void
test_each_has_its_own(void **state)
{
	size_t size = metrics_size(&kept);

	(void)state;
	assert_true(size <= METRIC_CELLS_MOST);
	for (unsigned int i = 0; i < KEPT__COUNT; i++) {
		const struct metric *m = &metric_kept[i];
		size_t each = m->type == METRIC_HISTOGRAM ? METRIC_TIMES : 1;

		assert_non_null(m->name);
		assert_ptr_equal(metrics_read(&kept, i), metrics_at(&kept, i, 0, 0));
		for (unsigned int a = 0; a < words_of(&m->label[0]); a++)
			for (unsigned int b = 0; b < words_of(&m->label[1]); b++)
				for (size_t c = 0; c < each; c++)
					metrics_at(&kept, i, a, b)[c]++;
	}
	for (size_t i = 0; i < METRIC_CELLS_MOST; i++)
		assert_int_equal(kept.cell[i], i < size);
}

/* A bound belongs to the bucket that it ends. */
static void
test_times(void **state)
{
	const int64_t *cell = metrics_at(&kept, KEPT_REQUEST_TIME, TASK_SET, 0);

	(void)state;
	metrics_time(&kept, KEPT_REQUEST_TIME, TASK_SET, 0);
	metrics_time(&kept, KEPT_REQUEST_TIME, TASK_SET, metric_bounds[0]);
	metrics_time(&kept, KEPT_REQUEST_TIME, TASK_SET, metric_bounds[0] + 1);
	metrics_time(&kept, KEPT_REQUEST_TIME, TASK_SET, metric_bounds[METRIC_BOUNDS - 1] + 1);
	assert_int_equal(cell[0], 2);
	assert_int_equal(cell[1], 1);
	assert_int_equal(cell[METRIC_BOUNDS], 1);
	assert_int_equal(cell[METRIC_BUCKETS],
	    2 * metric_bounds[0] + 1 + metric_bounds[METRIC_BOUNDS - 1] + 1);
	assert_int_equal(metrics_at(&kept, KEPT_REQUEST_TIME, TASK_UNLOCK, 0)[0], 0);
}

static void
test_full_message_fits(void **state)
{
	static struct msg m, back;
	unsigned char packet[MSG_LONGEST];
	size_t len;

	(void)state;
	m.type = MSG_METRICS_ARE;
	m.u.metrics.n = METRIC_CELLS_MOST;
	for (size_t i = 0; i < METRIC_CELLS_MOST; i++)
		m.u.metrics.cell[i] = INT64_MIN + (int64_t)i;
	len = msg_pack(&m, ROLE_KEEPER, packet, sizeof packet);
	assert_int_not_equal(len, 0);
	assert_int_equal(msg_unpack(&back, packet, len, ROLE_KEEPER, ROLE_PORTAL), MSG_GOOD);
	assert_memory_equal(&m, &back, sizeof m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_each_has_its_own, set_up),
		cmocka_unit_test_setup(test_times, set_up),
		cmocka_unit_test(test_full_message_fits),
	};

	return cmocka_run_group_tests_name("metric", tests, NULL, NULL);
}
