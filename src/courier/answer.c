#include "courier/answer.h"

#include <string.h>

/* Three digits at ${*at}, which is moved past them; -1 if they are not there. */
static long
take_status(const char **at)
{
	long status = 0;

	for (int i = 0; i < 3; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		status = status * 10 + (**at - '0');
	}
	return status >= 100 && status <= 599 ? status : -1;
}

static void
skip_blanks(const char **at)
{
	*at += strspn(*at, " ");
}

int
answer_statuses(struct statuses *s, const char *text)
{
	long first, last;

	s->n = 0;
	skip_blanks(&text);
	while (*text != '\0') {
		if ((first = last = take_status(&text)) == -1)
			return -1;
		if (*text == '-') {
			text++;
			last = take_status(&text);
		}
		if (last < first || s->n == RANGES_MOST)
			return -1;
		s->range[s->n].first = first;
		s->range[s->n++].last = last;
		skip_blanks(&text);
		if (*text == '\0')
			return 0;
		if (*text++ != ',')
			return -1;
		skip_blanks(&text);
		if (*text == '\0')
			return -1;
	}
	return 0;
}

static bool
among(const struct statuses *s, long status)
{
	for (size_t i = 0; i < s->n; i++)
		if (status >= s->range[i].first && status <= s->range[i].last)
			return true;
	return false;
}

enum verdict
answer_judge(const struct answer_rules *r, long status, const char *body)
{
	if (among(&r->accept, status))
		return !r->has_body || regexec(&r->body, body, 0, NULL, 0) == 0 ? VERDICT_OK :
		    VERDICT_REJECTED;
	return among(&r->later, status) ? VERDICT_UNAVAILABLE : VERDICT_REJECTED;
}
