/*
 * meter.h - how often something happened within the last hour, and within the last day.
 *
 * Time is cut into twelve pieces of each, and the piece that is not over counts too: so
 * what is counted never falls short of what was within the time, whenever one looks, and
 * is forgotten at most a twelfth later.
 */
#ifndef KEEPER_METER_H
#define KEEPER_METER_H

#include <stddef.h>
#include <stdint.h>

enum span { SPAN_HOUR, SPAN_DAY, SPAN__COUNT };
enum { METER_PIECES = 13, METER_PACKED = SPAN__COUNT * (8 + METER_PIECES * 4) };

/* Begins as zeroes. */
struct meter {
	struct {
		int64_t		newest;		/* the number of the piece of time at [0] */
		uint32_t	n[METER_PIECES];	/* and of those before it */
	} span[SPAN__COUNT];
};

/** meter_count(meter, span, now): how often, in the span that ends now. */
uint32_t meter_count(const struct meter *, enum span, int64_t now);

/** meter_add(meter, now): once more. */
void meter_add(struct meter *, int64_t now);

/** meter_take_back(meter, at): what was added then does not count after all. */
void meter_take_back(struct meter *, int64_t at);

/** meter_until(now): from then on nothing that was added by now counts any more. */
int64_t meter_until(int64_t now);

/** meter_pack(meter, bytes), meter_unpack(meter, bytes, len): for the store; -1: it is none. */
void meter_pack(const struct meter *, unsigned char bytes[METER_PACKED]);
int meter_unpack(struct meter *, const unsigned char *, size_t len);

#endif
