/*
 * servers.h - which servers the directory has, and in which order they are tried.
 *
 * The settings name them, or a domain whose servers the DNS names.  What one worker
 * learns of them all know: a server that failed is tried last for a while, so that not
 * everybody waits for it again and again, and the DNS is asked by one of them.
 */
#ifndef REGISTRAR_SERVERS_H
#define REGISTRAR_SERVERS_H

#include <stdbool.h>

#include "registrar/settings.h"

enum { SERVERS_MOST = 16, URI_LONGEST = 299 };

struct servers {
	size_t	n;
	char	uri[SERVERS_MOST][URI_LONGEST + 1];
};

/** servers_share(): before the workers begin: one memory for them all. */
void servers_share(void);

/** servers_forget(): the settings have changed: what the old ones led to counts no more. */
void servers_forget(void);

/** servers_list(settings, servers): all of them, those that failed lately at the end. */
void servers_list(const struct directory *, struct servers *);

/** servers_trying(uri): if it failed before, it counts as down for the others meanwhile. */
void servers_trying(const char *uri);

/** servers_failed(uri), servers_answered(uri): what was just seen of it. */
void servers_failed(const char *uri);
void servers_answered(const char *uri);

/** servers_is_down(uri): it failed lately. */
bool servers_is_down(const char *uri);

/**
 * servers_reject(), servers_reject_us():
 * A server did not know the service account by its password.  Asking on and on would
 * lock the account: for some minutes nobody asks any server.
 */
void servers_reject(void);
bool servers_reject_us(void);

/** servers_all_failed(): perhaps there are others by now: the DNS is asked again soon. */
void servers_all_failed(void);

/** servers_host(uri, host, size): the HOST of ldaps://HOST:PORT/..., also of [::1]. */
void servers_host(const char *uri, char *host, size_t size);

/** servers_behind(uri): how many machines its name stands for, by its addresses of one kind. */
size_t servers_behind(const char *uri);

#endif
