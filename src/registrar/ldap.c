#include "registrar/ldap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>

#include <lber.h>
#include <ldap.h>

#include "base/log.h"
#include "base/seal.h"
#include "registrar/ldap_own.h"

enum {
	ENTRIES_MOST	= 200,	/* groups of one person, per level */
	CONNECT_SECONDS	= 3,	/* for each server of the list */
	HANDSHAKE_MENDED = 20609
};

/* ---- Memory: libldap's copies of secrets end with it ------------------------ */

static void *
block_alloc(ber_len_t size, void *ctx)
{
	(void)ctx;
	return secret_alloc(size);
}

static void *
block_calloc(ber_len_t n, ber_len_t size, void *ctx)
{
	void *p = size != 0 && n > SIZE_MAX / size ? NULL : secret_alloc(n * size);

	(void)ctx;
	return p == NULL ? NULL : memset(p, 0, n * size);
}

static void *
block_realloc(void *p, ber_len_t size, void *ctx)
{
	(void)ctx;
	return secret_realloc(p, size);
}

static void
block_free(void *p, void *ctx)
{
	(void)ctx;
	secret_free(p);
}

/* ---- Connecting ---------------------------------------------------------------- */

/*
 * Before 2.6.9 a server that stalls in the TLS handshake hangs libldap for ever
 * unless it connects asynchronously; from there on it is the other way round
 * (ITS#8047).  Only the library that is loaded knows which it is.
 */
static bool
handshake_needs_async(void)
{
	LDAPAPIInfo info = { .ldapai_info_version = LDAP_API_INFO_VERSION };
	int version;

	if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) != LDAP_OPT_SUCCESS)
		return false;
	version = info.ldapai_vendor_version;
	ldap_memfree(info.ldapai_vendor_name);
	ber_memvfree((void **)info.ldapai_extensions);
	return version < HANDSHAKE_MENDED;
}

static int
set_options(LDAP *ld, const struct directory *s)
{
	int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, never = LDAP_DEREF_NEVER;
	int server = 0, tls12 = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
	struct timeval connecting = { .tv_sec = CONNECT_SECONDS };
	struct timeval answering = { .tv_sec = registrar.deadline / 2 };
	const struct {
		int		 option;
		const void	*value;
	} options[] = {
		{ LDAP_OPT_PROTOCOL_VERSION, &version },
		{ LDAP_OPT_REFERRALS, LDAP_OPT_OFF },
		{ LDAP_OPT_RESTART, LDAP_OPT_ON },
		{ LDAP_OPT_DEREF, &never },
		{ LDAP_OPT_NETWORK_TIMEOUT, &connecting },
		{ LDAP_OPT_TIMEOUT, &answering },
		{ LDAP_OPT_CONNECT_ASYNC, handshake_needs_async() ? LDAP_OPT_ON : LDAP_OPT_OFF },
		{ LDAP_OPT_X_TLS_REQUIRE_CERT, &demand },
		{ LDAP_OPT_X_TLS_PROTOCOL_MIN, &tls12 },
		{ LDAP_OPT_X_TLS_CACERTFILE, s->ca_file[0] != '\0' ? s->ca_file : NULL },
		{ LDAP_OPT_X_TLS_NEWCTX, &server },	/* last: it takes what was set above */
	};

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (ldap_set_option(ld, options[i].option, options[i].value) != LDAP_OPT_SUCCESS) {
			log_warnx("libldap refuses option 0x%x", (unsigned int)options[i].option);
			return -1;
		}
	return 0;
}

static void
explain(LDAP *ld, const char *uri, const char *doing, int rc, char *why, size_t size)
{
	char *more = NULL;

	ldap_get_option(ld, LDAP_OPT_DIAGNOSTIC_MESSAGE, &more);
	snprintf(why, size, "%s: %s: %s%s%s", uri, doing, ldap_err2string(rc),
	    more != NULL && more[0] != '\0' ? ": " : "", more != NULL ? more : "");
	ldap_memfree(more);
}

