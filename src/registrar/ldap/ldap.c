#include "registrar/ldap/ldap.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <lber.h>

#include "base/clock.h"
#include "base/log.h"
#include "registrar/ldap/ldap_own.h"

/* ---- From begin to end -------------------------------------------------------------- */

struct dir *
dir_new(const struct directory *settings, const struct secret *password)
{
	static bool begun;
	struct dir *d = calloc(1, sizeof *d);

	if (d == NULL)
		fatal("no memory for the directory");
	/* Nobody's .ldaprc steers a service. */
	if (!begun && setenv("LDAPNOINIT", "1", 1) == -1)
		fatal("no memory for the directory");
	if (!begun)
		dir_keytab(settings);
	begun = true;
	d->settings = settings;
	d->password = secret_keep(sizeof *d->password);
	secret_copy(d->password, password);
	return d;
}

int
dir_port(const char *uri)
{
	LDAPURLDesc *url = NULL;
	int port = 0;

	if (ldap_url_parse(uri, &url) == LDAP_URL_SUCCESS)
		port = url->lud_port;
	ldap_free_urldesc(url);
	return port;
}

void
dir_free(struct dir *d)
{
	if (d == NULL)
		return;
	dir_hang_up(d);
	secret_drop(d->password);
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

enum { SPARE_MS = 1000 };	/* of the deadline, to tell what became of it */

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

/* ---- How it went -------------------------------------------------------------------- */

/* libldap's own errors are negative; the other two say that the server cannot serve now. */
bool
dir_is_lost(int rc)
{
	return rc < 0 || rc == LDAP_BUSY || rc == LDAP_UNAVAILABLE;
}

/* A server is not to blame for an answer that we could not wait for. */
void
dir_blame(const struct dir *d, const char *uri)
{
	if (dir_time_left(d) > 0)
		servers_failed(uri);
}

static volatile sig_atomic_t written;

void
dir_note_write(bool sent)
{
	written = sent;
}

bool
dir_has_written(void)
{
	return written;
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
