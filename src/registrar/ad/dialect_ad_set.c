/*
 * dialect_ad_set.c - setting a password in Active Directory, and lifting a lock.
 *
 * A reset replaces unicodePwd and lifts the lock in one operation: both or neither.
 * Where the service account may not lift locks the password alone is set, and the log
 * says so.
 */
#include "registrar/ad/dialect_ad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "base/log.h"
#include "registrar/settings.h"

/* ---- The value -------------------------------------------------------------------- */

static void
put_unit(struct secret *s, unsigned int unit)
{
	s->text[s->len++] = (char)(unit & 0xff);
	s->text[s->len++] = (char)(unit >> 8);
}

/* Nothing here allocates: a password on the heap leaves copies that nobody wipes. */
int
ad_password_value(const struct secret *password, struct secret *value)
{
	const uint8_t *p = (const uint8_t *)password->text;
	ucs4_t c;

	value->len = 0;
	if (u8_check(p, password->len) != NULL)
		return -1;
	put_unit(value, '"');
	while ((p = u8_next(&c, p)) != NULL) {
		/* Room for this character, which may take two units, and the last quote. */
		if (value->len + 6 > SECRET_LONGEST) {
			secret_wipe(value);
			return -1;
		}
		if (c > 0xffff)
			put_unit(value, 0xd800 + ((c - 0x10000) >> 10));
		put_unit(value, c > 0xffff ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c);
	}
	put_unit(value, '"');
	value->text[value->len] = '\0';
	return 0;
}

/* ---- Refusals ------------------------------------------------------------------------ */

/* [MS-ERREF] 2.2, where the server's own words begin with one of these, in hexadecimal. */
enum {
	ERROR_NONE = 0,
	ERROR_NOT_SEALED = 0x1f,		/* ERROR_GEN_FAILURE */
	ERROR_WRONG_OLD = 0x56,			/* ERROR_INVALID_PASSWORD */
	ERROR_RESTRICTION = 0x52d,		/* ERROR_PASSWORD_RESTRICTION */
	ERROR_NOT_SIGNED = 0x2028,		/* ERROR_DS_STRONG_AUTH_REQUIRED */
	ERROR_REFERRAL = 0x202b			/* ERROR_DS_REFERRAL */
};

/* [MS-ADTS] 3.1.1.3.1.9: what stands behind these eight digits is not to be relied on. */
static unsigned long
error_of(const struct dir_refusal *why)
{
	const char *said = why->text + why->said;

	return strspn(said, "0123456789abcdefABCDEF") == 8 ? strtoul(said, NULL, 16) : ERROR_NONE;
}

/*
 * One number stands for every rule.  Whatever can be judged beforehand was, so it is
 * what only the server knows: the history, or else a filter of its own.
 */
int
ad_refused_rule(const struct dir_refusal *why, const struct rules *r)
{
	if ((why->code != DIR_CODE_CONSTRAINT && why->code != DIR_CODE_UNWILLING) ||
	    error_of(why) != ERROR_RESTRICTION)
		return -1;
	return r->holds[RULE_HISTORY] ? RULE_HISTORY : RULE_QUALITY;
}

/* What was tried, and the rights that it takes. */
struct attempt {
	const char		*doing;
	enum remedy_right	 rights[2];
	size_t			 n_rights;
};

static const struct attempt resetting = { "setting the password of", { REMEDY_RESET }, 1 };
static const struct attempt making_room = {
	"making room for a new password of", { REMEDY_RESET, REMEDY_MUST_CHANGE }, 2
};
static const struct attempt changing = { .doing = "changing the password of" };
static const struct attempt unlocking = { "unlocking", { REMEDY_UNLOCK }, 1 };

