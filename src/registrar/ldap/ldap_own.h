/*
 * ldap_own.h - what only the files that call libldap know of each other.
 *
 * From the ground up; each calls those above it, and none below:
 *
 *	ldap.c		 a handle: its memory, its time, how a call went
 *	ldap_sign_in.c	 who we are, to a server
 *	ldap_connect.c	 reaching one server, TLS
 *	ldap_server.c	 which server, and what to do when it is lost
 *	ldap_read.c	 entries and their values
 *	ldap_all.c	 many of them, for --check
 *	ldap_write.c	 changes
 *	ldap_dn.c	 names, apart
 */
#ifndef REGISTRAR_LDAP_OWN_H
#define REGISTRAR_LDAP_OWN_H

#include <stdint.h>
#include <sys/time.h>

#include <ldap.h>

#include "registrar/ldap/ldap.h"
#include "registrar/ldap/servers.h"

enum {
	ATTRIBUTES_MOST = 32,
	TIME_ENOUGH_MS = 300	/* to begin something new in what is left of a request */
};

struct dir {
	const struct directory	*settings;
	struct secret		*password;	/* the service account's, in a place to keep it */
	int64_t			 until;		/* of this request, on clock_ms; 0: no request */
	char			 uri[URI_LONGEST + 1];	/* of the server below, or where to go */
	bool			 staying;	/* with that one */
	LDAP			*ld;		/* bound, or NULL */
	int64_t			 since;
	int64_t			 signed_in;	/* when, on clock_ms */
	enum { HINTS_UNKNOWN, HINTS_NONE, HINTS_OLD, HINTS_NEW } hints;	/* of this connection */
};

struct dir_entry {
	char	*dn;
	size_t	 n;
	struct {
		const char	 *name;
		struct berval	**values;
	} attribute[ATTRIBUTES_MOST];
};

/* ---- ldap.c --------------------------------------------------------------------- */

/** dir_hang_up(dir): be connected no more. */
void dir_hang_up(struct dir *);

/** dir_time_left(dir): milliseconds until the request is over. */
int64_t dir_time_left(const struct dir *);

/** dir_answer_time(dir): how long to wait for one answer. */
struct timeval dir_answer_time(const struct dir *);

/** dir_is_lost(rc): the server said nothing, or that it cannot serve now. */
bool dir_is_lost(int rc);

/** dir_blame(dir, uri): that server failed, unless it was we who had no time. */
void dir_blame(const struct dir *, const char *uri);

/** dir_note_write(sent): what dir_has_written tells from here on. */
void dir_note_write(bool sent);

/* ---- ldap_sign_in.c ---------------------------------------------------------------- */

/** dir_keytab(settings): where Kerberos finds the key and keeps tickets: before the first use. */
void dir_keytab(const struct directory *);

/** dir_sign_in(dir, ld, tls): as the service account.  Return a result code of LDAP. */
int dir_sign_in(struct dir *, LDAP *, bool tls);

/* ---- ldap_server.c ------------------------------------------------------------------ */

/** dir_connected(dir): be connected; 0, or -1. */
int dir_connected(struct dir *);

/** dir_lost(dir, rc, fresh): the server did not answer, or cannot serve now: hang up. */
void dir_lost(struct dir *, int rc, bool fresh);

/** dir_may_repeat(dir, rc, fresh): after dir_lost, it may be otherwise on another connection. */
bool dir_may_repeat(struct dir *, int rc, bool fresh);

/** dir_another_lives(dir): there is a server that did not fail lately, besides ours. */
bool dir_another_lives(const struct dir *);

/* ---- ldap_read.c -------------------------------------------------------------------- */

/** dir_end_of(rc): how a search ended. */
enum dir_end dir_end_of(int rc);

/** dir_entry_new(ld, message, attributes): an entry of an answer; NULL: its name is none. */
struct dir_entry *dir_entry_new(LDAP *, LDAPMessage *, const char *const *attributes);

#endif
