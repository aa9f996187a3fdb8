/*
 * Names of entries: the first line, is it below the second?  Only what ends with the
 * same parts is, however it is written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ldap.h>

#include "fuzz.h"
#include "registrar/ldap/ldap.h"

static size_t
depth(const char *name)
{
	LDAPDN dn = NULL;
	size_t n = 0;

	MUST(ldap_str2dn(name, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS);
	while (dn != NULL && dn[n] != NULL)
		n++;
	ldap_dnfree(dn);
	return n;
}

static bool
is_name(const char *text)
{
	LDAPDN dn = NULL;
	bool is = ldap_str2dn(text, &dn, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS;

	ldap_dnfree(dn);
	return is;
}

static void
check_below(const char *name, const char *base)
{
	char *longer = malloc(strlen(name) + 16);

	MUST(longer != NULL && depth(name) >= depth(base));
	if (name[strspn(name, " ")] != '\0') {
		sprintf(longer, "cn=x,%s", name);
		MUST(!is_name(longer) || dir_dn_below(longer, base));
	}
	/* Two that are below each other are one. */
	if (dir_dn_below(base, name))
		MUST(depth(name) == depth(base));
	free(longer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = fuzz_text(data, size), *base = fuzz_halves(name);

	MUST(dir_dn_below(name, name) == is_name(name));
	MUST(!is_name(name) || dir_dn_below(name, ""));
	if (dir_dn_below(name, base))
		check_below(name, base);
	else
		MUST(strcmp(name, base) != 0 || !is_name(name));
	free(name);
	return 0;
}