static const struct {
	int		 code;		/* 0: any */
	unsigned long	 error;		/* ERROR_NONE: any */
	const char	*mend;
} mends[] = {
	{ DIR_CODE_RIGHTS, ERROR_NONE, "the service account lacks a right" },
	{ DIR_CODE_CRITICAL, ERROR_NONE, "this server does not know policy hints; leave it out of "
	    "uris, or see history" },
	{ 0, ERROR_NOT_SEALED, "the connection is not encrypted well enough; use ldaps://, or "
	    "starttls = true" },
	{ 0, ERROR_NOT_SIGNED, "the server wants signed connections; use ldaps://" },
	{ 0, ERROR_REFERRAL, "this server cannot write this person; name one in uris that can, of "
	    "their own domain and not read-only" },
	{ 0, ERROR_NONE, "look in the server's log" },
};

static enum verdict
forbidden(struct dir *d, const struct account *a, const struct attempt *t,
    const struct dir_refusal *why)
{
	unsigned long error = error_of(why);
	size_t m = 0;

	while ((mends[m].code != 0 && mends[m].code != why->code) ||
	    (mends[m].error != ERROR_NONE && mends[m].error != error))
		m++;
	log_warnx("the directory refuses %s %s: %s; %s", t->doing, a->id, why->text,
	    mends[m].mend);
	for (size_t i = 0; i < t->n_rights && why->code == DIR_CODE_RIGHTS; i++)
		ad_log_remedies(d, t->rights[i]);
	return VERDICT_FORBIDDEN;
}

static enum verdict
concluded(struct dir *d, enum dir_end end, const struct account *a, const struct attempt *t,
    const struct dir_refusal *why)
{
	if (end == DIR_REFUSED)
		return forbidden(d, a, t, why);
	if (end != DIR_OK)
		log_warnx("%s %s: %s", t->doing, a->id, why->text);
	return dir_verdict(end);
}

/* ---- Writing ------------------------------------------------------------------------------ */

static const struct secret nought = { 1, "0" };
static const struct dir_mod no_lock = { DIR_REPLACE, "lockoutTime", &nought };
static const struct dir_mod no_time = { DIR_REPLACE, "pwdLastSet", &nought };

/* ${mods}, which have room for one more, and no lock; without that right, ${mods} alone. */
static enum dir_end
reset(struct dir *d, const struct account *a, struct dir_mod *mods, size_t n,
    enum dir_asking asking, struct dir_refusal *why)
{
	enum dir_end end;

	mods[n] = no_lock;
	end = dir_write(d, a->dn, mods, n + 1, asking, why);
	if (end == DIR_OK)
		dir_write_elsewhere(d, a->dn, &no_lock, 1);
	if (end != DIR_REFUSED || why->code != DIR_CODE_RIGHTS)
		return end;
	if ((end = dir_write(d, a->dn, mods, n, asking, why)) == DIR_OK) {
		log_warnx("the password of %s is set, but the service account may not write "
		    "lockoutTime, so a lock was not lifted; give it that right", a->id);
		ad_log_remedies(d, REMEDY_UNLOCK);
	}
	return end;
}

/*
 * An operation of its own: where Samba is given a hint, it compares the least age with
 * the time that is being written, and calls every password too young.
 */
static void
demand_another(struct dir *d, const struct account *a)
{
	struct dir_refusal why;

	if (dir_write(d, a->dn, &no_time, 1, DIR_ASKING_NOTHING, &why) == DIR_OK)
		return;
	log_warnx("%s need not choose another password at sign-in: %s", a->id, why.text);
	if (why.code == DIR_CODE_RIGHTS)
		ad_log_remedies(d, REMEDY_MUST_CHANGE);
}

static enum verdict
set_by_reset(struct dir *d, const struct account *a, const struct rules *r,
    const struct secret *value, enum dir_asking asking, struct denial *no)
{
	struct dir_mod mods[2] = { { DIR_REPLACE, "unicodePwd", value } };
	struct dir_refusal why;
	enum dir_end end = reset(d, a, mods, 1, asking, &why);
	int broken = end == DIR_REFUSED ? ad_refused_rule(&why, r) : -1;

	if (broken == -1)
		return concluded(d, end, a, &resetting, &why);
	no->rule = (enum rule)broken;
	return VERDICT_RULE;
}

