#include "base/phone.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/typed.h"

enum { LONGEST = 64, LEAST_DIGITS = 8, MOST_DIGITS = 15 };

/* Italy alone keeps the first zero of a national number behind its country code. */
static bool
keeps_zero(const char *country)
{
	return strcmp(country, "39") == 0;
}

/* Just the digits; -1 if there is anything but signs that people put between them. */
static int
strip(const char *p, char *out, bool *international)
{
	size_t n = 0;

	*international = *p == '+';
	for (p += *international; *p != '\0'; p++) {
		bool dialled_out = *international || (n >= 2 && out[0] == '0' && out[1] == '0');

		if (dialled_out && strncmp(p, "(0)", 3) == 0)
			p += 2;		/* the zero that is dialled within the country */
		else if (*p >= '0' && *p <= '9')
			out[n++] = *p;
		else if (strchr(" -./()", *p) == NULL)
			return -1;
	}
	out[n] = '\0';
	return 0;
}

static int
compose(const char *typed, const char *country, char *out, size_t size)
{
	char plain[LONGEST];
	const char *p = plain;
	size_t cc = strlen(country);
	bool international;
	int n = -1;

	if (strip(typed, plain, &international) == -1)
		goto out;
	if (!international && strncmp(p, "00", 2) == 0) {
		international = true;
		p += 2;
	}
	/* Directories often lack the plus; no national number is as long as that. */
	if (!international && p[0] != '0' && strncmp(p, country, cc) == 0 && strlen(p) >= cc + 9)
		international = true;
	if (international && strncmp(p, country, cc) == 0) {
		international = false;
		p += cc;
	}
	/* One zero is dialled within the country; a second one is part of no number. */
	if (!international && !keeps_zero(country) && p[0] == '0' && *++p == '0')
		goto out;
	n = snprintf(out, size, "+%s%s", international ? "" : country, p);
out:
	explicit_bzero(plain, sizeof plain);
	return n;
}

int
phone_read(const char *text, const char *country, char *out, size_t size)
{
	char typed[LONGEST];
	int n = -1;

	out[0] = '\0';
	if (typed_ascii(text, typed, sizeof typed) == 0)
		n = compose(typed + (strncasecmp(typed, "tel:", 4) == 0 ? 4 : 0), country, out, size);
	explicit_bzero(typed, sizeof typed);
	if (n - 1 < LEAST_DIGITS || n - 1 > MOST_DIGITS || (size_t)n >= size || out[1] == '0') {
		explicit_bzero(out, size);
		return -1;
	}
	return 0;
}

/* ITU-T E.164: which two digits are a country; of one there are 1 and 7; all others have three. */
static const char two_digits[] =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 "
    "60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

void
phone_country(const char *number, char out[PHONE_COUNTRY_SIZE])
{
	char pair[4];
	int len;

	out[0] = '\0';
	if (number[0] != '+' || strspn(number + 1, "0123456789") < 3)
		return;
	snprintf(pair, sizeof pair, "%.2s ", number + 1);
	len = number[1] == '1' || number[1] == '7' ? 1 : strstr(two_digits, pair) != NULL ? 2 : 3;
	snprintf(out, PHONE_COUNTRY_SIZE, "%.*s", len, number + 1);
}
