#include "registrar/account.h"

#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <uninorm.h>

#include "base/log.h"
#include "base/text.h"
#include "registrar/dialect.h"
#include "registrar/ldap/filter.h"

/* ---- What was typed --------------------------------------------------------- */

/* Without blanks at the ends, composed: telephones may send e and an accent apart. */
static int
tidy(const char *typed, char *out, size_t size)
{
	size_t len = size - 1, from = strspn(typed, " \t"), n = strlen(typed);
	uint8_t *composed;

	while (n > from && (typed[n - 1] == ' ' || typed[n - 1] == '\t'))
		n--;
	if (n <= from || !text_utf8(typed + from, n - from))
		return -1;
	composed = u8_normalize(UNINORM_NFC, (const uint8_t *)typed + from, n - from,
	    (uint8_t *)out, &len);
	if (composed == (uint8_t *)out && len < size) {
		out[len] = '\0';
		return text_plain(out) ? 0 : -1;
	}
	if (composed != (uint8_t *)out)
		free(composed);
	return -1;
}

static bool
domain_accepted(const char *domain, size_t len)
{
	const struct directory *s = &registrar.directory;

	for (size_t i = 0; i < s->n_domains; i++)
		if (strlen(s->domains[i]) == len && strncasecmp(s->domains[i], domain, len) == 0)
			return true;
	return s->n_domains == 0 && len > 0;
}

int
account_login(const char *typed, struct login *l)
{
	const char *cut;

	memset(l, 0, sizeof *l);
	if (tidy(typed, l->whole, sizeof l->whole) == -1)
		return -1;
	if ((cut = strchr(l->whole, '\\')) != NULL) {
		l->windows = true;
		if (cut[1] == '\0' || !domain_accepted(l->whole, (size_t)(cut - l->whole)))
			return -1;
		memcpy(l->part, cut + 1, strlen(cut));
	} else if ((cut = strrchr(l->whole, '@')) != NULL && cut > l->whole &&
	    domain_accepted(cut + 1, strlen(cut + 1))) {
		memcpy(l->part, l->whole, (size_t)(cut - l->whole));
	}
	return 0;
}

/* ---- Filters ---------------------------------------------------------------- */

static void
begin_person(struct filter *f)
{
	filter_begin(f);
	filter_raw(f, "(&");
	filter_raw(f, registrar.directory.person_filter);
}

/* Exchange's list of a person's addresses says of each what kind it is. */
static const char addresses[] = "proxyAddresses", address_kind[] = "smtp:";

static const char *
filter_by_name(struct filter *f, const char *attribute, const char *name)
{
	char address[sizeof address_kind + NAME_LONGEST];

	begin_person(f);
	if (strcasecmp(attribute, addresses) == 0) {
		if (strchr(name, '@') == NULL)
			return NULL;
		snprintf(address, sizeof address, "%s%s", address_kind, name);
		name = address;
	}
	filter_equal(f, attribute, name);
	filter_raw(f, ")");
	return filter_done(f);
}

static const char *
filter_by_id(struct filter *f, const char *id)
{
	begin_person(f);
	(dialect()->id_octets ? filter_octets : filter_equal)(f, dialect()->id, id);
	filter_raw(f, ")");
	return filter_done(f);
}

/* ---- From entry to account --------------------------------------------------- */

static void
take_names(struct account *a, const struct dir_entry *e, const char *attribute,
    enum name_kind kind)
{
	const char *v;

	for (size_t i = 0; (v = dir_value(e, attribute, i)) != NULL && a->n_names < NAMES_MOST; i++) {
		char *name = a->names[a->n_names].text;

		a->names[a->n_names++].kind = kind;
		snprintf(name, sizeof a->names[0].text, "%s", v);
		/* A name that is cut is cut between characters. */
		while (*name != '\0' && !text_utf8(name, strlen(name)))
			name[strlen(name) - 1] = '\0';
	}
}

