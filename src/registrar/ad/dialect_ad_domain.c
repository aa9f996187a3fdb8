/*
 * dialect_ad_domain.c - what a domain says of itself, to whoever may sign in.
 */
#include "registrar/ad/dialect_ad.h"

#include <stdio.h>
#include <string.h>

#include "registrar/ldap/filter.h"

enum dir_end
ad_domain(struct dir *d, const char **dn)
{
	static const char *const contexts[] = { "defaultNamingContext", NULL };
	static char domain[DN_LONGEST + 1];
	struct dir_entry *e = NULL;
	enum dir_end end = DIR_OK;
	const char *v;

	if (domain[0] == '\0' && (end = dir_read(d, "", contexts, &e)) == DIR_OK) {
		v = dir_value(e, contexts[0], 0);
		snprintf(domain, sizeof domain, "%s", v != NULL ? v : "");
		end = v != NULL ? DIR_OK : DIR_NONE;
	}
	dir_entry_free(e);
	*dn = domain;
	return end;
}

enum dir_end
ad_attribute(struct dir *d, const char *name, const char *const *wanted, struct dir_entry **e)
{
	static const char *const contexts[] = { "schemaNamingContext", NULL };
	struct dir_query q = { NULL, DIR_BELOW, NULL, wanted };
	enum dir_end end = DIR_REFUSED;
	struct dir_entry *root;
	struct filter f;

	filter_begin(&f);
	filter_raw(&f, "(&(objectClass=attributeSchema)");
	filter_equal(&f, "lDAPDisplayName", name);
	filter_raw(&f, ")");
	q.filter = filter_done(&f);
	*e = NULL;
	if (dir_read(d, "", contexts, &root) == DIR_OK && q.filter != NULL &&
	    (q.base = dir_value(root, contexts[0], 0)) != NULL)
		end = dir_one(d, &q, e);
	dir_entry_free(root);
	return end;
}
