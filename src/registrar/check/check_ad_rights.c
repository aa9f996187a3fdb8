/*
 * check_ad_rights.c - what the service account may do to people, and they themselves.
 *
 * Looked at on one person of each folder, as the server sees it (allowedAttributes-
 * Effective), and in the access list for what that does not tell: the right to reset,
 * what people may write of their own, and confidential attributes, which are absent
 * for whoever may not read them.
 */
#include "registrar/check/check_ad.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/finding.h"
#include "registrar/ad/acl.h"
#include "registrar/ad/dialect_ad.h"
#include "registrar/check/census.h"
#include "registrar/ldap/ldap_all.h"
#include "registrar/settings.h"
#include "wire/house.h"

#define HERE "registrar.directory."

enum { TOKEN_MOST = 256, WIDE_SHOWN = 4 };

/* User-Force-Change-Password, [MS-ADTS] 5.1.3.2.1. */
#define RESET_PASSWORD "00299570-246d-11d0-a768-00aa006e0529"

/* ---- Who we are -------------------------------------------------------------- */

struct token {
	size_t		n;
	struct sid	sid[TOKEN_MOST];
};

static void
read_token(struct dir *d, struct token *t)
{
	static const char *const wanted[] = { "tokenGroups", NULL };
	struct dir_entry *root = NULL;
	const void *octets;
	size_t len;

	t->n = 0;
	if (dir_read(d, "", wanted, &root) == DIR_OK)
		for (size_t i = 0; (octets = dir_octets(root, wanted[0], i, &len)) != NULL; i++)
			if (t->n < TOKEN_MOST && sid_read(octets, len, &t->sid[t->n]) == 0)
				t->n++;
	dir_entry_free(root);
}

/* DC=linde,DC=example is linde.example. */
static void
domain_name(const char *dn, char *out, size_t size)
{
	size_t o = 0;

	while (strncasecmp(dn, "DC=", 3) == 0 && o + 1 < size) {
		size_t len = strcspn(dn += 3, ",");

		o += (size_t)snprintf(out + o, size - o, "%s%.*s", o > 0 ? "." : "", (int)len, dn);
		dn += len + (dn[len] == ',');
	}
}

int
check_ad_account(struct dir *d, const char *domain, struct remedy_account *a)
{
	static const char *const wanted[] = { "sAMAccountName", NULL };
	struct dir_entry *e = NULL;
	char base[sizeof a->sid + 8], dns[256] = "";
	struct dir_query q = { base, DIR_ENTRY, "(objectClass=user)", wanted };
	static struct token t;
	int r = -1;

	read_token(d, &t);
	domain_name(domain, dns, sizeof dns);
	/* Of all these one is no group. */
	for (size_t i = 0; i < t.n && r == -1; i++) {
		sid_text(&t.sid[i], a->sid);
		snprintf(base, sizeof base, "<SID=%s>", a->sid);
		if (dir_one(d, &q, &e) == DIR_OK && dir_value(e, wanted[0], 0) != NULL) {
			snprintf(a->name, sizeof a->name, "%s@%s", dir_value(e, wanted[0], 0), dns);
			r = 0;
		}
		dir_entry_free(e);
	}
	return r;
}

/* ---- The attributes of the proofs ------------------------------------------------ */

struct attribute {
	bool		known, confidential, in_set;
	unsigned char	guid[GUID_SIZE], set[GUID_SIZE];
	char		text[GUID_TEXT];
};

enum { CONFIDENTIAL = 0x80 };		/* of searchFlags, [MS-ADTS] 2.2.10 */

static void
take_attribute(const struct dir_entry *e, struct attribute *a)
{
	const void *octets;
	size_t len;

	if ((octets = dir_octets(e, "schemaIDGUID", 0, &len)) == NULL || len != GUID_SIZE)
		return;
	a->known = true;
	memcpy(a->guid, octets, len);
	guid_text(a->guid, a->text);
	a->confidential = (dir_flags(e, "searchFlags") & CONFIDENTIAL) != 0;
	if ((octets = dir_octets(e, "attributeSecurityGUID", 0, &len)) != NULL && len == GUID_SIZE) {
		a->in_set = true;
		memcpy(a->set, octets, len);
	}
}

