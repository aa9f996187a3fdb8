#include "registrar/ldap/ldap_own.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

enum { ENTRIES_MOST = 200 };	/* groups of one person, per level */

/* ---- Asking -------------------------------------------------------------------- */

static int
search(struct dir *d, const struct dir_query *q, int most, LDAPMessage **answer)
{
	int scope = q->scope == DIR_ENTRY ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE;
	struct timeval patience;
	bool fresh;
	int rc;

	do {
		fresh = d->ld == NULL;
		*answer = NULL;
		if (dir_time_left(d) < TIME_ENOUGH_MS)
			return LDAP_TIMEOUT;
		if (dir_connected(d) == -1)
			return LDAP_SERVER_DOWN;
		patience = dir_answer_time(d);
		rc = ldap_search_ext_s(d->ld, q->base, scope, q->filter,
		    (char **)(uintptr_t)q->attributes, 0, NULL, NULL, &patience, most, answer);
		/* It is told how long we wait, and may be the first to notice. */
		if (rc == LDAP_TIMELIMIT_EXCEEDED)
			rc = LDAP_TIMEOUT;
		if (!dir_is_lost(rc))
			return rc;
		ldap_msgfree(*answer);
		*answer = NULL;
		dir_lost(d, rc, fresh);
	} while (dir_may_repeat(d, rc, fresh));
	return rc;
}

enum dir_end
dir_end_of(int rc)
{
	if (rc == LDAP_SUCCESS)
		return DIR_OK;
	if (rc == LDAP_NO_SUCH_OBJECT)
		return DIR_NONE;
	if (rc == LDAP_SIZELIMIT_EXCEEDED)
		return DIR_MANY;
	return dir_is_lost(rc) ? DIR_UNAVAILABLE : DIR_REFUSED;
}

static enum dir_end
search_end(int rc, const struct dir_query *q)
{
	enum dir_end end = dir_end_of(rc);

	if (end == DIR_REFUSED)
		log_warnx("reading below %s: %s", q->base, ldap_err2string(rc));
	return end;
}

/* NULL where the library cannot read it, which is no reason to end. */
static char *
name_of(LDAP *ld, LDAPMessage *m)
{
	char *dn = ldap_get_dn(ld, m);

	if (dn == NULL)
		log_warnx("the server calls an entry by a name that is none");
	return dn;
}

struct dir_entry *
dir_entry_new(LDAP *ld, LDAPMessage *m, const char *const *attributes)
{
	char *dn = name_of(ld, m);
	struct dir_entry *e;

	if (dn == NULL)
		return NULL;
	if ((e = calloc(1, sizeof *e)) == NULL)
		fatal("no memory for an entry");
	e->dn = dn;
	for (; attributes[e->n] != NULL; e->n++) {
		if (e->n == ATTRIBUTES_MOST)
			fatalx("more than %d attributes asked for", ATTRIBUTES_MOST);
		e->attribute[e->n].name = attributes[e->n];
		e->attribute[e->n].values = ldap_get_values_len(ld, m, attributes[e->n]);
	}
	return e;
}

const char *const dir_no_attributes[] = { LDAP_NO_ATTRS, NULL };

enum dir_end
dir_one(struct dir *d, const struct dir_query *q, struct dir_entry **entry)
{
	LDAPMessage *answer;
	enum dir_end end = search_end(search(d, q, 2, &answer), q);
	int n = end == DIR_OK ? ldap_count_entries(d->ld, answer) : 0;

	*entry = NULL;
	if (end == DIR_OK)
		end = n == 0 ? DIR_NONE : n > 1 ? DIR_MANY : DIR_OK;
	if (end == DIR_OK && (*entry = dir_entry_new(d->ld, ldap_first_entry(d->ld, answer),
	    q->attributes)) == NULL)
		end = DIR_MANY;
	ldap_msgfree(answer);
	return end;
}

enum dir_end
dir_read(struct dir *d, const char *dn, const char *const *attributes, struct dir_entry **entry)
{
	struct dir_query q = { dn, DIR_ENTRY, "(objectClass=*)", attributes };

	return dir_one(d, &q, entry);
}

enum dir_end
dir_exists(struct dir *d, enum dir_scope scope, const char *base, const char *filter)
{
	struct dir_query q = { base, scope, filter, dir_no_attributes };
	struct dir_entry *e;
	enum dir_end end = dir_one(d, &q, &e);

	dir_entry_free(e);
	return end == DIR_MANY ? DIR_OK : end;
}

enum dir_end
dir_each(struct dir *d, const char *base, const char *filter, void (*fn)(const char *, void *),
    void *ctx)
{
	struct dir_query q = { base, DIR_BELOW, filter, dir_no_attributes };
	LDAPMessage *answer;
	enum dir_end end = search_end(search(d, &q, ENTRIES_MOST, &answer), &q);

	for (LDAPMessage *m = end == DIR_OK ? ldap_first_entry(d->ld, answer) : NULL; m != NULL;
	    m = ldap_next_entry(d->ld, m)) {
		char *dn = name_of(d->ld, m);

		if (dn != NULL)
			fn(dn, ctx);
		else
			end = DIR_MANY;
		ldap_memfree(dn);
	}
	ldap_msgfree(answer);
	return end;
}

const char *
dir_dn(const struct dir_entry *e)
{
	return e->dn;
}

/* ---- What an entry says ----------------------------------------------------------- */

/* Ends with NULL, and is NULL where there are none. */
static struct berval **
values_of(const struct dir_entry *e, const char *attribute)
{
	for (size_t a = 0; a < e->n; a++)
		if (e->attribute[a].values != NULL &&
		    strcasecmp(e->attribute[a].name, attribute) == 0)
			return e->attribute[a].values;
	return NULL;
}

const char *
dir_value(const struct dir_entry *e, const char *attribute, size_t i)
{
	struct berval **v = values_of(e, attribute);

	for (; v != NULL && *v != NULL; v++)
		if (strlen((*v)->bv_val) == (*v)->bv_len && i-- == 0)
			return (*v)->bv_val;
	return NULL;
}

const void *
dir_octets(const struct dir_entry *e, const char *attribute, size_t i, size_t *len)
{
	struct berval **v = values_of(e, attribute);

	for (; v != NULL && *v != NULL; v++)
		if (i-- == 0) {
			*len = (*v)->bv_len;
			return (*v)->bv_val;
		}
	return NULL;
}

uint32_t
dir_number(const struct dir_entry *e, const char *attribute)
{
	const char *v = dir_value(e, attribute, 0);
	long n = v != NULL ? strtol(v, NULL, 10) : 0;

	return n < 0 ? 0 : n > INT32_MAX ? INT32_MAX : (uint32_t)n;
}

uint32_t
dir_flags(const struct dir_entry *e, const char *attribute)
{
	const char *v = dir_value(e, attribute, 0);

	return v != NULL ? (uint32_t)strtoll(v, NULL, 10) : 0;
}

bool
dir_has(const struct dir_entry *e, const char *attribute, const char *value)
{
	const char *v;

	for (size_t i = 0; (v = dir_value(e, attribute, i)) != NULL; i++)
		if (strcasecmp(v, value) == 0)
			return true;
	return false;
}

void
dir_entry_free(struct dir_entry *e)
{
	if (e == NULL)
		return;
	ldap_memfree(e->dn);
	for (size_t a = 0; a < e->n; a++)
		if (e->attribute[a].values != NULL)
			ldap_value_free_len(e->attribute[a].values);
	free(e);
}