static int
bind_simple(LDAP *ld, const struct dir *d)
{
	struct berval password = {
		.bv_len = d->password.len, .bv_val = (char *)(uintptr_t)d->password.text
	};

	return ldap_sasl_bind_s(ld, d->settings->bind_dn, LDAP_SASL_SIMPLE, &password, NULL, NULL,
	    NULL);
}

static bool
is_plain(const char *uri)
{
	return strncasecmp(uri, "ldap://", 7) == 0;
}

enum dir_end
dir_connect(struct dir *d, const char *uri, char *why, size_t size)
{
	const char *doing = "connecting";
	LDAP *ld = NULL;
	int rc;

	if ((rc = ldap_initialize(&ld, uri)) != LDAP_SUCCESS || set_options(ld, d->settings) == -1) {
		snprintf(why, size, "%s: libldap cannot use this address or ca_file", uri);
		goto err;
	}
	if (is_plain(uri)) {
		doing = "StartTLS";
		rc = d->settings->starttls ? ldap_start_tls_s(ld, NULL, NULL) :
		    LDAP_CONFIDENTIALITY_REQUIRED;
	}
	if (rc == LDAP_SUCCESS && (rc = bind_simple(ld, d)) != LDAP_SUCCESS && rc != LDAP_SERVER_DOWN)
		doing = "binding as the service account";
	if (rc != LDAP_SUCCESS) {
		explain(ld, uri, doing, rc, why, size);
		goto err;
	}
	if (d->ld != NULL)
		ldap_unbind_ext_s(d->ld, NULL, NULL);
	d->ld = ld;
	d->hints = HINTS_UNKNOWN;
	return DIR_OK;
err:
	if (ld != NULL)
		ldap_unbind_ext_s(ld, NULL, NULL);
	return DIR_UNAVAILABLE;
}

size_t
dir_certificate(struct dir *d, const char *uri, unsigned char *der, size_t size)
{
	int whatever = LDAP_OPT_X_TLS_ALLOW, server = 0;
	struct berval cert = { 0, NULL };
	LDAP *ld = NULL;
	size_t len = 0;

	if (ldap_initialize(&ld, uri) != LDAP_SUCCESS || set_options(ld, d->settings) == -1 ||
	    ldap_set_option(ld, LDAP_OPT_X_TLS_REQUIRE_CERT, &whatever) != LDAP_OPT_SUCCESS ||
	    ldap_set_option(ld, LDAP_OPT_X_TLS_NEWCTX, &server) != LDAP_OPT_SUCCESS)
		goto out;
	if ((is_plain(uri) ? ldap_start_tls_s(ld, NULL, NULL) : ldap_connect(ld)) != LDAP_SUCCESS)
		goto out;
	if (ldap_get_option(ld, LDAP_OPT_X_TLS_PEERCERT, &cert) == LDAP_OPT_SUCCESS &&
	    cert.bv_val != NULL && cert.bv_len <= size) {
		len = cert.bv_len;
		memcpy(der, cert.bv_val, len);
	}
	ldap_memfree(cert.bv_val);
out:
	if (ld != NULL)
		ldap_unbind_ext_s(ld, NULL, NULL);
	return len;
}

static void
hang_up(struct dir *d)
{
	if (d->ld != NULL)
		ldap_unbind_ext_s(d->ld, NULL, NULL);
	d->ld = NULL;
}

int
dir_connected(struct dir *d)
{
	char why[512];

	for (size_t i = 0; d->ld == NULL && i < d->settings->n_uris; i++) {
		if (d->staying && i != d->server)
			continue;
		if (dir_connect(d, d->settings->uris[i], why, sizeof why) == DIR_OK)
			d->server = i;
		else
			log_warnx("%s", why);
	}
	return d->ld != NULL ? 0 : -1;
}

static void
name_server(const char *uri, char name[DIR_SERVER_CHARS + 1])
{
	unsigned char hash[HASH_SIZE];

	seal_hash(uri, strlen(uri), hash);
	for (int i = 0; i < DIR_SERVER_CHARS / 2; i++)
		snprintf(name + 2 * i, 3, "%02x", hash[i]);
}

