/*
 * moment.h - a day and a time in words, and whose clock that is.
 *
 * The words are English; who writes them looks them up in the reader's language.
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

enum { WEEKDAYS = 7, MONTHS = 12 };

extern const char *const moment_weekdays[WEEKDAYS];	/* the first is Sunday */
extern const char *const moment_months[MONTHS];

/* How {weekday}, {day}, {month} and {clock} are put together. */
extern const char moment_form[];

/**
 * moment_zone(name):
 * From here on localtime(3) is that of ${name}, such as Europe/Amsterdam; of the machine
 * if it is empty.  Return 0, or -1 if there is no such zone; then nothing changes.
 */
int moment_zone(const char *name);

#endif
