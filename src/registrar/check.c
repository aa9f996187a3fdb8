#include "registrar/check.h"

#include <stdio.h>
#include <string.h>

#include "base/program.h"
#include "base/seal.h"
#include "registrar/account.h"
#include "registrar/canary.h"
#include "registrar/census.h"
#include "registrar/check_servers.h"
#include "registrar/dialect.h"
#include "registrar/settings.h"
#include "registrar/sign_in.h"
#include "wire/house.h"

#define HERE "registrar.directory."

/* ---- Without the network ---------------------------------------------------------- */

/* A filter from the settings becomes part of ours, so it has to be whole. */
static int
check_filter(const char *setting, const char *filter)
{
	int open = 0;

	for (const char *p = filter; *p != '\0' && open >= 0; p++) {
		open += *p == '(' ? 1 : *p == ')' ? -1 : 0;
		if (open == 0 && p[1] != '\0')
			open = -1;
	}
	if (filter[0] == '\0' || (filter[0] == '(' && open == 0))
		return 0;
	program_fault(0, setting, "%s is not one filter between parentheses", filter);
	return 1;
}

/* Attribute names become parts of filters: letters, digits, hyphens, options; or an OID. */
static int
check_attribute(const char *setting, const char *name)
{
	static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-;.";

	if (name[0] != '\0' && strspn(name, ok) == strlen(name))
		return 0;
	program_fault(0, setting, "\"%s\" is no name of an attribute", name);
	return 1;
}

static int
check_attributes(void)
{
	const struct directory *s = &registrar.directory;
	char setting[64];
	int bad = 0;

	for (size_t i = 0; i < s->n_login_attributes; i++)
		bad += check_attribute(HERE "login_attributes", s->login_attributes[i]);
	for (size_t i = 0; i < house.n_proofs; i++) {
		snprintf(setting, sizeof setting, "proofs[%zu].attribute", i);
		bad += check_attribute(setting, house.proofs[i].attribute);
	}
	return bad;
}

static int
check_keys(void)
{
	char why[512];
	struct key key;
	int bad = 0;

	for (size_t i = 0; i < registrar.n_ticket_keys; i++)
		if (key_load(&key, registrar.ticket_keys[i], why, sizeof why) == -1) {
			program_fault(0, "registrar.ticket_keys", "%s", why);
			bad++;
		}
	key_wipe(&key);
	return bad;
}

/*
 * Keeper must not give a worker up that still works.  It may wait a second before a
 * write is begun, and a second is for the way.
 */
static void
check_patience(void)
{
	if (registrar_keeper.request_life < registrar.deadline + 2)
		program_fault(0, "keeper.request_life", "is %d, and registrar.deadline is %d: keeper "
		    "would give up what registrar still does; write keeper.request_life = %d, or more",
		    registrar_keeper.request_life, registrar.deadline, registrar.deadline + 2);
}

/* ---- With the directory -------------------------------------------------------------- */

static bool
is_there(struct dir *d, enum dir_scope scope, const char *base, const char *filter)
{
	return dir_exists(d, scope, base, filter) == DIR_OK;
}

static void
check_groups(struct dir *d, const char *setting, char names[][512], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_there(d, DIR_ENTRY, names[i], "(objectClass=*)"))
			program_fault(0, setting, "the group %s is not there, or %s may not read it",
			    names[i], sign_in_who(&registrar.directory));
}

/* False where there is nobody to look at. */
static bool
check_people(struct dir *d)
{
	struct directory *s = &registrar.directory;

	if (!is_there(d, DIR_ENTRY, s->base, "(objectClass=*)")) {
		program_fault(0, HERE "base", "%s is not there, or %s may not read it", s->base,
		    sign_in_who(s));
		return false;
	}
	if (!is_there(d, DIR_BELOW, s->base, s->person_filter)) {
		program_fault(0, HERE "person_filter", "%s finds nobody below %s", s->person_filter,
		    s->base);
		return false;
	}
	census_take(d);
	check_groups(d, HERE "protected_groups", s->protected_groups, s->n_protected_groups);
	check_groups(d, HERE "allowed_groups", s->allowed_groups, s->n_allowed_groups);
	if (s->n_protected_groups == 0)
		program_advice(HERE "protected_groups", "is empty: administrators are helped like "
		    "everybody else");
	return true;
}

/* What the settings leave to the dialect. */
static void
fill_in(void)
{
	struct directory *s = &registrar.directory;

	if (s->person_filter[0] == '\0')
		snprintf(s->person_filter, sizeof s->person_filter, "%s", dialect()->person_filter);
	if (s->n_login_attributes > 0)
		return;
	for (const char *const *a = dialect()->login_attributes; *a != NULL; a++)
		snprintf(s->login_attributes[s->n_login_attributes++],
		    sizeof s->login_attributes[0], "%s", *a);
}

void
check_all(void)
{
	struct secret password = { .len = 0 };
	int bad = check_sign_in(&password);
	const char *uri;
	struct dir *d;

	fill_in();
	bad += check_filter(HERE "person_filter", registrar.directory.person_filter);
	bad += check_filter(HERE "disabled_filter", registrar.directory.disabled_filter);
	bad += check_attributes();
	bad += check_keys();
	check_patience();
	if (bad == 0 && program_checking()) {
		d = dir_new(&registrar.directory, &password);
		uri = check_servers(d);
		if (uri != NULL && check_people(d))
			dialect()->check(d);
		if (uri != NULL && canary_name != NULL)
			canary_run(d, uri);
		dir_free(d);
	}
	secret_wipe(&password);
}
