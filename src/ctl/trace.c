/*
 * trace.c - the story of one person's way, told from the audit, and what an admin or
 * the service desk can do next.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "ctl/ask.h"
#include "ctl/command.h"
#include "wire/house.h"

enum { ROWS_MOST = 100 };

/*
 * What a row of the audit says, and what to do when it is the last one; {proofs} are
 * the attributes of the directory.
 */
struct chapter {
	const char	*what, *outcome;	/* NULL: any other outcome */
	const char	*told;
	const char	*next;
	const char	*detail;		/* only where that is in it */
};

#define SAME "; they saw what everybody sees"
#define CHOOSES "they can choose another password on the page that they see"
#define BEGIN_AGAIN "let them begin again"
#define RUN_CHECK "run latchkey check: it says what the service account may not do, and what " \
	"mends it; then " BEGIN_AGAIN
#define BARRED "their account is disabled or expired, or the password policy bars it: enable it " \
	"in the directory if they may sign in; then " BEGIN_AGAIN
#define GUARDED "they are in a protected group, or are an admin: an admin resets it by hand"
#define IS_SET "nothing: it is done; if they cannot sign in, another device may be locking the " \
	"account with the old password"
#define TELL_WHETHER "let them try to sign in with the new password; if that fails, " BEGIN_AGAIN

static const struct chapter chapters[] = {
	{ "opened", "ok", "gave a user name that the directory knows",
	    "nothing: they went no further, or are still at it" },
	{ "opened", "nobody", "gave a user name that nobody has, or several people" SAME,
	    "ask how they spell it, and look whether it is one person's in "
	    "registrar.directory.base" },
	{ "opened", "disabled", "gave the name of an account that is barred" SAME, BARRED },
	{ "opened", "protected", "gave the name of a protected account" SAME, GUARDED },
	{ "opened", NULL, "gave a user name", RUN_CHECK },

	{ "proved", "ok", "gave their own number and date",
	    "nothing: a code is on its way" },
	{ "proved", "no_match", "gave another number or date than the directory has, so no code was "
	    "sent" SAME, "compare with them what the directory has in {proofs}, and put right what "
	    "is old there; then " BEGIN_AGAIN },
	{ "proved", "no_proof", "the directory holds no value to compare with, so no code was sent"
	    SAME, "fill in what is missing of {proofs}; then " BEGIN_AGAIN },
	{ "proved", "young", "gave their own number, which was changed too lately to be believed, so "
	    "no code was sent" SAME, "make sure that they changed it themselves; then help them by "
	    "hand, or let them wait for young_number_days" },
	{ "proved", "in_use", "asked for a first password, and has had one already, so no code was "
	    "sent" SAME, "let them begin at \"Forgot your password?\"" },
	{ "proved", "disabled", "their account is barred, so no code was sent" SAME, BARRED },
	{ "proved", "protected", "their account is protected, so no code was sent" SAME, GUARDED },
	{ "proved", NULL, "no code was sent" SAME, RUN_CHECK },

	{ "sent", "ok", "a gateway accepted the message with the code",
	    "ask whether the message arrived; if not, ask the gateway what became of it" },
	{ "sent", "rejected", "no gateway would take the message with the code",
	    "the log of latchkey-courier says why; often the number cannot be reached that way" },
	{ "sent", "unavailable", "no gateway could be reached to send the code",
	    "look whether courier's gateways can be reached from here (latchkey status, and the "
	    "log of latchkey-courier); then let them send the code again" },
	{ "sent", "unknown", "a gateway was asked to send the code, and gave no answer",
	    "ask whether the message arrived; if not, let them send it again" },
	{ "sent", "no_proof", "there is nowhere to send a code to",
	    "fill in their number ({proofs}), or the mail address if they want it there; then " BEGIN_AGAIN },
	{ "sent", "directory", "no code was sent, because the directory could not be asked where it "
	    "goes", "see latchkey status; then let them send the code again" },
	{ "sent", "limit", "no code was sent, because messages are halted" SAME, "latchkey resume, "
	    "when it may go on; then " BEGIN_AGAIN, .detail = "halted" },
	{ "sent", "limit", "no code was sent, because so many had been to all together" SAME,
	    "see keeper.limits.messages_hour and messages_day; later, " BEGIN_AGAIN,
	    .detail = "messages" },
	{ "sent", "limit", "no code was sent, because so many had been to that country" SAME,
	    "see keeper.limits.country_hour and country_day; later, " BEGIN_AGAIN,
	    .detail = "country" },
	{ "sent", "limit", "no code was sent, because so many had been" SAME,
	    "look who asked for them (latchkey audit show NAME); if it was they, latchkey pardon "
	    "NAME; then " BEGIN_AGAIN },
	{ "sent", NULL, "no code was sent", RUN_CHECK },

	{ "code", "right", "typed the right code", "nothing: they are past the code, and went no "
	    "further, or are still at it" },
	{ "code", "wrong", "typed a wrong code", "let them type the code of the newest message; one "
	    "that is not theirs never fits" },
	{ "code", "too_many", "typed a wrong code for the last time", BEGIN_AGAIN ": they get a "
	    "new code" },
	{ "code", "expired", "typed a code that was no longer valid", BEGIN_AGAIN ": they get a "
	    "new code" },

	{ "reset", "ok", "the new password is set", IS_SET },
	{ "activated", "ok", "the first password is set", IS_SET },
	{ "unlocked", "ok", "the account is unlocked", IS_SET },
	{ "notice", "ok", "a gateway accepted the message that tells them of it", IS_SET },
	{ "notice", "no_way", "there is no other number or address to tell them of it by", IS_SET },
	{ "notice", NULL, "they could not be told of it by a message", IS_SET },
	{ NULL, "rule_length", "the password was refused: it is too short", CHOOSES },
	{ NULL, "rule_longest", "the password was refused: it is too long", CHOOSES },
	{ NULL, "rule_classes", "the password was refused: too few kinds of characters", CHOOSES },
	{ NULL, "rule_name", "the password was refused: a name of theirs is in it", CHOOSES },
	{ NULL, "rule_history", "the password was refused: it was used before", CHOOSES },
	{ NULL, "rule_age", "the password was refused: the last one is too young to be changed",
	    "they wait as long as the page says, or an admin resets it" },
	{ NULL, "rule_quality", "the password was refused by a check of the server's own", CHOOSES },
	{ NULL, "unchanged", "the directory lost the new password, and was not changed",
	    "they can type it again on the page that they see" },
	{ "unlocked", "unknown", "the directory gave no answer: it may be unlocked, or not",
	    "let them try to sign in; if that fails, " BEGIN_AGAIN },
	{ NULL, "unknown", "the directory gave no answer: it may be done, or not", TELL_WHETHER },
	{ NULL, "forbidden", "the directory does not let the service account do it", RUN_CHECK },
	{ NULL, "disabled", "it was not done: their account is barred", BARRED },
	{ NULL, "protected", "it was not done: their account is protected", GUARDED },
	{ NULL, "limit", "it was not done: registrar.writes_per_hour is used up",
	    "look why so much is written; then wait, or raise it" },
	{ NULL, "too_often", "it was not done: it had been done as often as it may be in a day",
	    "if that was all they, latchkey pardon NAME; then " BEGIN_AGAIN },
	{ NULL, "ticket", "it was not done: it took them too long", BEGIN_AGAIN },
	{ NULL, "unavailable", "it was not done: the directory could not be reached",
	    "see latchkey status; then " BEGIN_AGAIN },

	{ "left", NULL, "cancelled", "nothing: they left by themselves" },
	{ NULL, NULL, "it was not done", RUN_CHECK },
};

