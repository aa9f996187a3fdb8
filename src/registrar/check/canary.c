/*
 * canary.c - the steps, in the order of the table at the end.
 *
 * Passwords are random, stay in this process and are told to nobody.
 */
#include "registrar/check/canary.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/finding.h"
#include "registrar/dialect.h"
#include "registrar/guard.h"
#include "registrar/password.h"
#include "registrar/settings.h"

enum { SAID = 512, WRONG_MOST = 50 };

const char *canary_name;

enum trial_end { GOOD, SKIPPED, BAD };

struct canary {
	struct dir	*d;
	const char	*uri;
	struct account	 account;
	struct rules	 rules;
	struct secret	 now, before;		/* passwords; empty: not known */
	bool		 locked;
	char		 said[SAID];
	int		 remedy;		/* what mends a BAD step, or -1 */
};

static enum trial_end
end(struct canary *c, enum trial_end how, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum trial_end
end(struct canary *c, enum trial_end how, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->said, sizeof c->said, fmt, ap);
	va_end(ap);
	return how;
}

static const char *const verdicts[VERDICT__COUNT] = {
	[VERDICT_NOBODY] = "nobody below registrar.directory.base is called that, or more than one",
	[VERDICT_DISABLED] = "the account is disabled or has ended, so it is not helped: take another",
	[VERDICT_PROTECTED] = "the account is protected, so it is not helped: take another",
	[VERDICT_LIMIT] = "more writes than registrar.writes_per_hour",
	[VERDICT_FORBIDDEN] = "the service account may not do that; the log says what was answered",
	[VERDICT_UNAVAILABLE] = "the directory did not answer; surely nothing was done",
	[VERDICT_UNKNOWN] = "no answer came: it may or may not have been done",
};

static enum trial_end
fail(struct canary *c, enum verdict v, int remedy)
{
	c->remedy = v == VERDICT_FORBIDDEN ? remedy : -1;
	return end(c, BAD, "%s", verdicts[v] != NULL ? verdicts[v] : word_verdict[v]);
}

/* ---- Passwords ---------------------------------------------------------------- */

/* Who they are and whether they may be helped, as it is asked before every write. */
static enum verdict
look_again(struct canary *c)
{
	enum verdict v = account_read(c->d, c->account.id, &c->account);

	if (v == VERDICT_OK && (v = guard_ready(c->d)) == VERDICT_OK)
		v = guard_person(c->d, &c->account);
	return v;
}

static enum trial_end
refused(struct canary *c, enum verdict v, enum rule rule)
{
	if (v == VERDICT_RULE && rule == RULE_AGE)
		return end(c, SKIPPED, "not now: the policy has a minimum age, and the password of this "
		    "account is too young; people are told the same");
	if (v == VERDICT_RULE)
		return end(c, BAD, "a random password broke the rule \"%s\"", word_rule[rule]);
	return fail(c, v, REMEDY_RESET);
}

/* Another random password.  The one that was valid up to here is kept as the one before. */
static enum trial_end
renew(struct canary *c, bool must_change)
{
	struct secret new = { .len = 0 };
	struct denial no = { .rule = RULE_LENGTH };
	enum verdict v = look_again(c);

	/* Whatever is wrong with it, setting it says so. */
	rules_random(&c->rules, &new);
	if (v == VERDICT_OK)
		v = password_set(c->d, &c->account, &new, must_change, &no);
	if (v == VERDICT_OK) {
		secret_copy(&c->before, &c->now);
		secret_copy(&c->now, &new);
	}
	secret_wipe(&new);
	return v == VERDICT_OK ? GOOD : refused(c, v, no.rule);
}

/* ---- Signing in ------------------------------------------------------------------ */

enum sign_in { SIGNED_IN, REFUSED, MUST_CHANGE, NOT_ASKED };

/*
 * What servers say of it; only the first words are the same everywhere.  A password
 * never goes over a connection without TLS, so Kerberos on ldap:// needs StartTLS here.
 */
static enum sign_in
sign_in(struct canary *c, const struct secret *password)
{
	struct directory as_person = registrar.directory;
	char why[SAID];
	enum dir_end e;
	struct dir *d;

	snprintf(as_person.mechanism, sizeof as_person.mechanism, "simple");
	if ((size_t)snprintf(as_person.bind_dn, sizeof as_person.bind_dn, "%s", c->account.dn) >=
	    sizeof as_person.bind_dn)
		return NOT_ASKED;
	as_person.starttls = strncasecmp(c->uri, "ldap://", 7) == 0;
	d = dir_new(&as_person, password);
	e = dir_connect(d, c->uri, why, sizeof why);
	dir_free(d);
	if (e == DIR_OK)
		return SIGNED_IN;
	snprintf(c->said, sizeof c->said, "%s", why);
	if (strstr(why, "data 773") != NULL)
		return MUST_CHANGE;
	return strstr(why, "Invalid credentials") != NULL ? REFUSED : NOT_ASKED;
}

/* ---- The steps --------------------------------------------------------------------- */

