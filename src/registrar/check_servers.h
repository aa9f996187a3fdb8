/*
 * check_servers.h - are the servers of the settings right, and do they let us in?
 */
#ifndef REGISTRAR_CHECK_SERVERS_H
#define REGISTRAR_CHECK_SERVERS_H

#include "registrar/ldap.h"

/** check_sign_in(password): servers and sign-in as they are written; return how many faults. */
int check_sign_in(struct secret *password);

/** check_servers(dir): sign in at each; return the first that lets us, connected to it, or NULL. */
const char *check_servers(struct dir *);

#endif
