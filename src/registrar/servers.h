/*
 * servers.h - which servers the directory has, and in which order they are tried.
 *
 * The settings name them, or a domain whose servers the DNS names.  What one worker
 * learns of a server all know: one that failed is tried last for a while, so that
 * not everybody waits for it again and again.
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

/** servers_share(): before the workers begin: one memory of what failed, for them all. */
void servers_share(void);

/** servers_list(settings, servers): all of them, those that failed lately at the end. */
void servers_list(const struct directory *, struct servers *);

/** servers_failed(uri), servers_answered(uri): what was just seen of it. */
void servers_failed(const char *uri);
void servers_answered(const char *uri);

/** servers_is_down(uri): it failed lately. */
bool servers_is_down(const char *uri);

#endif
