#include "keeper/meter.h"

#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "wire/buf.h"

enum { PIECES = METER_PIECES - 1, HOUR = 60 * 60 };

static const int piece[SPAN__COUNT] = { [SPAN_HOUR] = HOUR / PIECES, [SPAN_DAY] = DAY / PIECES };

/* How many pieces ${at} lies after the newest; less than nothing where the clock was set back. */
static int64_t
after_newest(const struct meter *m, enum span span, int64_t at)
{
	return at / piece[span] - m->span[span].newest;
}

/*
 * A clock that was set back by less than a span is not followed: what was counted stays.
 * By more, what was counted was counted at a time that never came.
 */
static bool
is_of_another_time(int64_t after)
{
	return after >= METER_PIECES || after <= -METER_PIECES;
}

uint32_t
meter_count(const struct meter *m, enum span span, int64_t now)
{
	int64_t gone = after_newest(m, span, now);
	uint32_t count = 0;

	if (is_of_another_time(gone))
		return 0;
	for (int64_t i = 0; i < METER_PIECES - (gone > 0 ? gone : 0); i++)
		count += m->span[span].n[i];
	return count;
}

/* Make the newest piece the one of now. */
static void
turn(struct meter *m, enum span span, int64_t now)
{
	int64_t gone = after_newest(m, span, now);
	uint32_t *n = m->span[span].n;

	if (is_of_another_time(gone))
		memset(n, 0, sizeof m->span[span].n);
	else if (gone > 0) {
		memmove(n + gone, n, (size_t)(METER_PIECES - gone) * sizeof *n);
		memset(n, 0, (size_t)gone * sizeof *n);
	} else
		return;
	m->span[span].newest = now / piece[span];
}

void
meter_add(struct meter *m, int64_t now)
{
	for (int span = 0; span < SPAN__COUNT; span++) {
		turn(m, (enum span)span, now);
		m->span[span].n[0]++;
	}
}

void
meter_take_back(struct meter *m, int64_t at)
{
	for (int span = 0; span < SPAN__COUNT; span++) {
		int64_t age = -after_newest(m, (enum span)span, at);

		if (age >= 0 && age < METER_PIECES && m->span[span].n[age] > 0)
			m->span[span].n[age]--;
	}
}

int64_t
meter_until(int64_t now)
{
	return now + DAY + DAY / PIECES;
}

void
meter_pack(const struct meter *m, unsigned char bytes[METER_PACKED])
{
	struct buf b;

	buf_on(&b, bytes, METER_PACKED);
	for (int span = 0; span < SPAN__COUNT; span++) {
		buf_put_i64(&b, m->span[span].newest);
		for (int i = 0; i < METER_PIECES; i++)
			buf_put_u32(&b, m->span[span].n[i]);
	}
}

int
meter_unpack(struct meter *m, const unsigned char *bytes, size_t len)
{
	struct buf b;

	buf_on(&b, (void *)(uintptr_t)bytes, len);	/* only read */
	for (int span = 0; span < SPAN__COUNT; span++) {
		m->span[span].newest = buf_get_i64(&b);
		for (int i = 0; i < METER_PIECES; i++)
			m->span[span].n[i] = buf_get_u32(&b);
	}
	return buf_done(&b) ? 0 : -1;
}
