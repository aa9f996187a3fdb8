#include "registrar/ldap_own.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"

/* ---- What was read ---------------------------------------------------------------- */

struct dir_entry *
dir_entry_new(LDAP *ld, LDAPMessage *m, const char *const *attributes)
{
	struct dir_entry *e = calloc(1, sizeof *e);

	if (e == NULL || (e->dn = ldap_get_dn(ld, m)) == NULL)
		fatal("no memory for an entry");
	for (; attributes[e->n] != NULL; e->n++) {
		if (e->n == ATTRIBUTES_MOST)
			fatalx("more than %d attributes asked for", ATTRIBUTES_MOST);
		e->attribute[e->n].name = attributes[e->n];
		e->attribute[e->n].values = ldap_get_values_len(ld, m, attributes[e->n]);
	}
	return e;
}

const char *
dir_dn(const struct dir_entry *e)
{
	return e->dn;
}

const char *
dir_value(const struct dir_entry *e, const char *attribute, size_t i)
{
	for (size_t a = 0; a < e->n; a++) {
		struct berval **v = e->attribute[a].values;

		if (v == NULL || strcasecmp(e->attribute[a].name, attribute) != 0)
			continue;
		for (; *v != NULL; v++)
			if (strlen((*v)->bv_val) == (*v)->bv_len && i-- == 0)
				return (*v)->bv_val;
	}
	return NULL;
}

const void *
dir_octets(const struct dir_entry *e, const char *attribute, size_t i, size_t *len)
{
	for (size_t a = 0; a < e->n; a++) {
		struct berval **v = e->attribute[a].values;

		if (v == NULL || strcasecmp(e->attribute[a].name, attribute) != 0)
			continue;
		for (; *v != NULL; v++)
			if (i-- == 0) {
				*len = (*v)->bv_len;
				return (*v)->bv_val;
			}
	}
	return NULL;
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

/* ---- Names of entries --------------------------------------------------------------- */

static bool
part_equal(const LDAPRDN a, const LDAPRDN b)
{
	size_t i = 0;

	for (; a[i] != NULL && b[i] != NULL; i++) {
		const struct berval *x[] = { &a[i]->la_attr, &a[i]->la_value };
		const struct berval *y[] = { &b[i]->la_attr, &b[i]->la_value };

		for (int k = 0; k < 2; k++)
			if (x[k]->bv_len != y[k]->bv_len ||
			    strncasecmp(x[k]->bv_val, y[k]->bv_val, x[k]->bv_len) != 0)
				return false;
	}
	return a[i] == NULL && b[i] == NULL;
}

static size_t
depth(const LDAPDN dn)
{
	size_t n = 0;

	while (dn != NULL && dn[n] != NULL)
		n++;
	return n;
}

bool
dir_dn_below(const char *name, const char *base_name)
{
	LDAPDN dn = NULL, base = NULL;
	bool below = false;
	size_t n, up;

	if (ldap_str2dn(name, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS &&
	    ldap_str2dn(base_name, &base, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS &&
	    (n = depth(dn)) >= (up = depth(base))) {
		below = true;
		for (size_t i = 0; i < up; i++)
			below = below && part_equal(dn[n - up + i], base[i]);
	}
	ldap_dnfree(dn);
	ldap_dnfree(base);
	return below;
}
