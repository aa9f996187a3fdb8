#include <stdio.h>
#include <unistd.h>

#include "ctl/ask.h"
#include "ctl/command.h"
#include "ctl/findings.h"

/* Those that have to say that they have done it; of portals there may be several. */
static struct heard {
	enum role	 who;
	const char	*name;
	unsigned int	 times;
} all[] = {
	{ ROLE_PORTAL, "latchkey-portal", 0 }, { ROLE_REGISTRAR, "latchkey-registrar", 0 },
	{ ROLE_COURIER, "latchkey-courier", 0 }, { ROLE_KEEPER, "latchkeyd", 0 },
};
enum { ALL = sizeof all / sizeof all[0] };

static const char *
words_for(enum verdict v)
{
	switch (v) {
	case VERDICT_OK:
		return "works with the new settings";
	case VERDICT_REJECTED:
		return "kept its old settings; its log says why";
	case VERDICT_UNAVAILABLE:
		return "is not connected to the keeper";
	default:
		return "has not said in time whether it did; see its log";
	}
}

/* Return whether it was good. */
static bool
hear(const struct msg_reloaded *r)
{
	for (int i = 0; i < ALL; i++) {
		if (all[i].who != r->who)
			continue;
		all[i].times++;
		printf("%-18s  %s\n", all[i].name, words_for(r->verdict));
	}
	return r->verdict == VERDICT_OK;
}

static int
ask_all(int fd)
{
	struct msg m = { .type = MSG_RELOAD, .id = 1 };
	int r = EXIT_GOOD;

	if (ask_send(fd, &m) == -1)
		return EXIT_NO;
	do {
		if (ask_hear(fd, &m) == -1 || m.type != MSG_RELOADED)
			return EXIT_NO;
		if (!hear(&m.u.reloaded))
			r = EXIT_NO;
	} while (m.u.reloaded.who != ROLE_KEEPER);
	for (int i = 0; i < ALL; i++) {
		if (all[i].times > 0)
			continue;
		printf("%-18s  %s\n", all[i].name, words_for(VERDICT_UNAVAILABLE));
		r = EXIT_NO;
	}
	return r;
}

int
reload_command(const struct call *call)
{
	int fd, r;

	if (findings_bar(call, "nothing was read again") || (fd = ask_open(call)) == -1)
		return EXIT_NO;
	r = ask_all(fd);
	close(fd);
	return r;
}