static void
read_attribute(struct dir *d, size_t i, struct attribute *a)
{
	static const char *const wanted[] = {
		"schemaIDGUID", "attributeSecurityGUID", "searchFlags", NULL
	};
	const char *name = house.proofs[i].attribute;
	struct dir_entry *e;
	enum dir_end end = ad_attribute(d, name, wanted, &e);
	char setting[64];

	memset(a, 0, sizeof *a);
	snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
	if (end == DIR_OK)
		take_attribute(e, a);
	else if (end == DIR_NONE)
		finding_fault(setting, "the schema of this forest has no attribute "
		    "%s: mend the name, or extend the schema, see latchkey.conf(5)", name);
	dir_entry_free(e);
}

/* ---- One person ---------------------------------------------------------------------- */

/* How many of the sample, and one of them. */
struct lack {
	size_t	n;
	char	example[DN_LONGEST + 1];
};

struct survey {
	struct token	token;
	struct attribute attribute[PROOFS_MOST];
	size_t		people, closed;		/* whose access list cannot be read */
	struct lack	reset, unlock, must_change, proof[PROOFS_MOST];
	struct lack	own[PROOFS_MOST];	/* who may write it themselves */
	struct lack	wide, rights;		/* whom the service account may do too much to */
	char		wide_names[256];
};

static void
add(struct lack *l, const char *dn)
{
	if (l->n++ == 0)
		snprintf(l->example, sizeof l->example, "%s", dn);
}

static bool
may_write(const struct dir_entry *e, const char *attribute)
{
	return dir_has(e, "allowedAttributesEffective", attribute);
}

static bool
is_proof(const char *attribute)
{
	for (size_t i = 0; i < house.n_proofs; i++)
		if (strcasecmp(house.proofs[i].attribute, attribute) == 0)
			return true;
	return false;
}

/* Whatever else it may write; the proofs first, as writing these is impersonating. */
static void
look_for_too_much(struct survey *s, const struct dir_entry *e)
{
	const char *v;
	size_t shown = 0, others = 0, len = 0;
	char names[sizeof s->wide_names] = "";

	for (size_t i = 0; i < house.n_proofs; i++)
		if (may_write(e, house.proofs[i].attribute) && len < sizeof names) {
			len += (size_t)snprintf(names + len, sizeof names - len, "%s%s",
			    shown > 0 ? ", " : "", house.proofs[i].attribute);
			shown++;
		}
	for (size_t i = 0; (v = dir_value(e, "allowedAttributesEffective", i)) != NULL; i++) {
		if (strcasecmp(v, "lockoutTime") == 0 || strcasecmp(v, "pwdLastSet") == 0 ||
		    is_proof(v))
			continue;
		if (shown < WIDE_SHOWN && len < sizeof names) {
			len += (size_t)snprintf(names + len, sizeof names - len, "%s%s",
			    shown > 0 ? ", " : "", v);
			shown++;
		} else {
			others++;
		}
	}
	if (shown > 0 && s->wide.n == 0)
		snprintf(s->wide_names, sizeof s->wide_names, others > 0 ? "%.200s and %zu more" : "%.200s",
		    names, others);
	if (shown > 0)
		add(&s->wide, dir_dn(e));
	if (dir_flags(e, "sDRightsEffective") != 0)
		add(&s->rights, dir_dn(e));
}

