/*
 * ldap.h - the directory, as the rest of registrar sees it.
 *
 * The files that call libldap, and no others do, stand behind this header; ldap_own.h
 * lists them.  Names begin with dir_, because ldap_ is libldap's own.  Calls block; the
 * worker's alarm ends one that hangs.  A connection is made when it is first needed,
 * stays bound, and is made anew, once a call, when the server had closed it; a write
 * that may have arrived is never sent twice.
 */
#ifndef REGISTRAR_LDAP_H
#define REGISTRAR_LDAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "registrar/settings.h"
#include "wire/word.h"

enum { DN_LONGEST = 1023 };

struct dir;
struct dir_entry;

/* How a call ended. */
enum dir_end {
	DIR_OK,
	DIR_NONE,		/* no such entry */
	DIR_MANY,		/* more than one, or one whose name cannot be read */
	DIR_REFUSED,		/* the server said no; struct dir_refusal says why */
	DIR_UNAVAILABLE,	/* not reached, or no bind: surely nothing was done */
	DIR_UNKNOWN		/* a write was sent, and no answer came */
};

enum { DIR_NO_POLICY_ERROR = -1 };

struct dir_refusal {
	int	code;		/* the result code of LDAP */
	int	policy;		/* the error in the password policy's response, or DIR_NO_POLICY_ERROR */
	char	text[256];	/* what the server says, for the log */
	size_t	said;		/* where in it the server's own words begin */
};

/* Result codes that dialects tell apart. */
enum {
	DIR_CODE_CRITICAL = 12, DIR_CODE_NO_ATTRIBUTE = 16, DIR_CODE_CONSTRAINT = 19,
	DIR_CODE_RIGHTS = 50, DIR_CODE_UNWILLING = 53
};

/** dir_new(settings, password): no connection is made yet.  ${settings} is kept. */
struct dir *dir_new(const struct directory *, const struct secret *password);

/** dir_port(uri): the one that it names, or stands for. */
int dir_port(const char *uri);

/** dir_free(dir): unbind and wipe. */
void dir_free(struct dir *);

/** dir_connect(dir, uri, why, size): try just ${uri}; DIR_OK, or a sentence in ${why}. */
enum dir_end dir_connect(struct dir *, const char *uri, char *why, size_t size);

/*
 * Which of the servers it is, in a few characters that stay the same over restarts.
 */
enum { DIR_SERVER_CHARS = 8 };

/** dir_server(dir): the one that we are connected to, or "". */
const char *dir_server(const struct dir *);

/**
 * dir_go(dir, server):
 * Until the next request speak to ${server} and to no other.  UNAVAILABLE if it is
 * none of ours, or cannot be reached.
 */
enum dir_end dir_go(struct dir *, const char *server);

/** dir_begin(dir): another request begins: any server will do. */
void dir_begin(struct dir *);

/**
 * dir_certificate(dir, uri, der, size):
 * For --check: shake hands with ${uri} whatever its certificate, send nothing, and
 * write that certificate to ${der}.  Return its length, or 0.
 */
size_t dir_certificate(struct dir *, const char *uri, unsigned char *der, size_t size);

/* ---- Reading ----------------------------------------------------------------- */

enum dir_scope { DIR_ENTRY, DIR_BELOW };

struct dir_query {
	const char		*base;
	enum dir_scope		 scope;
	const char		*filter;
	const char *const	*attributes;	/* ends with NULL; outlives the answer */
};

/* For a query that wants no more of an entry than its name. */
extern const char *const dir_no_attributes[];

/** dir_one(dir, query, entry): exactly one entry, to be freed with dir_entry_free. */
enum dir_end dir_one(struct dir *, const struct dir_query *, struct dir_entry **);

/** dir_read(dir, dn, attributes, entry): dir_one of just the entry ${dn}; "": the server's own. */
enum dir_end dir_read(struct dir *, const char *dn, const char *const *attributes,
    struct dir_entry **);

/** dir_exists(dir, scope, base, filter): DIR_OK if there is at least one such entry. */
enum dir_end dir_exists(struct dir *, enum dir_scope, const char *base, const char *filter);

/** dir_each(dir, base, filter, fn, ctx): call ${fn} with the DN of each entry below ${base}. */
enum dir_end dir_each(struct dir *, const char *base, const char *filter,
    void (*fn)(const char *dn, void *ctx), void *ctx);

/** dir_dn(entry): its name, as the server writes it. */
const char *dir_dn(const struct dir_entry *);

/** dir_value(entry, attribute, i): the i-th value that is text, or NULL when there is none. */
const char *dir_value(const struct dir_entry *, const char *attribute, size_t i);

/** dir_octets(entry, attribute, i, len): the i-th value, whatever its bytes, or NULL. */
const void *dir_octets(const struct dir_entry *, const char *attribute, size_t i, size_t *len);

/** dir_number(entry, attribute): at least 0, at most INT32_MAX; 0 also where there is none. */
uint32_t dir_number(const struct dir_entry *, const char *attribute);

/** dir_flags(entry, attribute): a word of bits, which the server writes as a signed number; or 0. */
uint32_t dir_flags(const struct dir_entry *, const char *attribute);

/** dir_has(entry, attribute, value): one of its values is ${value}, whatever the case. */
bool dir_has(const struct dir_entry *, const char *attribute, const char *value);

/** dir_entry_free(entry): overwrites what was read.  NULL is allowed. */
void dir_entry_free(struct dir_entry *);

/** dir_dn_below(dn, base): ${dn} is ${base} or stands below it. */
bool dir_dn_below(const char *dn, const char *base);

/* ---- Writing ------------------------------------------------------------------ */

enum dir_change { DIR_REPLACE, DIR_DELETE, DIR_ADD };
enum { DIR_CHANGES_MOST = 4 };

struct dir_mod {
	enum dir_change		 change;
	const char		*attribute;
	const struct secret	*value;		/* NULL: none, or all of them */
};

/* What the server is asked besides.  It refuses what it does not understand. */
enum dir_asking {
	DIR_ASKING_NOTHING,
	DIR_ASKING_POLICY,	/* to name the rule of ppolicy that a refusal is about */
	DIR_ASKING_HINTS	/* AD: to hold a reset to the rules that hold for a change */
};

/**
 * dir_hints(dir, hints):
 * Does the server that we are connected to, or now connect to, know policy hints?
 * Another one may not: with DIR_ASKING_HINTS such a server is asked nothing, and
 * the answer is REFUSED with DIR_CODE_CRITICAL.
 */
enum dir_end dir_hints(struct dir *, bool *hints);

/**
 * dir_has_written():
 * Something was sent since dir_begin that may have changed the directory.  Safe in a
 * signal handler.
 */
bool dir_has_written(void);

/** dir_write(dir, dn, mods, n, asking, refusal): all of ${mods} at once, or none of them. */
enum dir_end dir_write(struct dir *, const char *dn, const struct dir_mod *, size_t n,
    enum dir_asking, struct dir_refusal *);

/**
 * dir_write_elsewhere(dir, dn, mods, n):
 * The same at each server of unlock_uris but the one that we are connected to.  What
 * fails there is logged and no more: replication does it later.
 */
void dir_write_elsewhere(struct dir *, const char *dn, const struct dir_mod *, size_t n);

/** dir_verdict(end): the verdict for keeper, where nothing more is known. */
enum verdict dir_verdict(enum dir_end);

#endif