/* ---- Where the server holds only changes to the history ------------------------------------- */

/*
 * From here on the person's old password is gone, and nobody knows the new one: a
 * change that the rules allow ends that, and so does the next try of the person.
 * pwdLastSet is 0 meanwhile, so the least age does not stand in the way of the
 * change.
 */
static enum verdict
set_by_change(struct dir *d, const struct account *a, const struct rules *r,
    const struct secret *from, const struct secret *to, struct denial *no)
{
	const struct dir_mod mods[] = {
		{ DIR_DELETE, "unicodePwd", from }, { DIR_ADD, "unicodePwd", to }
	};
	struct dir_refusal why;
	enum dir_end end = dir_write(d, a->dn, mods, 2, DIR_ASKING_NOTHING, &why);
	int broken = end == DIR_REFUSED ? ad_refused_rule(&why, r) : -1;

	no->gone = end != DIR_OK;
	if (end != DIR_REFUSED)
		return concluded(d, end, a, &changing, &why);
	if (broken == -1) {
		/* The first: at another server than before, or somebody came between. */
		bool again = error_of(&why) == ERROR_WRONG_OLD;

		log_warnx("%s %s, which is a random one now: %s; %s", changing.doing, a->id, why.text,
		    again ? "it can be tried again" : "if \"user cannot change password\" is set "
		    "for them, only an admin can set another");
		return again ? VERDICT_UNAVAILABLE : VERDICT_FORBIDDEN;
	}
	no->rule = (enum rule)broken;
	return VERDICT_RULE;
}

/*
 * A first step without an answer is UNKNOWN like any other: their new password surely
 * is not set, but a reset that arrives late must not meet another try of theirs.
 */
static enum verdict
set_emulated(struct dir *d, const struct account *a, const struct rules *r,
    const struct secret *value, struct denial *no)
{
	struct secret random = { .len = 0 }, between = { .len = 0 };
	struct dir_mod mods[3] = { { DIR_REPLACE, "unicodePwd", &between }, no_time };
	struct dir_refusal why;
	enum dir_end end;
	enum verdict v;

	if (rules_random(r, &random) != 0 || ad_password_value(&random, &between) == -1)
		fatalx("a random password that cannot be written");
	secret_wipe(&random);
	end = reset(d, a, mods, 2, DIR_ASKING_NOTHING, &why);
	if (end == DIR_OK)
		v = set_by_change(d, a, r, &between, value, no);
	else
		v = concluded(d, end, a, &making_room, &why);
	secret_wipe(&between);
	return v;
}

/* ---- What keeper asks for --------------------------------------------------------------------- */

enum verdict
ad_set(struct dir *d, const struct account *a, const struct rules *r,
    const struct secret *password, bool must_change, struct denial *no)
{
	struct secret value = { .len = 0 };
	enum verdict v = VERDICT_FORBIDDEN;
	enum ad_way way;
	enum dir_end end;

	if ((end = ad_find_way(d, r->number[RULE_HISTORY], &way)) != DIR_OK)
		return dir_verdict(end);
	if (ad_password_value(password, &value) == -1) {
		no->rule = RULE_LONGEST;
		return VERDICT_RULE;
	}
	if (way == AD_WAY_EMULATE)
		v = set_emulated(d, a, r, &value, no);
	else if (way != AD_WAY_NONE)
		v = set_by_reset(d, a, r, &value,
		    way == AD_WAY_HINTS ? DIR_ASKING_HINTS : DIR_ASKING_NOTHING, no);
	secret_wipe(&value);
	if (v == VERDICT_OK && must_change)
		demand_another(d, a);
	return v;
}

enum verdict
ad_unlock(struct dir *d, const struct account *a)
{
	struct dir_refusal why;
	enum dir_end end = dir_write(d, a->dn, &no_lock, 1, DIR_ASKING_NOTHING, &why);

	if (end == DIR_OK)
		dir_write_elsewhere(d, a->dn, &no_lock, 1);
	return concluded(d, end, a, &unlocking, &why);
}