static void
look_at_proof(struct survey *s, const struct dir_entry *e, const void *list, size_t len, size_t i)
{
	static const struct sid themselves[] = {
		{ .authority = 5, .n = 1, .part = { 10 } }, { .authority = 5, .n = 1, .part = { 11 } },
		{ .authority = 1, .n = 1, .part = { 0 } }
	};
	const struct attribute *a = &s->attribute[i];
	struct acl_question q = { s->token.sid, s->token.n, ACL_READ, a->guid,
	    a->in_set ? a->set : NULL };
	bool readable;

	if (!a->known)
		return;
	readable = acl_grants(list, len, &q);
	q.right = ACL_CONTROL;
	if (!readable || (a->confidential && !acl_grants(list, len, &q)))
		add(&s->proof[i], dir_dn(e));
	q = (struct acl_question){ themselves, sizeof themselves / sizeof themselves[0], ACL_WRITE,
	    a->guid, a->in_set ? a->set : NULL };
	if (acl_grants(list, len, &q))
		add(&s->own[i], dir_dn(e));
}

static void
look_at(struct survey *s, const struct dir_entry *e)
{
	struct acl_question reset = { s->token.sid, s->token.n, ACL_CONTROL, NULL, NULL };
	unsigned char right[GUID_SIZE];
	const void *list;
	size_t len = 0;

	s->people++;
	if (!may_write(e, "lockoutTime"))
		add(&s->unlock, dir_dn(e));
	if (!may_write(e, "pwdLastSet"))
		add(&s->must_change, dir_dn(e));
	look_for_too_much(s, e);
	if ((list = dir_octets(e, "nTSecurityDescriptor", 0, &len)) == NULL) {
		s->closed++;
		return;
	}
	guid_set(right, RESET_PASSWORD);
	reset.what = right;
	if (!acl_grants(list, len, &reset))
		add(&s->reset, dir_dn(e));
	for (size_t i = 0; i < house.n_proofs; i++)
		look_at_proof(s, e, list, len, i);
}

/* ---- What there is to say ---------------------------------------------------------------- */

struct telling {
	const struct survey	*survey;
	struct remedy_account	 who;
	bool			 known;
};

/* Where nobody's is there, it has to be given at the base; else something keeps it from them. */
static void
tell_lack(const struct telling *t, const struct lack *l, enum remedy_right right,
    const struct remedy_attribute *attribute, const char *setting, const char *what)
{
	const char *base = registrar.directory.base, *where = base;
	struct finding_remedy r[REMEDIES];
	bool all = l->n == t->survey->people;

	if (l->n == 0)
		return;
	if (!all && census_folder(l->example)[0] != '\0')
		where = census_folder(l->example);
	if (t->known)
		remedy_grant(right, where, &t->who, attribute, r);
	finding_tell(FINDING_FAULT, setting, r, t->known ? REMEDIES : 0, "%s may not %s %s%s; give it "
	    "that right%s", t->known ? t->who.name : "the service account", what,
	    all ? "people below " : "", all ? base : l->example, all ? "" :
	    " there; what is given higher up does not reach everybody");
}

static void
tell_proofs(const struct telling *t)
{
	const struct survey *s = t->survey;
	char setting[64], what[128];

	for (size_t i = 0; i < house.n_proofs; i++) {
		const struct remedy_attribute a = { house.proofs[i].attribute, s->attribute[i].text };

		snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
		snprintf(what, sizeof what, "read %s%s of", a.name, s->attribute[i].confidential ?
		    ", which is confidential," : "");
		tell_lack(t, &s->proof[i], s->attribute[i].confidential ? REMEDY_READ_SECRET :
		    REMEDY_READ, &a, setting, what);
	}
}