static enum trial_end
try_find(struct canary *c)
{
	enum verdict v = account_find(c->d, canary_name, &c->account);

	return v == VERDICT_OK ? GOOD : fail(c, v, REMEDY_STATE);
}

static enum trial_end
try_guard(struct canary *c)
{
	enum verdict v = look_again(c);

	return v == VERDICT_OK ? GOOD : fail(c, v, REMEDY_STATE);
}

static enum trial_end
try_rules(struct canary *c)
{
	static const struct {
		enum rule	 rule;
		const char	*words;
	} told[] = {
		{ RULE_LENGTH, "at least %u characters" }, { RULE_LONGEST, "at most %u" },
		{ RULE_CLASSES, "%u kinds of them" }, { RULE_HISTORY, "none of the last %u" },
		{ RULE_AGE, "not for another %u seconds" },
	};
	enum verdict v = password_rules(c->d, &c->account, &c->rules);
	size_t n = 0;

	if (v != VERDICT_OK)
		return fail(c, v, REMEDY_POLICIES);
	c->said[0] = '\0';
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (c->rules.holds[told[i].rule]) {
			char one[64];

			/* A constant of the table above. */
			snprintf(one, sizeof one, told[i].words, c->rules.number[told[i].rule]);
			n += (size_t)snprintf(c->said + n, sizeof c->said - n, "%s%s", n > 0 ? ", " : "",
			    one);
		}
	if (n == 0)
		return end(c, GOOD, "none");
	return GOOD;
}

static enum trial_end
try_judge(struct canary *c)
{
	struct secret password = { .len = 0 };
	uint32_t broken = 0;
	enum verdict v;

	rules_random(&c->rules, &password);
	v = password_judge(c->d, &c->account, &password, &broken);
	secret_wipe(&password);
	if (v == VERDICT_RULE)
		return refused(c, v, (enum rule)__builtin_ctz(broken));
	return v == VERDICT_OK ? GOOD : fail(c, v, REMEDY_POLICIES);
}

static enum trial_end
try_reset(struct canary *c)
{
	return renew(c, false);
}

static enum trial_end
try_sign_in(struct canary *c)
{
	if (c->now.len == 0)
		return end(c, SKIPPED, "no password was set");
	switch (sign_in(c, &c->now)) {
	case SIGNED_IN:
		return GOOD;
	case NOT_ASKED:
		return end(c, SKIPPED, "this server is not asked over TLS");
	case MUST_CHANGE:
		return end(c, BAD, "the new password has to be changed at once, although nobody asked "
		    "for that: give the service account the right \"Unexpire Password\" on the domain");
	case REFUSED:
		break;
	}
	return BAD;
}

/* The history tells the passwords before; one that is remembered alone is the present one. */
static enum trial_end
try_history(struct canary *c)
{
	bool one = c->rules.number[RULE_HISTORY] < 2;
	struct secret old = { .len = 0 };
	struct denial no = { .rule = RULE_QUALITY };
	enum trial_end how;
	enum verdict v;

	if (!c->rules.holds[RULE_HISTORY] || c->now.len == 0)
		return end(c, SKIPPED, c->now.len == 0 ? "no password was set" :
		    "the policy has none, or this server holds no reset to it");
	if (!one && (how = renew(c, false)) != GOOD)
		return how;
	secret_copy(&old, one ? &c->now : &c->before);
	if ((v = look_again(c)) == VERDICT_OK)
		v = password_set(c->d, &c->account, &old, false, &no);
	if (v == VERDICT_OK)
		secret_copy(&c->now, &old);
	secret_wipe(&old);
	/* An emulated reset that was refused leaves a password that nobody knows. */
	if (v == VERDICT_RULE && no.rule == RULE_HISTORY && no.gone &&
	    (how = renew(c, false)) != GOOD)
		return how;
	if (v == VERDICT_RULE && no.rule == RULE_HISTORY)
		return end(c, GOOD, "refused");
	if (v != VERDICT_OK)
		return refused(c, v, no.rule);
	return end(c, BAD, "accepted, although the policy remembers %u: see registrar.directory.history",
	    c->rules.number[RULE_HISTORY]);
}

static const char *
login_name(const struct account *a)
{
	for (size_t i = 0; i < a->n_names; i++)
		if (a->names[i].kind == NAME_LOGIN)
			return a->names[i].text;
	return "";
}

static enum trial_end
try_name(struct canary *c)
{
	struct secret password = { .len = 0 }, holding = { .len = 0 };
	char text[sizeof holding.text + PERSON_NAME_LONGEST];
	uint32_t broken = 0;
	enum verdict v;

	if (c->rules.n_terms == 0)
		return end(c, SKIPPED, "no name of this account is long enough to be looked for");
	rules_random(&c->rules, &password);
	snprintf(text, sizeof text, "%s%s", login_name(&c->account), password.text);
	secret_set(&holding, text, strlen(text));
	v = password_judge(c->d, &c->account, &holding, &broken);
	explicit_bzero(text, sizeof text);
	secret_wipe(&password);
	secret_wipe(&holding);
	if (v == VERDICT_RULE && broken & 1U << RULE_NAME)
		return end(c, GOOD, "refused");
	return v == VERDICT_OK ? end(c, BAD, "accepted") : refused(c, v, RULE_NAME);
}

