#include "registrar/mark.h"

#include <stdio.h>
#include <string.h>

#include "registrar/dialect.h"

_Static_assert(DIR_SERVER_CHARS + 1 + ACCOUNT_MARK_LONGEST <= MARK_LONGEST,
    "a mark holds the name of a server and what the dialect noted");

void
mark_make(struct dir *d, const struct account *a, char mark[MARK_LONGEST + 1])
{
	snprintf(mark, MARK_LONGEST + 1, "%s %s", dir_server(d), a->mark);
}

/* The name of the server in ${server}; return what the dialect noted. */
static const char *
split(const char *mark, char server[DIR_SERVER_CHARS + 1])
{
	size_t len = strcspn(mark, " ");

	snprintf(server, DIR_SERVER_CHARS + 1, "%.*s", (int)len, mark);
	return mark[len] == ' ' ? mark + len + 1 : "";
}

enum dir_end
mark_go(struct dir *d, const char *mark)
{
	char server[DIR_SERVER_CHARS + 1];

	split(mark, server);
	return dir_go(d, server);
}

bool
mark_passed(const struct account *a, const char *mark)
{
	char server[DIR_SERVER_CHARS + 1];

	return dialect()->set_since(split(mark, server), a->mark);
}
