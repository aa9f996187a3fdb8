/*
 * erase.c - the audit forgets who somebody is.
 *
 * The directory may know them no more, so it is not asked: the audit is read for the name.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "ctl/ask.h"
#include "ctl/command.h"

enum { PAGE = 500, ACCOUNTS_MOST = 64, FOLDED = 4 * NAME_LONGEST + 1 };

/* An account whose rows have that name. */
struct account {
	unsigned char	byte[ACCOUNT_SIZE];
	int64_t		first, last;
	unsigned int	rows;
	bool		nobody;		/* nobody had that name then */
};

struct search {
	char		name[FOLDED];
	struct account	accounts[ACCOUNTS_MOST];
	size_t		n;
};

static void
fold(char out[FOLDED], const char *name)
{
	if (text_fold(out, FOLDED, name) == -1)
		snprintf(out, FOLDED, "%s", name);
}

static void
take_row(const struct msg_audit_row *r, void *ctx)
{
	struct search *s = ctx;
	char who[FOLDED];
	size_t i = 0;

	fold(who, r->who);
	if (strcmp(who, s->name) != 0)
		return;
	while (i < s->n && memcmp(s->accounts[i].byte, r->account, ACCOUNT_SIZE) != 0)
		i++;
	if (i == ACCOUNTS_MOST)
		return;
	if (i == s->n) {
		s->n++;
		memcpy(s->accounts[i].byte, r->account, ACCOUNT_SIZE);
		s->accounts[i].first = r->at;
	}
	s->accounts[i].last = r->at;
	s->accounts[i].rows++;
	if (strcmp(r->what, "opened") == 0 && strcmp(r->outcome, "nobody") == 0)
		s->accounts[i].nobody = true;
}

/* Which account is it?  Return it, or NULL when what is wrong has been said. */
static const struct account *
the_one(const struct search *s, const char *name)
{
	const struct account *one = NULL;
	unsigned int found = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!s->accounts[i].nobody) {
			one = &s->accounts[i];
			found++;
		}
	if (found == 0 && s->n > 0)
		log_warnx("\"%s\" was typed, and nobody had that name; such names are forgotten after "
		    "keeper.audit_nobody_days", name);
	else if (found == 0)
		log_warnx("the audit names no \"%s\"", name);
	else if (found > 1)
		log_warnx("several accounts have had the name \"%s\"; say which: latchkey audit erase "
		    "ACCOUNT", name);
	if (found == 1)
		return one;
	for (size_t i = 0; i < s->n && found > 1; i++) {
		const struct account *a = &s->accounts[i];
		char account[2 * ACCOUNT_SIZE + 1], first[TIME_TEXT], last[TIME_TEXT];

		text_hex(account, a->byte, sizeof a->byte);
		if (!a->nobody)
			log_warnx("%s: %u rows, from %s to %s", account, a->rows,
			    ask_time(a->first, "%Y-%m-%d", first), ask_time(a->last, "%Y-%m-%d", last));
	}
	return NULL;
}

/* An account, as audit show --json writes it. */
static bool
read_account(const char *text, unsigned char account[ACCOUNT_SIZE])
{
	if (strlen(text) != 2 * (size_t)ACCOUNT_SIZE ||
	    strspn(text, "0123456789abcdef") != 2 * (size_t)ACCOUNT_SIZE)
		return false;
	for (size_t i = 0; i < ACCOUNT_SIZE; i++) {
		unsigned int byte = 0;

		sscanf(text + 2 * i, "%2x", &byte);
		account[i] = (unsigned char)byte;
	}
	return true;
}

static int
erase(int fd, const struct call *call, const unsigned char account[ACCOUNT_SIZE])
{
	struct msg m = { .type = MSG_ERASE, .id = 1 };
	char hex[2 * ACCOUNT_SIZE + 1];

	memcpy(m.u.erase.account, account, ACCOUNT_SIZE);
	if (ask_send(fd, &m) == -1 || ask_hear(fd, &m) == -1)
		return EXIT_NO;
	text_hex(hex, account, ACCOUNT_SIZE);
	if (m.type != MSG_ERASED || (m.u.verdict != VERDICT_OK && m.u.verdict != VERDICT_NOBODY)) {
		log_warnx("nothing was erased: %s", ask_cause(m.type == MSG_ERASED ? m.u.verdict :
		    VERDICT_UNAVAILABLE));
		return EXIT_NO;
	}
	if (m.u.verdict == VERDICT_NOBODY) {
		log_warnx("the audit has no key of account %s: it has been erased, or is nobody's", hex);
		return EXIT_NO;
	}
	if (call->json)
		ask_print_json(json_pack("{s:s}", "account", hex));
	else
		printf("erased: the rows of account %s stay, and nobody can read any more whose they "
		    "are.\nBackups of the store, and files that were exported with names, are not "
		    "reached by this.\n", hex);
	return EXIT_GOOD;
}

static int
search(int fd, const struct call *call)
{
	static struct search s;
	struct msg_audit ask = { .most = PAGE };
	const struct account *one;
	int rows;

	fold(s.name, call->argv[0]);
	while ((rows = ask_audit(fd, &ask, take_row, &s)) > 0)
		continue;
	if (rows == -1 || (one = the_one(&s, call->argv[0])) == NULL)
		return EXIT_NO;
	return erase(fd, call, one->byte);
}

int
erase_command(const struct call *call)
{
	unsigned char account[ACCOUNT_SIZE];
	int fd, r;

	if (call->argc == 0)
		return command_mistake("a name is missing; right is: latchkey audit erase NAME");
	if (strlen(call->argv[0]) > NAME_LONGEST || !text_plain(call->argv[0]))
		return command_mistake("no user name is longer than %d bytes, or holds control "
		    "characters", NAME_LONGEST);
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	r = read_account(call->argv[0], account) ? erase(fd, call, account) : search(fd, call);
	close(fd);
	return r;
}