static enum trial_end
try_must_change(struct canary *c)
{
	enum trial_end how;
	bool asked;

	if (!registrar_keeper.must_change)
		return end(c, SKIPPED, "keeper.must_change is false");
	if ((how = renew(c, true)) != GOOD)
		return how;
	asked = look_again(c) == VERDICT_OK && c->account.must_change;
	if ((how = renew(c, false)) != GOOD || asked)
		return how;
	c->remedy = REMEDY_MUST_CHANGE;
	return end(c, BAD, "the directory does not ask for another password");
}

static enum trial_end
try_lock(struct canary *c)
{
	int wrong = dialect()->lockout(c->d, &c->account);
	struct secret password = { .len = 0 };
	enum sign_in end_of_it = REFUSED;

	if (wrong <= 0 || wrong > WRONG_MOST || c->now.len == 0)
		return end(c, SKIPPED, wrong == 0 ? "the policy never locks anybody" :
		    wrong < 0 ? "after how many wrong passwords, cannot be read" :
		    c->now.len == 0 ? "no password was set" : "it would take %d wrong passwords", wrong);
	for (int i = 0; i < wrong && end_of_it == REFUSED; i++) {
		rules_random(&c->rules, &password);
		end_of_it = sign_in(c, &password);
	}
	secret_wipe(&password);
	if (end_of_it == NOT_ASKED)
		return end(c, SKIPPED, "this server is not asked over TLS");
	if (sign_in(c, &c->now) != REFUSED)
		return end(c, BAD, "%d wrong passwords did not lock it", wrong);
	c->locked = true;
	return end(c, GOOD, "%d of them", wrong);
}

static enum trial_end
try_unlock(struct canary *c)
{
	enum verdict v;

	if (!c->locked)
		return end(c, SKIPPED, "it is not locked");
	if ((v = look_again(c)) == VERDICT_OK && (v = guard_write()) == VERDICT_OK)
		v = dialect()->unlock(c->d, &c->account);
	if (v != VERDICT_OK)
		return fail(c, v, REMEDY_UNLOCK);
	if (sign_in(c, &c->now) == SIGNED_IN)
		return GOOD;
	return end(c, BAD, "the right password is still refused");
}

/* ---- All of them --------------------------------------------------------------------- */

static const struct trial {
	const char	*what;
	enum trial_end	(*run)(struct canary *);
	bool		 needed;	/* without it nothing else is tried */
} trials[] = {
	{ "find it", try_find, true },
	{ "may it be helped", try_guard, true },
	{ "read the rules for its password", try_rules, true },
	{ "judge a random password", try_judge, true },
	{ "reset to a random password", try_reset, true },
	{ "sign in with it", try_sign_in, false },
	{ "try a password of its history", try_history, false },
	{ "try a password with its name in it", try_name, false },
	{ "have it changed at the next sign-in", try_must_change, false },
	{ "lock it by wrong passwords", try_lock, false },
	{ "unlock it, and sign in", try_unlock, false },
	{ "leave it with a random password that nobody knows", try_reset, false },
};

static void
tell(struct canary *c, const struct trial *t, enum trial_end how, long long ms)
{
	static const char *const words[] = { [GOOD] = "done", [SKIPPED] = "skipped", [BAD] = "FAILED" };
	struct finding_remedy remedies[REMEDIES];
	size_t n = how == BAD && c->remedy >= 0 ?
	    dialect()->remedies(c->d, (enum remedy_right)c->remedy, remedies) : 0;

	finding_tell(how == BAD ? FINDING_FAULT : FINDING_FACT, how == BAD ? "--canary" : "",
	    remedies, n, "canary %s: %s: %s%s%s (%lld ms)", canary_name, t->what, words[how],
	    c->said[0] != '\0' ? ": " : "", c->said, ms);
}

void
canary_run(struct dir *d, const char *uri)
{
	struct canary c = { .d = d, .uri = uri };
	int count[BAD + 1] = { 0 };
	enum trial_end how = GOOD;

	guard_share();
	/* What is written here is signed in to there. */
	dir_go(d, dir_server(d));
	for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
		int64_t begun = clock_ms();

		c.said[0] = '\0';
		c.remedy = -1;
		how = trials[i].run(&c);
		count[how]++;
		tell(&c, &trials[i], how, (long long)(clock_ms() - begun));
		if (how != GOOD && trials[i].needed)
			break;
	}
	finding_tell(FINDING_FACT, "", NULL, 0, "canary %s: %s (%d done, %d skipped, %d failed)",
	    canary_name, count[BAD] > 0 ? "not all of it works: see above" :
	    how != GOOD ? "the rest could not be tried" : "people can be helped like this", count[GOOD],
	    count[SKIPPED], count[BAD]);
	secret_wipe(&c.now);
	secret_wipe(&c.before);
}
