/*
 * clock.h - what time it is.
 *
 * Time is a parameter of the house: nothing calls time() itself, so that a
 * test moves the clock instead of sleeping.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

enum { DAY = 24 * 60 * 60 };	/* seconds */

/** clock_now(): seconds since 1970, for what is stored. */
int64_t clock_now(void);

/** clock_now_ms(): likewise in milliseconds, to compare with somebody else's clock. */
int64_t clock_now_ms(void);

/** clock_ms(): milliseconds of a clock that is never set back, for waiting. */
int64_t clock_ms(void);

/** clock_monotonic_us(): microseconds of the kernel's own clock, which others read too. */
int64_t clock_monotonic_us(void);

/** clock_shift(seconds): a test moves both clocks by so much from here on. */
void clock_shift(int64_t);

#endif
