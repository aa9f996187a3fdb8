/*
 * birthdate.h - a birth date, in whichever way it is written.
 */
#ifndef BASE_BIRTHDATE_H
#define BASE_BIRTHDATE_H

struct birthdate {
	int	year, month, day;
};

/**
 * birthdate_read(text, date):
 * Read 1-10-1984, 01/10/1984, 1.10.1984, 1 10 1984, 1984-10-01, 01101984,
 * 19841001, and the directory's 19841001000000Z and 1984-10-01T00:00:00Z; a time
 * behind the date is not looked at.  The day comes first, unless the year does.
 * A year has four digits, 1850 to 2200.  Return 0, or -1 if it is no such date or
 * the calendar does not have it.
 */
int birthdate_read(const char *text, struct birthdate *);

#endif
