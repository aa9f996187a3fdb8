#include "registrar/ldap_own.h"

#include <stdint.h>

#include "base/log.h"

enum { ENTRIES_MOST = 200 };	/* groups of one person, per level */

/* libldap's own errors are negative; the other two say that the server cannot serve now. */
bool
dir_is_lost(int rc)
{
	return rc < 0 || rc == LDAP_BUSY || rc == LDAP_UNAVAILABLE;
}

static int
search(struct dir *d, const struct dir_query *q, int most, LDAPMessage **answer)
{
	int scope = q->scope == DIR_ENTRY ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE;
	bool fresh;
	int rc;

	do {
		fresh = d->ld == NULL;
		*answer = NULL;
		if (dir_connected(d) == -1)
			return LDAP_SERVER_DOWN;
		rc = ldap_search_ext_s(d->ld, q->base, scope, q->filter,
		    (char **)(uintptr_t)q->attributes, 0, NULL, NULL, NULL, most, answer);
		if (dir_is_lost(rc)) {
			if (fresh || rc != LDAP_SERVER_DOWN)
				log_warnx("reading below %s: %s", q->base, ldap_err2string(rc));
			ldap_msgfree(*answer);
			*answer = NULL;
			dir_hang_up(d);
		}
		/* A connection that stood idle may be dead; what the server is slow at, it stays slow at. */
	} while (rc == LDAP_SERVER_DOWN && !fresh);
	return rc;
}

static enum dir_end
search_end(int rc, const struct dir_query *q)
{
	if (rc == LDAP_SUCCESS)
		return DIR_OK;
	if (rc == LDAP_NO_SUCH_OBJECT)
		return DIR_NONE;
	if (rc == LDAP_SIZELIMIT_EXCEEDED)
		return DIR_MANY;
	if (dir_is_lost(rc))
		return DIR_UNAVAILABLE;
	log_warnx("reading below %s: %s", q->base, ldap_err2string(rc));
	return DIR_REFUSED;
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
	if (end == DIR_OK)
		*entry = dir_entry_new(d->ld, ldap_first_entry(d->ld, answer), q->attributes);
	ldap_msgfree(answer);
	return end;
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

	if (end == DIR_OK)
		for (LDAPMessage *m = ldap_first_entry(d->ld, answer); m != NULL;
		    m = ldap_next_entry(d->ld, m)) {
			char *dn = ldap_get_dn(d->ld, m);

			if (dn == NULL)
				fatal("no memory for an entry");
			fn(dn, ctx);
			ldap_memfree(dn);
		}
	ldap_msgfree(answer);
	return end;
}
