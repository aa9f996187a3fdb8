#include "registrar/ldap/ldap_own.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- One change, or several as one ------------------------------------------------ */

/* -1 for an answer that is none: then nobody knows what was done. */
static int
take_refusal(struct dir *d, LDAPMessage *answer, struct dir_refusal *r)
{
	LDAPPasswordPolicyError policy = PP_noError;
	LDAPControl **controls = NULL, *control;
	ber_int_t expire, grace;
	char *text = NULL;

	if (ldap_parse_result(d->ld, answer, &r->code, NULL, &text, NULL, &controls, 0) !=
	    LDAP_SUCCESS) {
		snprintf(r->text, sizeof r->text, "an answer that cannot be read");
		return -1;
	}
	control = ldap_control_find(LDAP_CONTROL_PASSWORDPOLICYRESPONSE, controls, NULL);
	if (control != NULL && ldap_parse_passwordpolicy_control(d->ld, control, &expire, &grace,
	    &policy) == LDAP_SUCCESS && policy != PP_noError)
		r->policy = (int)policy;
	snprintf(r->text, sizeof r->text, "%s: ", ldap_err2string(r->code));
	r->said = strlen(r->text);
	if (text != NULL && text[0] != '\0')
		snprintf(r->text + r->said, sizeof r->text - r->said, "%s", text);
	else
		r->text[r->said -= 2] = '\0';
	ldap_memfree(text);
	ldap_controls_free(controls);
	return 0;
}

/* Send, and wait for the answer.  Once it has been sent, only an answer tells what became of it. */
static enum dir_end
modify(struct dir *d, const char *dn, LDAPMod **mods, LDAPControl *control, struct dir_refusal *r)
{
	LDAPControl *controls[] = { control, NULL };
	struct timeval patience = dir_answer_time(d);
	LDAPMessage *answer = NULL;
	int id, rc;

	dir_note_write(true);
	r->code = ldap_modify_ext(d->ld, dn, mods, controls, NULL, &id);
	if (r->code != LDAP_SUCCESS) {
		snprintf(r->text, sizeof r->text, "sending: %s", ldap_err2string(r->code));
		return DIR_UNAVAILABLE;
	}
	rc = ldap_result(d->ld, id, LDAP_MSG_ALL, &patience, &answer);
	if (rc != LDAP_RES_MODIFY) {
		if (rc == 0)
			r->code = LDAP_TIMEOUT;
		else
			ldap_get_option(d->ld, LDAP_OPT_RESULT_CODE, &r->code);
		snprintf(r->text, sizeof r->text, "no answer: %s", ldap_err2string(r->code));
		ldap_msgfree(answer);
		return DIR_UNKNOWN;
	}
	rc = take_refusal(d, answer, r);
	ldap_msgfree(answer);
	if (rc == -1)
		return DIR_UNKNOWN;
	if (r->code == LDAP_SUCCESS)
		return DIR_OK;
	return dir_is_lost(r->code) || r->code == LDAP_REFERRAL ? DIR_UNAVAILABLE :
	    r->code == LDAP_NO_SUCH_OBJECT ? DIR_NONE : DIR_REFUSED;
}

/* ---- What a server is asked besides ------------------------------------------------------ */

/* [MS-ADTS] 3.1.1.3.4.1.27 and .28: the second is its older name. */
static const char *const hints_oid[] = {
	[HINTS_NEW] = "1.2.840.113556.1.4.2239", [HINTS_OLD] = "1.2.840.113556.1.4.2066",
};

enum dir_end
dir_hints(struct dir *d, bool *hints)
{
	static const char *const controls[] = { "supportedControl", NULL };
	struct dir_entry *e;
	enum dir_end end;
	const char *v;

	if (d->ld == NULL || d->hints == HINTS_UNKNOWN) {
		if ((end = dir_read(d, "", controls, &e)) != DIR_OK)
			return end;
		d->hints = HINTS_NONE;
		for (size_t i = 0; (v = dir_value(e, "supportedControl", i)) != NULL; i++)
			for (unsigned int h = HINTS_OLD; h <= HINTS_NEW; h++)
				if (strcmp(v, hints_oid[h]) == 0 && h > d->hints)
					d->hints = h;
		dir_entry_free(e);
	}
	*hints = d->hints != HINTS_NONE;
	return DIR_OK;
}

/* NULL where nothing is asked; -1 if this server would not understand. */
static int
make_control(struct dir *d, enum dir_asking asking, LDAPControl **control)
{
	/* SEQUENCE { INTEGER 1 } */
	static char flags[] = "\x30\x03\x02\x01\x01";
	struct berval value = { sizeof flags - 1, flags };
	int rc = LDAP_SUCCESS;

	*control = NULL;
	if (asking == DIR_ASKING_HINTS && d->hints <= HINTS_NONE)
		return -1;
	if (asking == DIR_ASKING_POLICY)
		rc = ldap_create_passwordpolicy_control(d->ld, control);
	else if (asking == DIR_ASKING_HINTS)
		rc = ldap_control_create(hints_oid[d->hints], 1, &value, 1, control);
	if (rc != LDAP_SUCCESS)
		fatal("no memory for a control");
	return 0;
}

