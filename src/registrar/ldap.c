#include "registrar/ldap.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lber.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/text.h"
#include "registrar/ldap_own.h"

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

/* ---- From begin to end -------------------------------------------------------------- */

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
	if (!begun)
		dir_keytab(settings);
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
	dir_hang_up(d);
	secret_wipe(&d->password);
	free(d);
}

void
dir_hang_up(struct dir *d)
{
	if (d->ld != NULL)
		ldap_unbind_ext_s(d->ld, NULL, NULL);
	d->ld = NULL;
}

/* ---- How long ------------------------------------------------------------------------- */

enum {
	SPARE_MS = 1000,	/* of the deadline, to tell what became of it */
	FIRST_CHOICE_MS = 60 * 1000,
	TICKET_MS = 30 * 1000
};

int64_t
dir_time_left(const struct dir *d)
{
	int64_t whole = registrar.deadline * 1000LL - SPARE_MS;

	return d->until == 0 ? whole : d->until - clock_ms();
}

struct timeval
dir_answer_time(const struct dir *d)
{
	int64_t ms = registrar.deadline * 1000LL / 2, left = dir_time_left(d);

	if (ms > left)
		ms = left > 1 ? left : 1;
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
}

/* ---- Which server --------------------------------------------------------------------- */

/* A server is not to blame for an answer that we could not wait for. */
void
dir_blame(const struct dir *d, const char *uri)
{
	if (dir_time_left(d) > 0)
		servers_failed(uri);
}

/* Those that failed lately are last in the list: if any other lives, so does the first. */
bool
dir_another_lives(const struct dir *d)
{
	struct servers list;

	servers_list(d->settings, &list);
	return list.n > 0 && strcmp(list.uri[0], d->uri) != 0 && !servers_is_down(list.uri[0]);
}

/* One after the other, as long as there is time; those that failed lately come last. */
int
dir_connected(struct dir *d)
{
	struct servers list;
	char why[512];

	if (d->ld != NULL)
		return 0;
	servers_list(d->settings, &list);
	for (size_t i = 0; i < list.n; i++) {
		if (d->staying && strcmp(list.uri[i], d->uri) != 0)
			continue;
		if (dir_time_left(d) < TIME_ENOUGH_MS || servers_reject_us())
			return -1;
		servers_trying(list.uri[i]);
		if (dir_connect(d, list.uri[i], why, sizeof why) == DIR_OK)
			return 0;
		log_warnx("%s", why);
	}
	if (!d->staying)
		servers_all_failed();
	return -1;
}

/*
 * Whoever had to make do with another server goes back to the first when it lives
 * again, and whoever is at one that fails others need not wait to see it.
 */
static void
prefer_first(struct dir *d)
{
	bool failing;

	if (d->ld == NULL)
		return;
	failing = servers_is_down(d->uri);
	if (!failing && clock_ms() - d->since < FIRST_CHOICE_MS)
		return;
	if (dir_another_lives(d))
		dir_hang_up(d);
	else if (!failing)
		d->since = clock_ms();
}

/*
 * What Kerberos vouched for ends with its ticket, perhaps between a write and its
 * answer.  At a sign-in the library takes a new ticket if half the life of the old one
 * is over.  So whoever signs in this often is never near the end, even where tickets
 * live two minutes, and a sign-in costs some milliseconds.
 */
static void
renew_ticket(struct dir *d)
{
	if (d->ld == NULL || settings_credential(d->settings) != CREDENTIAL_KEY ||
	    clock_ms() - d->signed_in < TICKET_MS)
		return;
	log_debug("%s: signing in anew", d->uri);
	dir_hang_up(d);
}

void
dir_begin(struct dir *d)
{
	dir_forget_writes();
	d->staying = false;
	d->until = clock_ms() + registrar.deadline * 1000LL - SPARE_MS;
	renew_ticket(d);
	prefer_first(d);
}

static void
name_server(const char *uri, char name[DIR_SERVER_CHARS + 1])
{
	unsigned char hash[HASH_SIZE];

	seal_hash(uri, strlen(uri), hash);
	text_hex(name, hash, DIR_SERVER_CHARS / 2);
}

const char *
dir_server(const struct dir *d)
{
	static char name[DIR_SERVER_CHARS + 1];

	if (d->ld == NULL)
		return "";
	name_server(d->uri, name);
	return name;
}

enum dir_end
dir_go(struct dir *d, const char *server)
{
	char name[DIR_SERVER_CHARS + 1];
	struct servers list;

	servers_list(d->settings, &list);
	for (size_t i = 0; i < list.n; i++) {
		name_server(list.uri[i], name);
		if (strcmp(name, server) != 0)
			continue;
		if (strcmp(d->uri, list.uri[i]) != 0)
			dir_hang_up(d);
		snprintf(d->uri, sizeof d->uri, "%s", list.uri[i]);
		d->staying = true;
		return dir_connected(d) == 0 ? DIR_OK : DIR_UNAVAILABLE;
	}
	return DIR_UNAVAILABLE;
}

/* ---- Lost connections -------------------------------------------------------------------- */

/* libldap's own errors are negative; the other two say that the server cannot serve now. */
bool
dir_is_lost(int rc)
{
	return rc < 0 || rc == LDAP_BUSY || rc == LDAP_UNAVAILABLE;
}

/*
 * A connection that stood idle may have been closed, and one that Kerberos vouched for
 * is, when its ticket is over: that tells nothing of the server.
 */
void
dir_lost(struct dir *d, int rc, bool fresh)
{
	if (rc == LDAP_REFERRAL) {
		log_warnx("%s: it says that it cannot write, and names others", d->uri);
		servers_failed(d->uri);
	} else if (fresh || rc == LDAP_TIMEOUT) {
		log_warnx("%s: %s", d->uri, ldap_err2string(rc));
		dir_blame(d, d->uri);
	} else {
		log_debug("%s: %s: connecting anew", d->uri, ldap_err2string(rc));
	}
	dir_hang_up(d);
}

bool
dir_may_repeat(struct dir *d, int rc, bool fresh)
{
	if (dir_time_left(d) < TIME_ENOUGH_MS)
		return false;
	/* What one server is slow at, it stays slow at; another may not be. */
	if (!fresh && rc != LDAP_TIMEOUT && rc != LDAP_REFERRAL)
		return true;
	return !d->staying && dir_another_lives(d);
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
