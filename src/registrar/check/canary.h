/*
 * canary.h - everything that is done to people, done to one test account.
 *
 * What no reading of rights can prove: that a reset, the history, a lock and its end
 * really work, with this service account at this server.
 */
#ifndef REGISTRAR_CANARY_H
#define REGISTRAR_CANARY_H

#include "registrar/ldap/ldap.h"

/** Set by the option --canary, or NULL: nobody is touched. */
extern const char *canary_name;

/**
 * canary_run(dir, uri):
 * Go through all steps with the account that is called ${canary_name}, over the
 * connection to ${uri}, and report each.  Nothing is done to somebody who would not be
 * helped.  The account ends with a random password that nobody knows.
 */
void canary_run(struct dir *, const char *uri);

#endif
