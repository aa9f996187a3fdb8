/* A user name, taken apart: nothing is in the parts that was not in the whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "fuzz.h"
#include "registrar/account.h"
#include "registrar/settings.h"

static void
check_parts(const struct login *l, size_t n_domains)
{
	const char *part = strstr(l->whole, l->part), *domain;

	MUST(part != NULL);
	if (l->windows) {
		MUST(l->part[0] != '\0' && strchr(l->whole, '\\') != NULL);
		domain = l->whole;
	} else if (l->part[0] != '\0') {
		MUST(part == l->whole && l->whole[strlen(l->part)] == '@');
		domain = l->whole + strlen(l->part) + 1;
	} else {
		return;
	}
	MUST(n_domains == 0 || strncasecmp(domain, "linde.nl", 8) == 0);
}

static void
check(const char *text, size_t n_domains)
{
	struct login l, again;

	registrar.directory.n_domains = n_domains;
	if (account_login(text, &l) == -1)
		return;
	MUST(l.whole[0] != '\0' && text_plain(l.whole) && text_plain(l.part));
	MUST(l.whole[0] != ' ' && l.whole[strlen(l.whole) - 1] != ' ');
	check_parts(&l, n_domains);
	MUST(account_login(l.whole, &again) == 0);
	MUST(strcmp(l.whole, again.whole) == 0 && strcmp(l.part, again.part) == 0 &&
	    l.windows == again.windows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);

	snprintf(registrar.directory.domains[0], sizeof registrar.directory.domains[0], "linde.nl");
	check(text, 0);
	check(text, 1);
	free(text);
	return 0;
}
