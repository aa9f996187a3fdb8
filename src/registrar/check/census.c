#include "registrar/check/census.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/finding.h"
#include "registrar/dialect.h"
#include "registrar/guard.h"
#include "registrar/hash.h"
#include "registrar/ldap/ldap_all.h"
#include "registrar/proof.h"
#include "wire/house.h"

/* Of each folder some, as the first may be an administrator, whose rights are others. */
enum { FOLDERS_MOST = CENSUS_SAMPLE_MOST, CANDIDATES = 4 };

struct folder {
	size_t	n;
	char	dn[CANDIDATES][DN_LONGEST + 1];
};

static struct census {
	size_t	people, disabled, barred;
	struct {
		size_t	missing, unreadable;
		char	example[DN_LONGEST + 1];	/* of somebody whose value cannot be read */
	} proof[PROOFS_MOST];
	struct folder folder[FOLDERS_MOST];
	size_t	n_folders;
} census;

/* ---- One person --------------------------------------------------------------- */

/* Behind the first comma that is no part of a value. */
const char *
census_folder(const char *dn)
{
	for (; *dn != '\0'; dn++) {
		if (*dn == ',')
			return dn + 1;
		if (*dn == '\\' && dn[1] != '\0')
			dn++;
	}
	return dn;
}

static void
remember(const char *dn)
{
	struct folder *f = census.folder, *end = census.folder + census.n_folders;

	if (strlen(dn) > DN_LONGEST)
		return;
	while (f < end && strcasecmp(census_folder(f->dn[0]), census_folder(dn)) != 0)
		f++;
	if (f == end && census.n_folders == FOLDERS_MOST)
		return;
	if (f == end)
		census.n_folders++;
	if (f->n < CANDIDATES)
		snprintf(f->dn[f->n++], sizeof f->dn[0], "%s", dn);
}

static bool
is_readable(const struct dir_entry *e, const struct proof *p)
{
	struct secret plain = { .len = 0 };
	const char *value;
	bool readable = false;

	/* A keyed hash says nothing of what it was made from. */
	for (size_t i = 0; !readable && (value = dir_value(e, p->attribute, i)) != NULL; i++)
		readable = hash_is_one(value) ||
		    proof_plain(house_kind(p), value, &plain) == 0;
	secret_wipe(&plain);
	return readable;
}

static void
count_one(const struct dir_entry *e, void *ctx)
{
	struct account a = { .n_names = 0 };
	size_t len;

	(void)ctx;
	census.people++;
	dialect()->read_state(e, &a);
	if (a.disabled) {
		census.disabled++;
		return;
	}
	if (a.barred) {
		census.barred++;
		return;
	}
	remember(dir_dn(e));
	for (size_t i = 0; i < house.n_proofs; i++) {
		if (dir_octets(e, house.proofs[i].attribute, 0, &len) == NULL) {
			census.proof[i].missing++;
		} else if (!is_readable(e, &house.proofs[i])) {
			census.proof[i].unreadable++;
			snprintf(census.proof[i].example, sizeof census.proof[i].example, "%s", dir_dn(e));
		}
	}
}

/* ---- All of them ---------------------------------------------------------------- */

static enum dir_end
count_all(struct dir *d)
{
	const char *wanted[32];
	struct dir_query q = { registrar.directory.base, DIR_BELOW,
	    registrar.directory.person_filter, wanted };
	size_t n = 0;

	for (size_t i = 0; dialect()->state[i] != NULL; i++)
		wanted[n++] = dialect()->state[i];
	for (size_t i = 0; i < house.n_proofs; i++)
		wanted[n++] = house.proofs[i].attribute;
	wanted[n] = NULL;
	return dir_all(d, &q, count_one, NULL);
}

static void
tell_proof(size_t i)
{
	static const char *const read_as[KIND__COUNT] = {
		[KIND_TEXT] = "text", [KIND_PHONE] = "a telephone number", [KIND_DATE] = "a date",
	};
	const char *attribute = house.proofs[i].attribute;
	size_t missing = census.proof[i].missing, unreadable = census.proof[i].unreadable;
	char setting[64];

	snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
	if (missing > 0 && missing == census.people - census.disabled - census.barred)
		finding_advice(setting, "the service account sees %s of nobody, so "
		    "nobody can prove who they are: mend its name, or let the service account read it",
		    attribute);
	else if (missing > 0)
		finding_tell(FINDING_FACT, "", NULL, 0, "%zu of them %s no %s: they cannot be helped",
		    missing, missing == 1 ? "has" : "have", attribute);
	if (unreadable > 0)
		finding_advice(setting, "%zu %s a value in %s that cannot be read "
		    "as %s, so they cannot be helped; mend it, as that of %s", unreadable,
		    unreadable == 1 ? "has" : "have", attribute, read_as[house_kind(&house.proofs[i])],
		    census.proof[i].example);
}

/* Found by user name, as everybody is. */
static bool
is_helped(struct dir *d, const char *dn)
{
	const char *const attributes[] = { registrar.directory.login_attributes[0], NULL };
	struct account a = { .n_names = 0 };
	struct dir_entry *e = NULL;
	const char *name;
	bool helped;

	helped = dir_read(d, dn, attributes, &e) == DIR_OK &&
	    (name = dir_value(e, attributes[0], 0)) != NULL &&
	    account_find(d, name, &a) == VERDICT_OK && guard_person(d, &a) == VERDICT_OK;
	dir_entry_free(e);
	return helped;
}

/* Of each folder the first who is helped; nobody, if that cannot be found out. */
static void
keep_helped(struct dir *d)
{
	bool ready = guard_ready(d) == VERDICT_OK;

	for (size_t f = 0; f < census.n_folders; f++) {
		struct folder *folder = &census.folder[f];
		size_t i = 0;

		while (ready && i < folder->n && !is_helped(d, folder->dn[i]))
			i++;
		if (ready && i > 0 && i < folder->n)
			memcpy(folder->dn[0], folder->dn[i], sizeof folder->dn[0]);
		folder->n = ready && i < folder->n;
	}
}

void
census_take(struct dir *d)
{
	const char *base = registrar.directory.base;
	enum dir_end end;

	memset(&census, 0, sizeof census);
	end = count_all(d);
	if (end != DIR_OK && end != DIR_MANY) {
		finding_advice("registrar.directory.base", "people below %s could not be counted", base);
		return;
	}
	finding_tell(FINDING_FACT, "", NULL, 0, "%s%zu %s below %s", end == DIR_MANY ?
	    "the server tells of no more than " : "", census.people,
	    census.people == 1 ? "person" : "people", base);
	if (census.disabled > 0)
		finding_tell(FINDING_FACT, "", NULL, 0, "%zu of them %s disabled: they are not helped",
		    census.disabled, census.disabled == 1 ? "is" : "are");
	if (census.barred > 0)
		finding_tell(FINDING_FACT, "", NULL, 0, "%zu of them %s of a kind that is never helped",
		    census.barred, census.barred == 1 ? "is" : "are");
	for (size_t i = 0; i < house.n_proofs; i++)
		tell_proof(i);
	keep_helped(d);
}

const char *
census_sample(size_t i)
{
	for (size_t f = 0; f < census.n_folders; f++)
		if (census.folder[f].n > 0 && i-- == 0)
			return census.folder[f].dn[0];
	return NULL;
}
