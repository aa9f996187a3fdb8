#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/text.h"
#include "registrar/ldap/ldap_own.h"

enum {
	FIRST_CHOICE_MS = 60 * 1000,
	TICKET_MS = 30 * 1000
};

/* ---- Which server --------------------------------------------------------------------- */

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
	dir_note_write(false);
	d->staying = false;
	d->until = 0;
	d->until = clock_ms() + dir_time_left(d);
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
