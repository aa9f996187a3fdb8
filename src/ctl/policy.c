/*
 * policy.c - policy explain: which policy is for somebody, and why.
 */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "ctl/ask.h"
#include "ctl/command.h"
#include "wire/house.h"

enum { WIDTH = 16 };

/* Keeper and the settings file may be of different minds, until a reload. */
static const struct policy *
policy_named(const char *name)
{
	for (size_t i = 0; i < house.n_policies; i++)
		if (strcmp(house.policies[i].name, name) == 0)
			return &house.policies[i];
	return NULL;
}

/* "sms or mail" */
static void
print_channels(unsigned int channels)
{
	const char *between = "";

	for (int by = 0; by < CHANNEL__COUNT; by++) {
		if ((channels & 1U << by) == 0)
			continue;
		printf("%s%s", between, word_channel[by]);
		between = " or ";
	}
}

static void
print_half(enum fit fit, const char *yes, const char *no, const char *dn)
{
	if (fit != FIT_ANY)
		printf(", %s%s%s", fit == FIT_YES ? yes : no, dn[0] != '\0' ? " " : "", dn);
}

static void
print_row(const struct msg_explained *e, unsigned int i)
{
	const struct policy *p = policy_named(e->rows[i].name);
	bool fits = e->fits && i + 1 == e->n_rows;

	printf("%-*s %s", WIDTH, e->rows[i].name, fits ? "is for them" : "is not for them");
	if (e->rows[i].group == FIT_ANY && e->rows[i].below == FIT_ANY)
		printf(", as for everybody");
	print_half(e->rows[i].group, "in", "not in", p != NULL ? p->group : "its group");
	print_half(e->rows[i].below, "below", "not below", p != NULL ? p->below : "its entry");
	printf("\n");
}

static void
print_before(void)
{
	printf("%-*s ", WIDTH, "before the code");
	for (size_t i = 0; i < house.n_proofs; i++)
		printf("%s%s", i > 0 ? ", " : "", word_field[house_field(&house.proofs[i])]);
	printf("\n");
}

/* Where it can go: the first code goes by text message, unless they choose otherwise. */
static unsigned int
ways_left(const struct msg_explained *e)
{
	return e->second & e->ways & ~(1U << CHANNEL_SMS);
}

static bool
is_stuck(const struct msg_explained *e)
{
	return e->second != 0 && ways_left(e) == 0;
}

static void
print_after(const struct msg_explained *e)
{
	printf("%-*s ", WIDTH, "after the code");
	if (e->second == 0) {
		printf("nothing more\n");
		return;
	}
	printf("a second code, by ");
	print_channels(e->second);
	printf("\n");
	if (is_stuck(e))
		printf("%-*s the directory has no address of theirs for that, so they are stopped there: "
		    "give them\n%-*s one, such as a mail address in registrar.directory.mail_attribute\n",
		    WIDTH, "", WIDTH, "");
}

static void
print_words(const char *name, const struct msg_explained *e)
{
	printf("%s  %s\n", name, ask_standing(e->verdict));
	if (e->verdict != VERDICT_OK)
		return;
	for (unsigned int i = 0; i < e->n_rows; i++)
		print_row(e, i);
	if (!e->fits)
		printf("%-*s no policy is for them\n", WIDTH, "");
	print_before();
	print_after(e);
}

static json_t *
list_channels(unsigned int channels)
{
	json_t *list = json_array();

	for (int by = 0; by < CHANNEL__COUNT; by++)
		if ((channels & 1U << by) != 0)
			json_array_append_new(list, json_string(word_channel[by]));
	return list;
}

static void
print_json(const char *name, const struct msg_explained *e)
{
	static const char *const fits[FIT__COUNT] = {
		[FIT_ANY] = "any", [FIT_YES] = "yes", [FIT_NO] = "no",
	};
	json_t *rows = json_array();

	for (unsigned int i = 0; i < e->n_rows; i++)
		json_array_append_new(rows, json_pack("{s:s,s:s,s:s}", "name", e->rows[i].name, "group",
		    fits[e->rows[i].group], "below", fits[e->rows[i].below]));
	ask_print_json(json_pack("{s:s,s:s,s:o,s:o,s:o,s:o,s:b}", "name", name, "standing",
	    word_verdict[e->verdict], "policy", e->fits ? json_string(e->rows[e->n_rows - 1].name) :
	    json_null(), "looked_at", rows, "second", list_channels(e->second), "reached_by",
	    list_channels(e->ways), "stuck", is_stuck(e)));
}

int
policy_explain_command(const struct call *call)
{
	struct msg m = { .type = MSG_NONE };
	int r = ask_about(call, MSG_POLICY, &m);

	if (r != EXIT_GOOD)
		return r;
	if (ask_standing(m.u.explained.verdict) == NULL) {
		log_warnx("the directory can't say who \"%s\" is (%s)", call->argv[0],
		    ask_cause(m.u.explained.verdict));
		return EXIT_NO;
	}
	if (call->json)
		print_json(call->argv[0], &m.u.explained);
	else
		print_words(call->argv[0], &m.u.explained);
	return m.u.explained.verdict == VERDICT_OK && !is_stuck(&m.u.explained) ? EXIT_GOOD : EXIT_NO;
}