struct story {
	struct reference	 reference;
	struct msg_audit_row	 rows[ROWS_MOST];
	size_t			 n;
};

/* The last of the table fits any row. */
static const struct chapter *
chapter_of(const struct msg_audit_row *r)
{
	const struct chapter *c = chapters;

	while ((c->what != NULL && strcmp(c->what, r->what) != 0) ||
	    (c->outcome != NULL && strcmp(c->outcome, r->outcome) != 0) ||
	    (c->detail != NULL && strstr(r->detail, c->detail) == NULL))
		c++;
	return c;
}

/* ---- Sentences ------------------------------------------------------------------------ */

/* "mail exim": the channel that a message took, or was to take. */
static bool
begins_with_channel(const char *detail)
{
	size_t len = strcspn(detail, " ");

	for (int by = 0; by < CHANNEL__COUNT; by++)
		if (strlen(word_channel[by]) == len && strncmp(word_channel[by], detail, len) == 0)
			return true;
	return false;
}

/* By the time of a second code they are known, and told what it is. */
static int
length_of(const struct msg_audit_row *r, const char *text)
{
	const char *same = strstr(text, SAME);

	return (int)(same != NULL && strncmp(r->detail, "second", 6) == 0 ? (size_t)(same - text) :
	    strlen(text));
}

