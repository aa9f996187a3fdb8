/* A gateway's answer.  The first line is a list of statuses, the rest a body. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "courier/answer.h"
#include "fuzz.h"

static void
check_list(const struct statuses *s)
{
	char text[RANGES_MOST * 8 + 1] = "";
	struct statuses again;

	MUST(s->n <= RANGES_MOST);
	for (size_t i = 0; i < s->n; i++) {
		MUST(s->range[i].first >= 100 && s->range[i].last <= 599 &&
		    s->range[i].first <= s->range[i].last);
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%ld-%ld",
		    i > 0 ? "," : "", s->range[i].first, s->range[i].last);
	}
	MUST(answer_statuses(&again, text) == 0 && again.n == s->n);
	for (size_t i = 0; i < s->n; i++)
		MUST(again.range[i].first == s->range[i].first &&
		    again.range[i].last == s->range[i].last);
}

static bool
among(const struct statuses *s, long status)
{
	for (size_t i = 0; i < s->n; i++)
		if (status >= s->range[i].first && status <= s->range[i].last)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct answer_rules rules;
	char *list = fuzz_text(data, size), *body = fuzz_halves(list);

	if (!rules.has_body) {
		MUST(regcomp(&rules.body, "^0: *Accepted|\"status\": *\"(ok|queued)\"",
		    REG_EXTENDED | REG_NOSUB) == 0);
		MUST(answer_statuses(&rules.later, "429,500-599") == 0);
		rules.has_body = true;
	}
	if (answer_statuses(&rules.accept, list) == 0) {
		check_list(&rules.accept);
		for (long status = 0; status <= 600; status += 7) {
			enum verdict v = answer_judge(&rules, status, body);

			MUST(v != VERDICT_OK || among(&rules.accept, status));
			MUST((v == VERDICT_UNAVAILABLE) == (!among(&rules.accept, status) &&
			    among(&rules.later, status)));
		}
	}
	free(list);
	return 0;
}