/* ---- Writing --------------------------------------------------------------------------- */

/* What ${changes} are to libldap. */
struct mods {
	LDAPMod		*list[DIR_CHANGES_MOST + 1];
	LDAPMod		 mod[DIR_CHANGES_MOST];
	struct berval	 value[DIR_CHANGES_MOST], *values[DIR_CHANGES_MOST][2];
};

static void
fill(struct mods *m, const struct dir_mod *changes, size_t n)
{
	static const int op[] = {
		[DIR_REPLACE] = LDAP_MOD_REPLACE, [DIR_DELETE] = LDAP_MOD_DELETE,
		[DIR_ADD] = LDAP_MOD_ADD,
	};

	memset(m, 0, sizeof *m);
	for (size_t i = 0; i < n; i++) {
		m->list[i] = &m->mod[i];
		m->mod[i].mod_op = op[changes[i].change] | LDAP_MOD_BVALUES;
		m->mod[i].mod_type = (char *)(uintptr_t)changes[i].attribute;
		if (changes[i].value == NULL)
			continue;
		m->value[i].bv_len = changes[i].value->len;
		m->value[i].bv_val = (char *)(uintptr_t)changes[i].value->text;
		m->values[i][0] = &m->value[i];
		m->mod[i].mod_bvalues = m->values[i];
	}
}

static enum dir_end
write_once(struct dir *d, const char *dn, struct mods *m, enum dir_asking asking,
    struct dir_refusal *r)
{
	LDAPControl *control;
	enum dir_end end;
	bool hints;

	*r = (struct dir_refusal){ .policy = DIR_NO_POLICY_ERROR };
	/* What nobody would hear the answer of is not begun. */
	if (dir_time_left(d) < TIME_ENOUGH_MS) {
		snprintf(r->text, sizeof r->text, "there was no time left for it");
		return DIR_UNAVAILABLE;
	}
	if (dir_connected(d) == -1 || (asking == DIR_ASKING_HINTS && dir_hints(d, &hints) != DIR_OK)) {
		snprintf(r->text, sizeof r->text, "no server can be reached");
		return DIR_UNAVAILABLE;
	}
	if (make_control(d, asking, &control) == -1) {
		r->code = DIR_CODE_CRITICAL;
		snprintf(r->text, sizeof r->text, "this server does not know policy hints");
		return DIR_REFUSED;
	}
	end = modify(d, dn, m->list, control, r);
	ldap_control_free(control);
	return end;
}

/*
 * Again only if it was surely not done, and another connection may do better.  Whoever
 * writes has read just before: a connection that the server had closed is noticed by
 * then, and not when the password is already on its way into nowhere.
 */
enum dir_end
dir_write(struct dir *d, const char *dn, const struct dir_mod *changes, size_t n,
    enum dir_asking asking, struct dir_refusal *r)
{
	enum dir_end end;
	struct mods m;
	bool fresh;

	fill(&m, changes, n);
	do {
		fresh = d->ld == NULL;
		end = write_once(d, dn, &m, asking, r);
		/* Over; or no server was asked. */
		if ((end != DIR_UNAVAILABLE && end != DIR_UNKNOWN) ||
		    (end == DIR_UNAVAILABLE && r->code == LDAP_SUCCESS))
			return end;
		dir_lost(d, r->code, fresh);
	} while (end == DIR_UNAVAILABLE && dir_may_repeat(d, r->code, fresh));
	/* Not a matter of waiting: somebody has to name a server that can write. */
	return end == DIR_UNAVAILABLE && r->code == LDAP_REFERRAL && !dir_another_lives(d) ?
	    DIR_REFUSED : end;
}

enum { SHARE_ELSEWHERE = 3 };	/* of the time that is left: the person's own server has done it */

void
dir_write_elsewhere(struct dir *d, const char *dn, const struct dir_mod *changes, size_t n)
{
	int64_t until = clock_ms() + dir_time_left(d) / SHARE_ELSEWHERE;
	char why[512];

	for (size_t i = 0; i < d->settings->n_unlock_uris && clock_ms() < until; i++) {
		const char *uri = d->settings->unlock_uris[i];
		struct dir *other;
		struct dir_refusal refusal;

		if (strcmp(uri, d->uri) == 0 || servers_is_down(uri))
			continue;
		other = dir_new(d->settings, d->password);
		other->until = until;
		other->staying = true;
		if (dir_connect(other, uri, why, sizeof why) != DIR_OK)
			log_warnx("%s", why);
		else if (dir_write(other, dn, changes, n, DIR_ASKING_NOTHING, &refusal) != DIR_OK)
			log_warnx("%s: %s", uri, refusal.text);
		dir_free(other);
	}
}
