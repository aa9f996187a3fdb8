/*
 * pardon.c - lookup and pardon: how somebody stands, and that nothing was spent for them.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"

/* Ask about the name that was typed; EXIT_GOOD with the answer in ${m}. */
static int
ask_about(const struct call *call, enum msg_type type, struct msg *m)
{
	int fd, r;

	if (call->argc == 0)
		return command_mistake("whom is it about?  A user name is missing");
	if (strlen(call->argv[0]) > NAME_LONGEST)
		return command_mistake("no name is longer than %d bytes", NAME_LONGEST);
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	*m = (struct msg){ .type = type, .id = 1 };
	snprintf(m->u.name.name, sizeof m->u.name.name, "%s", call->argv[0]);
	r = ask_send(fd, m) == 0 && ask_hear(fd, m) == 0 && m->type == msg_reply(type) ? EXIT_GOOD :
	    EXIT_NO;
	close(fd);
	return r;
}

/* ---- pardon ---------------------------------------------------------------------- */

int
pardon_command(const struct call *call)
{
	struct msg m = { .type = MSG_NONE };
	int r = ask_about(call, MSG_PARDON, &m);

	if (r != EXIT_GOOD)
		return r;
	if (m.u.verdict != VERDICT_OK) {
		log_warnx("nothing was changed: the directory can't say who \"%s\" is (%s)",
		    call->argv[0], word_verdict[m.u.verdict]);
		return EXIT_NO;
	}
	printf("Nothing counts any more of what was sent to \"%s\" or done for them today.\n",
	    call->argv[0]);
	return EXIT_GOOD;
}

/* ---- lookup ---------------------------------------------------------------------- */

static const struct {
	enum verdict	 verdict;
	const char	*words;
} standings[] = {
	{ VERDICT_OK, "can be helped, if they know their own number and date" },
	{ VERDICT_NOBODY, "is nobody that the directory knows here, or several people" },
	{ VERDICT_DISABLED, "is not helped: disabled or expired, or barred by the policy" },
	{ VERDICT_PROTECTED, "is not helped: an admin, or in a protected group" },
};

static const char *
standing_of(enum verdict v)
{
	for (size_t i = 0; i < sizeof standings / sizeof standings[0]; i++)
		if (standings[i].verdict == v)
			return standings[i].words;
	return NULL;
}

static void
print_words(const char *name, const struct msg_looked_up *l)
{
	static const struct {
		const char	*what;
		enum tally	 first;
	} lines[] = {
		{ "messages", TALLY_MESSAGES_HOUR }, { "from networks of theirs", TALLY_KNOWN_HOUR },
	};

	printf("%s  %s\n", name, standing_of(l->verdict));
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		printf("%-24s  %u of %u this hour, %u of %u in a day\n", lines[i].what,
		    l->tallies[lines[i].first].spent, l->tallies[lines[i].first].limit,
		    l->tallies[lines[i].first + 1].spent, l->tallies[lines[i].first + 1].limit);
	printf("%-24s  %u of %u in a day\n%-24s  %u of %u in a day\n",
	    "new passwords", l->tallies[TALLY_RESETS_DAY].spent, l->tallies[TALLY_RESETS_DAY].limit,
	    "unlocks", l->tallies[TALLY_UNLOCKS_DAY].spent, l->tallies[TALLY_UNLOCKS_DAY].limit);
}

static void
print_json(const char *name, const struct msg_looked_up *l)
{
	json_t *all = json_pack("{s:s,s:s}", "name", name, "standing", word_verdict[l->verdict]);

	for (int i = 0; all != NULL && i < TALLY__COUNT; i++)
		json_object_set_new(all, word_tally[i], json_pack("{s:I,s:I}", "spent",
		    (json_int_t)l->tallies[i].spent, "limit", (json_int_t)l->tallies[i].limit));
	ask_print_json(all);
}

int
lookup_command(const struct call *call)
{
	struct msg m = { .type = MSG_NONE };
	int r = ask_about(call, MSG_LOOKUP, &m);

	if (r != EXIT_GOOD)
		return r;
	if (standing_of(m.u.looked_up.verdict) == NULL) {
		log_warnx("the directory can't say who \"%s\" is (%s)", call->argv[0],
		    word_verdict[m.u.looked_up.verdict]);
		return EXIT_NO;
	}
	if (call->json)
		print_json(call->argv[0], &m.u.looked_up);
	else
		print_words(call->argv[0], &m.u.looked_up);
	return m.u.looked_up.verdict == VERDICT_OK ? EXIT_GOOD : EXIT_NO;
}
