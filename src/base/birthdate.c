#include "base/birthdate.h"

#include <stdbool.h>
#include <string.h>

#include "base/typed.h"

enum { LONGEST = 64, FIRST_YEAR = 1850, LAST_YEAR = 2200 };

static const char digits[] = "0123456789";

static bool
exists(const struct birthdate *d)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (d->year % 4 == 0 && d->year % 100 != 0) || d->year % 400 == 0;

	return d->year >= FIRST_YEAR && d->year <= LAST_YEAR && d->month >= 1 && d->month <= 12 &&
	    d->day >= 1 && d->day <= days[d->month - 1] + (d->month == 2 && leap);
}

static int
number(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

/* A time of day, as either notation puts it behind the date. */
static bool
is_time(const char *text)
{
	return text[strspn(text, "0123456789:.,+-Z")] == '\0';
}

/*
 * Eight digits.  No date is both: read as year first, its month is where the other
 * reading has 18 to 22.
 */
static int
read_block(const char *text, struct birthdate *d)
{
	*d = (struct birthdate){ number(text, 4), number(text + 4, 2), number(text + 6, 2) };
	if (exists(d))
		return 0;
	*d = (struct birthdate){ number(text + 4, 4), number(text + 2, 2), number(text, 2) };
	return exists(d) ? 0 : -1;
}

/* 19841001000000Z: always the year first. */
static int
read_stamp(const char *text, struct birthdate *d)
{
	*d = (struct birthdate){ number(text, 4), number(text + 4, 2), number(text + 6, 2) };
	return exists(d) && text[strlen(text) - 1] != '.' && is_time(text + 8) ? 0 : -1;
}

/* Three numbers with something between them. */
static int
read_parts(const char *p, struct birthdate *d)
{
	int part[3];
	size_t len[3];
	bool year_first;

	for (int i = 0; i < 3; i++) {
		if ((len[i] = strspn(p, digits)) == 0 || len[i] > 4)
			return -1;
		part[i] = number(p, len[i]);
		p += len[i];
		if (i < 2) {
			size_t gap = strspn(p, "-/. ");

			if (gap == 0 || gap > 3)
				return -1;
			p += gap;
		}
	}
	year_first = len[0] == 4;
	if (len[year_first ? 0 : 2] != 4 || len[1] > 2 || len[year_first ? 2 : 0] > 2)
		return -1;
	if (*p != '\0' && (!year_first || (*p != 'T' && *p != ' ') || !is_time(p + 1)))
		return -1;
	*d = (struct birthdate){ part[year_first ? 0 : 2], part[1], part[year_first ? 2 : 0] };
	return exists(d) ? 0 : -1;
}

int
birthdate_read(const char *text, struct birthdate *d)
{
	char plain[LONGEST];
	size_t run;
	int r = -1;

	if (typed_ascii(text, plain, sizeof plain) == 0) {
		run = strspn(plain, digits);
		if (run == 8 && plain[8] == '\0')
			r = read_block(plain, d);
		else if (run >= 10 && run <= 14 && run % 2 == 0)
			r = read_stamp(plain, d);
		else
			r = read_parts(plain, d);
	}
	explicit_bzero(plain, sizeof plain);
	if (r == -1)
		*d = (struct birthdate){ 0, 0, 0 };
	return r;
}