static void
tell_own(const struct survey *s)
{
	struct finding_remedy r[REMEDIES];
	char setting[64];

	for (size_t i = 0; i < house.n_proofs; i++) {
		const struct remedy_attribute a = { house.proofs[i].attribute, s->attribute[i].text };

		bool phone = house_kind(&house.proofs[i]) == KIND_PHONE;

		/* A number that somebody changed is no proof for a while: that is enough. */
		if (s->own[i].n == 0 || (phone && house.young_number_days > 0))
			continue;
		remedy_own(registrar.directory.base, &a, r);
		snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
		finding_tell(FINDING_ADVICE, setting, r, REMEDIES, "people may write their own %s, so "
		    "whoever sits down at a computer that was left open may make it theirs; %stake the "
		    "right away from those who are there now (from those to come: in the schema, "
		    "defaultSecurityDescriptor of the class user)", a.name,
		    phone ? "set young_number_days = 7, or " : "");
	}
}

static void
tell_too_much(const struct survey *s)
{
	if (s->wide.n > 0)
		finding_advice(HERE "bind_dn", "the service account may also write "
		    "%s of %s; it needs lockoutTime%s, and no more", s->wide_names, s->wide.example,
		    registrar_keeper.must_change || registrar.directory.history == HISTORY_EMULATE ?
		    " and pwdLastSet" : "");
	if (s->rights.n > 0)
		finding_advice(HERE "bind_dn", "the service account may change who "
		    "may do what to %s; take WRITE_DAC and WRITE_OWNER away from it", s->rights.example);
}

static void
tell_all(struct dir *d, const char *domain, const struct survey *s)
{
	struct telling t = { .survey = s };

	t.known = check_ad_account(d, domain, &t.who) == 0;
	tell_lack(&t, &s->reset, REMEDY_RESET, NULL, HERE "bind_dn", "reset the password of");
	tell_lack(&t, &s->unlock, REMEDY_UNLOCK, NULL, HERE "bind_dn", "write lockoutTime of");
	if (registrar_keeper.must_change)
		tell_lack(&t, &s->must_change, REMEDY_MUST_CHANGE, NULL, "keeper.must_change",
		    "write pwdLastSet of");
	else if (registrar.directory.history == HISTORY_EMULATE)
		tell_lack(&t, &s->must_change, REMEDY_MUST_CHANGE, NULL, HERE "history",
		    "write pwdLastSet of");
	tell_proofs(&t);
	if (s->closed > 0 && s->closed == s->people)
		finding_advice(HERE "bind_dn", "the service account may not read who "
		    "may do what to people below %s, so whether it may reset passwords cannot be told: "
		    "try it, with --canary and a test account", registrar.directory.base);
	tell_too_much(s);
	tell_own(s);
}

/* Who is an ordinary account cannot be told without it, so nobody would be helped. */
static bool
check_state(struct dir *d, const char *domain)
{
	struct survey none = { .people = 1, .unlock = { .n = 1 } };
	struct telling t = { .survey = &none };
	char filter[640];

	snprintf(filter, sizeof filter, "(&%s(userAccountControl=*))",
	    registrar.directory.person_filter);
	if (dir_exists(d, DIR_BELOW, registrar.directory.base, filter) != DIR_NONE)
		return true;
	t.known = check_ad_account(d, domain, &t.who) == 0;
	tell_lack(&t, &none.unlock, REMEDY_STATE, NULL, HERE "bind_dn", "read userAccountControl of");
	return false;
}

void
check_ad_rights(struct dir *d, const char *domain)
{
	static const char *const wanted[] = {
		"allowedAttributesEffective", "sDRightsEffective", "nTSecurityDescriptor", NULL
	};
	static struct survey s;
	struct dir_entry *e;
	const char *dn;

	if (!check_state(d, domain))
		return;
	memset(&s, 0, sizeof s);
	read_token(d, &s.token);
	for (size_t i = 0; i < house.n_proofs; i++)
		read_attribute(d, i, &s.attribute[i]);
	for (size_t i = 0; (dn = census_sample(i)) != NULL; i++)
		if (dir_rights(d, dn, wanted, &e) == DIR_OK) {
			look_at(&s, e);
			dir_entry_free(e);
		}
	if (s.people > 0)
		tell_all(d, domain, &s);
}