const char *
dir_server(const struct dir *d)
{
	static char name[DIR_SERVER_CHARS + 1];

	if (d->ld == NULL)
		return "";
	name_server(d->settings->uris[d->server], name);
	return name;
}

enum dir_end
dir_go(struct dir *d, const char *server)
{
	char name[DIR_SERVER_CHARS + 1];

	for (size_t i = 0; i < d->settings->n_uris; i++) {
		name_server(d->settings->uris[i], name);
		if (strcmp(name, server) != 0)
			continue;
		if (d->ld != NULL && d->server != i)
			hang_up(d);
		d->server = i;
		d->staying = true;
		return dir_connected(d) == 0 ? DIR_OK : DIR_UNAVAILABLE;
	}
	return DIR_UNAVAILABLE;
}

void
dir_begin(struct dir *d)
{
	d->staying = false;
}

struct dir *
dir_new(const struct directory *settings, const struct secret *password)
{
	static LDAP_CONST BerMemoryFunctions wiping = {
		block_alloc, block_calloc, block_realloc, block_free
	};
	static bool begun;
	struct dir *d = calloc(1, sizeof *d);

	if (d == NULL)
		fatal("no memory for the directory");
	/* Nobody's .ldaprc steers a service. */
	if (!begun && (setenv("LDAPNOINIT", "1", 1) == -1 ||
	    ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &wiping) != LBER_OPT_SUCCESS))
		fatalx("libldap is in use already");
	begun = true;
	d->settings = settings;
	secret_copy(&d->password, password);
	return d;
}

void
dir_free(struct dir *d)
{
	if (d == NULL)
		return;
	hang_up(d);
	secret_wipe(&d->password);
	free(d);
}

/* ---- Reading --------------------------------------------------------------------- */

/* libldap's own errors are negative; the other two say that the server cannot serve now. */
static bool
is_lost(int rc)
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
		if (is_lost(rc)) {
			if (fresh || rc != LDAP_SERVER_DOWN)
				log_warnx("reading below %s: %s", q->base, ldap_err2string(rc));
			ldap_msgfree(*answer);
			*answer = NULL;
			hang_up(d);
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
	if (is_lost(rc))
		return DIR_UNAVAILABLE;
	log_warnx("reading below %s: %s", q->base, ldap_err2string(rc));
	return DIR_REFUSED;
}

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

/* ---- Writing --------------------------------------------------------------------------- */

static void
take_refusal(struct dir *d, LDAPMessage *answer, struct dir_refusal *r)
{
	LDAPPasswordPolicyError policy = PP_noError;
	LDAPControl **controls = NULL, *control;
	ber_int_t expire, grace;
	char *text = NULL;

	if (ldap_parse_result(d->ld, answer, &r->code, NULL, &text, NULL, &controls, 0) !=
	    LDAP_SUCCESS)
		r->code = LDAP_DECODING_ERROR;
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
}

