#include "registrar/ldap/ldap_all.h"

#include <stdint.h>

#include "base/log.h"
#include "registrar/ldap/ldap_own.h"

enum { PAGE = 500 };

static int
search(struct dir *d, const struct dir_query *q, LDAPControl *control, LDAPMessage **answer)
{
	LDAPControl *controls[] = { control, NULL };

	*answer = NULL;
	return ldap_search_ext_s(d->ld, q->base, q->scope == DIR_ENTRY ? LDAP_SCOPE_BASE :
	    LDAP_SCOPE_SUBTREE, q->filter, (char **)(uintptr_t)q->attributes, 0, controls, NULL, NULL,
	    LDAP_NO_LIMIT, answer);
}

/* ---- Page after page ---------------------------------------------------------- */

static void
hand_out(struct dir *d, LDAPMessage *answer, const struct dir_query *q,
    void (*fn)(const struct dir_entry *, void *), void *ctx)
{
	for (LDAPMessage *m = ldap_first_entry(d->ld, answer); m != NULL;
	    m = ldap_next_entry(d->ld, m)) {
		struct dir_entry *e = dir_entry_new(d->ld, m, q->attributes);

		if (e != NULL)
			fn(e, ctx);
		dir_entry_free(e);
	}
}

/* Where the next page begins: ${cookie}, empty after the last one. */
static void
take_cookie(struct dir *d, LDAPMessage *answer, struct berval *cookie)
{
	LDAPControl **controls = NULL, *control;
	ber_int_t estimate;
	int code;

	ber_memfree(cookie->bv_val);
	*cookie = (struct berval){ 0, NULL };
	if (ldap_parse_result(d->ld, answer, &code, NULL, NULL, NULL, &controls, 0) != LDAP_SUCCESS)
		return;
	control = ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, controls, NULL);
	if (control != NULL)
		ldap_parse_pageresponse_control(d->ld, control, &estimate, cookie);
	ldap_controls_free(controls);
}

enum dir_end
dir_all(struct dir *d, const struct dir_query *q, void (*fn)(const struct dir_entry *, void *),
    void *ctx)
{
	struct berval cookie = { 0, NULL };
	LDAPControl *control;
	LDAPMessage *answer;
	int rc;

	if (dir_connected(d) == -1)
		return DIR_UNAVAILABLE;
	do {
		if (ldap_create_page_control(d->ld, PAGE, &cookie, 0, &control) != LDAP_SUCCESS)
			fatal("no memory for a control");
		rc = search(d, q, control, &answer);
		ldap_control_free(control);
		if (answer != NULL) {
			hand_out(d, answer, q, fn, ctx);
			take_cookie(d, answer, &cookie);
		}
		ldap_msgfree(answer);
	} while (rc == LDAP_SUCCESS && cookie.bv_len > 0);
	ber_memfree(cookie.bv_val);
	/* What the server would not give at once; some of it was handed out. */
	return rc == LDAP_ADMINLIMIT_EXCEEDED ? DIR_MANY : dir_end_of(rc);
}

/* ---- Rights --------------------------------------------------------------------- */

enum dir_end
dir_rights(struct dir *d, const char *dn, const char *const *attributes, struct dir_entry **entry)
{
	/* [MS-ADTS] 3.1.1.3.4.1.11: SEQUENCE { INTEGER owner | group | list } */
	static char flags[] = "\x30\x03\x02\x01\x07";
	struct berval value = { sizeof flags - 1, flags };
	struct dir_query q = { dn, DIR_ENTRY, "(objectClass=*)", attributes };
	LDAPControl *control;
	LDAPMessage *answer;
	enum dir_end end;

	*entry = NULL;
	if (dir_connected(d) == -1)
		return DIR_UNAVAILABLE;
	if (ldap_control_create("1.2.840.113556.1.4.801", 1, &value, 1, &control) != LDAP_SUCCESS)
		fatal("no memory for a control");
	end = dir_end_of(search(d, &q, control, &answer));
	ldap_control_free(control);
	if (end == DIR_OK && ldap_count_entries(d->ld, answer) != 1)
		end = DIR_NONE;
	if (end == DIR_OK && (*entry = dir_entry_new(d->ld, ldap_first_entry(d->ld, answer),
	    attributes)) == NULL)
		end = DIR_MANY;
	ldap_msgfree(answer);
	return end;
}
