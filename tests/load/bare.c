/*
 * bare - what a recovery costs the directory, without anything of ours: find the
 * person, read them again, pwdReset, the new password.
 *
 *	bare URI CA BIND-DN PASSWORD-FILE BASE COUNT THREADS
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
static char secret[256];
static long total;
static atomic_long next_one, done, failed;

static LDAP *
sign_in(void)
{
	struct berval cred = { .bv_val = secret, .bv_len = strlen(secret) };
	int v3 = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
	LDAP *ld;

	if (ldap_initialize(&ld, args[1]) != LDAP_SUCCESS)
		return NULL;
	ldap_set_option(ld, LDAP_OPT_PROTOCOL_VERSION, &v3);
	ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
	ldap_set_option(ld, LDAP_OPT_X_TLS_CACERTFILE, args[2]);
	ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &client);
	return ldap_sasl_bind_s(ld, args[3], LDAP_SASL_SIMPLE, &cred, NULL, NULL, NULL) ==
	    LDAP_SUCCESS ? ld : NULL;
}

/* The DN and the entryUUID of the one that ${filter} finds. */
static int
find(LDAP *ld, const char *filter, char **dn, char uuid[64])
{
	char *attrs[] = { "entryUUID", "mobile", "latchkeyBirthDate", "pwdChangedTime", NULL };
	struct berval **values;
	LDAPMessage *res = NULL, *entry;
	int r = -1;

	if (ldap_search_ext_s(ld, args[5], LDAP_SCOPE_SUBTREE, filter, attrs, 0, NULL, NULL, NULL,
	    2, &res) == LDAP_SUCCESS && (entry = ldap_first_entry(ld, res)) != NULL &&
	    (values = ldap_get_values_len(ld, entry, "entryUUID")) != NULL) {
		snprintf(uuid, 64, "%s", values[0]->bv_val);
		ldap_value_free_len(values);
		ldap_memfree(*dn);
		*dn = ldap_get_dn(ld, entry);
		r = 0;
	}
	ldap_msgfree(res);
	return r;
}

static int
replace(LDAP *ld, const char *dn, char *attribute, char *value)
{
	char *values[] = { value, NULL };
	LDAPMod mod = { .mod_op = LDAP_MOD_REPLACE, .mod_type = attribute,
	    .mod_vals.modv_strvals = values }, *mods[] = { &mod, NULL };

	return ldap_modify_ext_s(ld, dn, mods, NULL, NULL) == LDAP_SUCCESS ? 0 : -1;
}

static int
recover(LDAP *ld, long n)
{
	char filter[128], uuid[64], password[64], *dn = NULL;
	int r;

	snprintf(filter, sizeof filter, "(&(objectClass=inetOrgPerson)(uid=t%05ld))", n);
	if ((r = find(ld, filter, &dn, uuid)) == 0) {
		snprintf(filter, sizeof filter, "(entryUUID=%s)", uuid);
		r = find(ld, filter, &dn, uuid);
	}
	snprintf(password, sizeof password, "Bare.Water.%ld", n + 5);
	if (r == 0)
		r = replace(ld, dn, "pwdReset", "TRUE");
	if (r == 0)
		r = replace(ld, dn, "userPassword", password);
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

	if (argc != 8 || (n_threads = strtol(argv[7], NULL, 10)) < 1 || n_threads > 256) {
		fprintf(stderr, "usage: bare URI CA BIND-DN PASSWORD-FILE BASE COUNT THREADS\n");
		return 2;
	}
	args = argv;
	total = strtol(argv[6], NULL, 10);
	if ((f = fopen(argv[4], "r")) == NULL || fgets(secret, sizeof secret, f) == NULL) {
		perror(argv[4]);
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
