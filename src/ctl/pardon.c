/*
 * pardon.c - lookup and pardon: how somebody stands, and that nothing was spent for them.
 */
#include <stdio.h>

#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"

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
		    call->argv[0], ask_cause(m.u.verdict));
		return EXIT_NO;
	}
	printf("Nothing counts any more of what was sent to \"%s\" or done for them today.\n",
	    call->argv[0]);
	return EXIT_GOOD;
}

/* ---- lookup ---------------------------------------------------------------------- */

static void
print_words(const char *name, const struct msg_looked_up *l)
{
	static const struct {
		const char	*what;
		enum tally	 first;
	} lines[] = {
		{ "messages", TALLY_MESSAGES_HOUR }, { "from networks of theirs", TALLY_KNOWN_HOUR },
	};

	printf("%s  %s\n", name, ask_standing(l->verdict));
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
	if (ask_standing(m.u.looked_up.verdict) == NULL) {
		log_warnx("the directory can't say who \"%s\" is (%s)", call->argv[0],
		    ask_cause(m.u.looked_up.verdict));
		return EXIT_NO;
	}
	if (call->json)
		print_json(call->argv[0], &m.u.looked_up);
	else
		print_words(call->argv[0], &m.u.looked_up);
	return m.u.looked_up.verdict == VERDICT_OK ? EXIT_GOOD : EXIT_NO;
}
