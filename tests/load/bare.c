/*
 * bare - what a recovery costs the directory, without anything of ours: find the
 * person, read them again, the new password, and what else the directory needs.
 *
 *	bare openldap|ad URI CA BIND-DN PASSWORD-FILE BASE COUNT THREADS
 *
 * Over t00001, t00002, ...  Prints "DONE FAILED SECONDS".
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <ldap.h>

static char **args;
static const struct kind *kind;
static char secret[256];
static long total;
static atomic_long next_one, done, failed;

static LDAP *
sign_in(void)
{
	struct berval cred = { .bv_val = secret, .bv_len = strlen(secret) };
	int v3 = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
	LDAP *ld;

	if (ldap_initialize(&ld, args[2]) != LDAP_SUCCESS)
		return NULL;
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &v3);
	ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, args[3]);
	ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	return ldap_sasl_bind_s(ld, args[4], LDAP_SASL_SIMPLE, &cred, NULL, NULL, NULL) ==
	    LDAP_SUCCESS ? ld : NULL;
}

/* ---- What differs ------------------------------------------------------------- */

static int
modify(LDAP *ld, const char *dn, LDAPMod **mods, LDAPControl *control)
{
	LDAPControl *controls[] = { control, NULL };

	return ldap_modify_ext_s(ld, dn, mods, controls, NULL) == LDAP_SUCCESS ? 0 : -1;
}

static int
replace(LDAP *ld, const char *dn, char *attribute, char *value)
{
	char *values[] = { value, NULL };
	LDAPMod mod = { .mod_op = LDAP_MOD_REPLACE, .mod_type = attribute,
	    .mod_vals.modv_strvals = values }, *mods[] = { &mod, NULL };

	return modify(ld, dn, mods, NULL);
}

static int
set_openldap(LDAP *ld, const char *dn, char *password)
{
	return replace(ld, dn, "userPassword", password);
}

/* Quoted, in UTF-16, held to the history; and unlocked. */
static int
set_ad(LDAP *ld, const char *dn, char *password)
{
	static char hints[] = "\x30\x03\x02\x01\x01";
	struct berval flags = { sizeof hints - 1, hints }, value = { 0, NULL };
	struct berval *values[] = { &value, NULL };
	LDAPMod mod = { .mod_op = LDAP_MOD_REPLACE | LDAP_MOD_BVALUES, .mod_type = "unicodePwd",
	    .mod_bvalues = values }, *mods[] = { &mod, NULL };
	char quoted[80], wide[160];
	LDAPControl *control = NULL;
	int r;

	snprintf(quoted, sizeof quoted, "\"%s\"", password);
	for (char *p = quoted; *p != '\0'; p++) {
		wide[value.bv_len++] = *p;
		wide[value.bv_len++] = '\0';
	}
	value.bv_val = wide;
	if (ldap_control_create("1.2.840.113556.1.4.2239", 1, &flags, 1, &control) != LDAP_SUCCESS)
		return -1;
	r = modify(ld, dn, mods, control);
	ldap_control_free(control);
	return r == 0 ? replace(ld, dn, "lockoutTime", "0") : -1;
}

static const struct kind {
	const char	*name, *find;
	char		*attrs[8];	/* the first names the entry for ever */
	int		(*set)(LDAP *, const char *dn, char *password);
} kinds[] = {
	{ "openldap", "(&(objectClass=inetOrgPerson)(uid=t%05ld))",
	    { "entryUUID", "mobile", "latchkeyBirthDate", "pwdChangedTime", NULL }, set_openldap },
	{ "ad", "(&(objectClass=user)(sAMAccountName=t%05ld))",
	    { "objectGUID", "mobile", "userAccountControl", "pwdLastSet", NULL }, set_ad },
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

/* ---- One recovery ---------------------------------------------------------------- */

/* The DN of the one that ${filter} finds, and a filter that finds them again. */
static int
find(LDAP *ld, const char *filter, char **dn, char again[256])
{
	struct berval **values;
	LDAPMessage *res = NULL, *entry;
	int r = -1, len;

	if (ldap_search_ext_s(ld, args[6], LDAP_SCOPE_SUBTREE, filter, (char **)kind->attrs, 0, NULL,
	    NULL, NULL, 2, &res) == LDAP_SUCCESS && (entry = ldap_first_entry(ld, res)) != NULL &&
	    (values = ldap_get_values_len(ld, entry, kind->attrs[0])) != NULL) {
		len = snprintf(again, 256, "(%s=", kind->attrs[0]);
		for (ber_len_t i = 0; i < values[0]->bv_len; i++)
			len += snprintf(again + len, 256 - (size_t)len, "\\%02x",
			    (unsigned char)values[0]->bv_val[i]);
		snprintf(again + len, 256 - (size_t)len, ")");
		ldap_value_free_len(values);
		ldap_memfree(*dn);
		*dn = ldap_get_dn(ld, entry);
		r = 0;
	}
	ldap_msgfree(res);
	return r;
}

static int
recover(LDAP *ld, long n)
{
	char filter[128], again[256], password[64], *dn = NULL;
	int r;

	snprintf(filter, sizeof filter, kind->find, n);
	if ((r = find(ld, filter, &dn, again)) == 0)
		r = find(ld, again, &dn, again);
	snprintf(password, sizeof password, "Bare.Water.%ld", n + 5);
	if (r == 0)
		r = kind->set(ld, dn, password);
	ldap_memfree(dn);
	return r;
}

static void *
run(void *arg)
{
	LDAP *ld = sign_in();
	long n;

	(void)arg;
	if (ld == NULL) {
		fprintf(stderr, "bare: cannot sign in\n");
		exit(1);
	}
	while ((n = atomic_fetch_add(&next_one, 1)) <= total)
		atomic_fetch_add(recover(ld, n) == 0 ? &done : &failed, 1);
	ldap_unbind_ext_s(ld, NULL, NULL);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct timespec begin, end;
	pthread_t threads[256];
	long n_threads;
	FILE *f;

	if (argc != 9 || (n_threads = strtol(argv[8], NULL, 10)) < 1 || n_threads > 256) {
		fprintf(stderr, "usage: bare openldap|ad URI CA BIND-DN PASSWORD-FILE BASE COUNT THREADS\n");
		return 2;
	}
	args = argv;
	for (int i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].name, argv[1]) == 0)
			kind = &kinds[i];
	if (kind == NULL) {
		fprintf(stderr, "bare: %s is no kind of directory\n", argv[1]);
		return 2;
	}
	total = strtol(argv[7], NULL, 10);
	if ((f = fopen(argv[5], "r")) == NULL || fgets(secret, sizeof secret, f) == NULL) {
		perror(argv[5]);
		return 1;
	}
	fclose(f);
	secret[strcspn(secret, "\n")] = '\0';
	next_one = 1;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (long i = 0; i < n_threads; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (long i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%ld %ld %.3f\n", done, failed, (double)(end.tv_sec - begin.tv_sec) +
	    (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
	return failed > 0;
}
