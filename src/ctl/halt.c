/*
 * halt.c - halt and resume: what is stopped until further notice.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"

static const char *const stopped[HALT__COUNT] = {
	[HALT_SMS] = "no message leaves any more; who has a code may go on",
	[HALT_RECOVER] = "nobody gets a code, nor is one taken; who is at the password page may go on",
	[HALT_ALL] = "nothing is set or unlocked any more, and nobody gets a code",
};

static int
say(int fd, enum halt what, bool on)
{
	struct msg m = { .type = MSG_HALT, .id = 1 };

	m.u.halt.what = what;
	m.u.halt.on = on;
	if (ask_send(fd, &m) == -1 || ask_hear(fd, &m) == -1)
		return -1;
	if (m.type == MSG_HALTED && m.u.verdict == VERDICT_OK)
		return 0;
	log_warnx("nothing was changed: %s", ask_cause(VERDICT_UNAVAILABLE));
	return -1;
}

/* What was typed, or HALT__COUNT if it is no such word. */
static enum halt
typed(const struct call *call, enum halt fallback)
{
	int what = call->argc == 0 ? (int)fallback :
	    word_find(word_halt, HALT__COUNT, call->argv[0]);

	if (what == -1) {
		command_mistake("\"%s\" can't be halted; it is one of sms, recover and all",
		    call->argv[0]);
		return HALT__COUNT;
	}
	return (enum halt)what;
}

int
halt_command(const struct call *call)
{
	enum halt what = typed(call, HALT_ALL);
	int fd, r;

	if (what == HALT__COUNT)
		return EXIT_MISTAKE;
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	r = say(fd, what, true);
	close(fd);
	if (r == -1)
		return EXIT_NO;
	printf("Halted: %s.  When it may go on: latchkey resume %s\n", stopped[what], word_halt[what]);
	return EXIT_GOOD;
}

/* Without a word all goes on. */
int
resume_command(const struct call *call)
{
	enum halt first = typed(call, HALT_SMS);
	enum halt last = call->argc == 0 ? HALT_ALL : first;
	int fd, r = 0;

	if (first == HALT__COUNT)
		return EXIT_MISTAKE;
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	for (enum halt what = first; r == 0 && what <= last; what++)
		r = say(fd, what, false);
	close(fd);
	if (r == -1)
		return EXIT_NO;
	printf("%s goes on; \"latchkey status\" says what is still halted.\n",
	    call->argc == 0 ? "Everything" : call->argv[0]);
	return EXIT_GOOD;
}