static int
take_id(struct account *a, const struct dir_entry *e)
{
	size_t len = 0;
	const unsigned char *id = dir_octets(e, dialect()->id, 0, &len);

	if (dialect()->id_octets && len > 0 && 2 * len <= ID_LONGEST)
		text_hex(a->id, id, len);
	else if (!dialect()->id_octets && len <= ID_LONGEST)
		snprintf(a->id, sizeof a->id, "%.*s", (int)len, (const char *)id);
	return a->id[0] != '\0' ? 0 : -1;
}

/* The user name that may not be in a password. */
static const char *
login_name(void)
{
	return dialect()->login_name != NULL ? dialect()->login_name :
	    registrar.directory.login_attributes[0];
}

static enum verdict
fill(const struct dir_entry *e, struct account *a)
{
	size_t shown = 0;

	memset(a, 0, sizeof *a);
	if (take_id(a, e) == -1 || strlen(dir_dn(e)) > DN_LONGEST) {
		log_warnx("somebody has no %s that can be read: treated as protected",
		    dialect()->id);
		return VERDICT_PROTECTED;
	}
	snprintf(a->dn, sizeof a->dn, "%s", dir_dn(e));
	take_names(a, e, login_name(), NAME_LOGIN);
	while (dialect()->display[shown + 1] != NULL &&
	    dir_value(e, dialect()->display[shown], 0) == NULL)
		shown++;
	take_names(a, e, dialect()->display[shown], NAME_DISPLAY);
	take_names(a, e, "givenName", NAME_EXTRA);
	take_names(a, e, "sn", NAME_EXTRA);
	dialect()->read_state(e, a);
	return VERDICT_OK;
}

static enum verdict
look_up(struct dir *d, const char *filter, struct account *a)
{
	static const char *const names[] = { "displayName", "cn", "givenName", "sn", NULL };
	const char *wanted[32];
	size_t n = 0;
	struct dir_query q = { registrar.directory.base, DIR_BELOW, filter, wanted };
	struct dir_entry *e;
	enum verdict v;

	if (filter == NULL)
		return VERDICT_NOBODY;
	wanted[n++] = dialect()->id;
	wanted[n++] = login_name();
	for (size_t i = 0; names[i] != NULL; i++)
		wanted[n++] = names[i];
	for (size_t i = 0; dialect()->state[i] != NULL; i++)
		wanted[n++] = dialect()->state[i];
	wanted[n] = NULL;
	if ((v = dir_verdict(dir_one(d, &q, &e))) == VERDICT_OK)
		v = fill(e, a);
	dir_entry_free(e);
	return v;
}

/*
 * One attribute after the other: whoever may write their own mail address cannot
 * stand in the way of somebody whose user name it is.
 */
static enum verdict
find_name(struct dir *d, const char *name, struct account *a)
{
	const struct directory *s = &registrar.directory;
	enum verdict v = VERDICT_NOBODY;
	struct filter f;

	for (size_t i = 0; i < s->n_login_attributes && v == VERDICT_NOBODY; i++)
		v = look_up(d, filter_by_name(&f, s->login_attributes[i], name), a);
	return v;
}

enum verdict
account_find(struct dir *d, const char *typed, struct account *a)
{
	struct login l;
	enum verdict v = VERDICT_NOBODY;

	if (account_login(typed, &l) == -1)
		return VERDICT_NOBODY;
	/* As typed goes first: somebody's mail address beats somebody else's name in it. */
	if (!l.windows)
		v = find_name(d, l.whole, a);
	if (v == VERDICT_NOBODY && l.part[0] != '\0')
		v = find_name(d, l.part, a);
	explicit_bzero(&l, sizeof l);
	return v;
}

enum verdict
account_read(struct dir *d, const char *id, struct account *a)
{
	struct filter f;

	return look_up(d, filter_by_id(&f, id), a);
}

enum verdict
account_entry(struct dir *d, const char *id, const char *const *attributes,
    struct dir_entry **entry)
{
	struct filter f;
	struct dir_query q = {
		registrar.directory.base, DIR_BELOW, filter_by_id(&f, id), attributes
	};

	return dir_verdict(dir_one(d, &q, entry));
}