static void
told(const struct msg_audit_row *r, char *out, size_t size)
{
	const char *text = chapter_of(r)->told, *gateway = strchr(r->detail, ' ');
	int channel = (int)strcspn(r->detail, " "), len = length_of(r, text);

	if (r->detail[0] == '\0')
		snprintf(out, size, "%s", text);
	else if (strchr(r->detail, '+') != NULL)
		snprintf(out, size, "%s, on %s", text, r->detail);
	else if (begins_with_channel(r->detail))
		snprintf(out, size, "%s, by %.*s%s%s", text, channel, r->detail,
		    gateway != NULL ? " through" : "", gateway != NULL ? gateway : "");
	else if (strcmp(r->what, "sent") == 0)
		snprintf(out, size, "%.*s (%s)", len, text, r->detail);
	else
		snprintf(out, size, "%s, %s", text, r->detail);
}

static void
next(const struct msg_audit_row *r, char *out, size_t size)
{
	static const char slot[] = "{proofs}";
	const char *text = chapter_of(r)->next, *at = strstr(text, slot);
	size_t n;

	if (at == NULL) {
		snprintf(out, size, "%s", text);
		return;
	}
	n = (size_t)snprintf(out, size, "%.*s", (int)(at - text), text);
	for (size_t i = 0; i < house.n_proofs && n < size; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", i == 0 ? "" : i + 1 ==
		    house.n_proofs ? " and " : ", ", house.proofs[i].attribute);
	if (n < size)
		snprintf(out + n, size - n, "%s", at + sizeof slot - 1);
}

/* Erased people have no name, and nor has a row whose key is gone. */
static const char *
who(const struct story *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->rows[i].who[0] != '\0')
			return s->rows[i].who;
	return "";
}

/* ---- On a terminal ---------------------------------------------------------------------- */

static void
print_story(const struct story *s, const char *reference)
{
	char text[1024], name[4 * NAME_LONGEST + 1], when[TIME_TEXT];

	text_harmless(name, sizeof name, who(s));
	printf("%s, on %s, by %s from %s\n\n", reference,
	    ask_time(s->rows[0].at, "%Y-%m-%d", when),
	    name[0] != '\0' ? name : "somebody who has been erased",
	    s->rows[0].addr[0] != '\0' ? s->rows[0].addr : "an address that has been erased");
	for (size_t i = 0; i < s->n; i++) {
		told(&s->rows[i], text, sizeof text);
		printf("%s  %s (%s: %s)\n", ask_time(s->rows[i].at, "%H:%M:%S", when), text,
		    s->rows[i].what, s->rows[i].outcome);
	}
	next(&s->rows[s->n - 1], text, sizeof text);
	printf("\nNext: %s.\n", text);
	if (house.log == LOG_AUTO && access(LOG_JOURNAL, F_OK) == 0)
		printf("The log: journalctl LATCHKEY_REFERENCE=%s\n", reference);
	else
		printf("The log: the lines that have %s in them.\n", reference);
}

/* ---- For programs ------------------------------------------------------------------------ */

static json_t *
row_json(const struct msg_audit_row *r)
{
	char when[TIME_TEXT], text[1024];

	told(r, text, sizeof text);
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "at", ask_time(r->at, NULL, when), "what",
	    r->what, "outcome", r->outcome, "detail", r->detail, "addr", r->addr, "text", text);
}

static void
print_json(const struct story *s, const char *reference)
{
	json_t *rows = json_array();
	char text[1024];

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(rows, row_json(&s->rows[i]));
	next(&s->rows[s->n - 1], text, sizeof text);
	ask_print_json(json_pack("{s:s,s:s,s:o,s:s}", "reference", reference, "who", who(s), "rows",
	    rows, "next", text));
}

/* ---- The command ---------------------------------------------------------------------------- */

static void
take_row(const struct msg_audit_row *r, void *ctx)
{
	struct story *s = ctx;

	if (s->n < ROWS_MOST)
		s->rows[s->n++] = *r;
}

int
trace_command(const struct call *call)
{
	static struct story s;
	struct msg_audit ask = { .most = ROWS_MOST };
	char reference[REFERENCE_TEXT];
	int fd, rows;

	if (call->argc == 0 || reference_read(call->argv[0], &ask.flow) == -1)
		return command_mistake("%s%s%s; right is: latchkey trace K7QM-2XWD, the eight letters "
		    "and digits at the foot of the person's page", call->argc == 0 ?
		    "a reference is missing" : "\"", call->argc == 0 ? "" : call->argv[0],
		    call->argc == 0 ? "" : "\" is no reference");
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	rows = ask_audit(fd, &ask, take_row, &s);
	close(fd);
	if (rows == -1)
		return EXIT_NO;
	reference_text(&ask.flow, reference);
	if (rows == 0) {
		log_warnx("the audit knows nothing of %s: the person got no further than the first "
		    "page, where the log may say why, or a letter was misheard", reference);
		return EXIT_NO;
	}
	(call->json ? print_json : print_story)(&s, reference);
	return EXIT_GOOD;
}