/* Send, and wait for the answer.  Once it has been sent, only an answer tells what became of it. */
static enum dir_end
modify(struct dir *d, const char *dn, LDAPMod **mods, LDAPControl *control, struct dir_refusal *r)
{
	LDAPControl *controls[] = { control, NULL };
	LDAPMessage *answer = NULL;
	int id, rc, code;

	rc = ldap_modify_ext(d->ld, dn, mods, controls, NULL, &id);
	if (rc != LDAP_SUCCESS) {
		snprintf(r->text, sizeof r->text, "sending: %s", ldap_err2string(rc));
		hang_up(d);
		return DIR_UNAVAILABLE;
	}
	rc = ldap_result(d->ld, id, LDAP_MSG_ALL, NULL, &answer);
	if (rc != LDAP_RES_MODIFY) {
		ldap_get_option(d->ld, LDAP_OPT_RESULT_CODE, &code);
		snprintf(r->text, sizeof r->text, "no answer: %s",
		    ldap_err2string(rc == 0 ? LDAP_TIMEOUT : code));
		ldap_msgfree(answer);
		hang_up(d);
		return DIR_UNKNOWN;
	}
	take_refusal(d, answer, r);
	ldap_msgfree(answer);
	if (r->code == LDAP_SUCCESS)
		return DIR_OK;
	return is_lost(r->code) ? DIR_UNAVAILABLE : r->code == LDAP_NO_SUCH_OBJECT ? DIR_NONE :
	    DIR_REFUSED;
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
	struct dir_query q = { "", DIR_ENTRY, "(objectClass=*)", controls };
	struct dir_entry *e;
	enum dir_end end;
	const char *v;

	if (d->ld == NULL || d->hints == HINTS_UNKNOWN) {
		if ((end = dir_one(d, &q, &e)) != DIR_OK)
			return end;
		d->hints = HINTS_NONE;
		for (size_t i = 0; (v = dir_value(e, "supportedControl", i)) != NULL; i++)
			for (int h = HINTS_OLD; h <= HINTS_NEW; h++)
				if (strcmp(v, hints_oid[h]) == 0 && h > (int)d->hints)
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

enum dir_end
dir_write(struct dir *d, const char *dn, const struct dir_mod *changes, size_t n,
    enum dir_asking asking, struct dir_refusal *r)
{
	static const int op[] = {
		[DIR_REPLACE] = LDAP_MOD_REPLACE, [DIR_DELETE] = LDAP_MOD_DELETE,
		[DIR_ADD] = LDAP_MOD_ADD,
	};
	struct berval value[DIR_CHANGES_MOST], *values[DIR_CHANGES_MOST][2] = { 0 };
	LDAPMod mod[DIR_CHANGES_MOST] = { 0 }, *mods[DIR_CHANGES_MOST + 1] = { 0 };
	LDAPControl *control;
	enum dir_end end;

	*r = (struct dir_refusal){ .policy = DIR_NO_POLICY_ERROR };
	if (dir_connected(d) == -1)
		return DIR_UNAVAILABLE;
	for (size_t i = 0; i < n; i++) {
		mod[i].mod_op = op[changes[i].change] | LDAP_MOD_BVALUES;
		mod[i].mod_type = (char *)(uintptr_t)changes[i].attribute;
		if (changes[i].value != NULL) {
			value[i].bv_len = changes[i].value->len;
			value[i].bv_val = (char *)(uintptr_t)changes[i].value->text;
			values[i][0] = &value[i];
			mod[i].mod_bvalues = values[i];
		}
		mods[i] = &mod[i];
	}
	if (make_control(d, asking, &control) == -1) {
		r->code = DIR_CODE_CRITICAL;
		snprintf(r->text, sizeof r->text, "this server does not know policy hints");
		return DIR_REFUSED;
	}
	end = modify(d, dn, mods, control, r);
	ldap_control_free(control);
	return end;
}

void
dir_write_elsewhere(struct dir *d, const char *dn, const struct dir_mod *changes, size_t n)
{
	char why[512];

	for (size_t i = 0; i < d->settings->n_unlock_uris; i++) {
		struct dir *other = dir_new(d->settings, &d->password);
		struct dir_refusal refusal;

		if (dir_connect(other, d->settings->unlock_uris[i], why, sizeof why) != DIR_OK)
			log_warnx("%s", why);
		else if (dir_write(other, dn, changes, n, DIR_ASKING_NOTHING, &refusal) != DIR_OK)
			log_warnx("%s: %s", d->settings->unlock_uris[i], refusal.text);
		dir_free(other);
	}
}

enum verdict
dir_verdict(enum dir_end end)
{
	static const enum verdict verdict[] = {
		[DIR_OK] = VERDICT_OK, [DIR_NONE] = VERDICT_NOBODY, [DIR_MANY] = VERDICT_NOBODY,
		[DIR_REFUSED] = VERDICT_FORBIDDEN, [DIR_UNAVAILABLE] = VERDICT_UNAVAILABLE,
		[DIR_UNKNOWN] = VERDICT_UNKNOWN,
	};

	return verdict[end];
}
