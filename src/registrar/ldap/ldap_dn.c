#include "registrar/ldap/ldap_own.h"

#include <strings.h>

/* An empty one may have no bytes to point to. */
static bool
same(const struct berval *a, const struct berval *b)
{
	return a->bv_len == b->bv_len &&
	    (a->bv_len == 0 || strncasecmp(a->bv_val, b->bv_val, a->bv_len) == 0);
}

static bool
part_equal(LDAPRDN a, LDAPRDN b)
{
	size_t i = 0;

	for (; a[i] != NULL && b[i] != NULL; i++)
		if (!same(&a[i]->la_attr, &b[i]->la_attr) || !same(&a[i]->la_value, &b[i]->la_value))
			return false;
	return a[i] == NULL && b[i] == NULL;
}

static size_t
depth(LDAPDN dn)
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
