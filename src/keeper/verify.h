/*
 * verify.h - is the audit what was written?
 *
 * The chain is walked from its first row to its last, in pieces, between which people are
 * served.  The first fault is named: behind it nothing hangs together any more.
 */
#ifndef KEEPER_VERIFY_H
#define KEEPER_VERIFY_H

#include "wire/link.h"

struct keeper;
struct walk;

/** walk_new(keeper): at the first row; walk_free it. */
struct walk *walk_new(struct keeper *);
void walk_free(struct walk *);

/** walk_on(walk, most): look at up to so many rows more; false: it is over. */
bool walk_on(struct walk *, unsigned int most);

/** walk_result(walk): what was found; while it goes on, how far it is. */
const struct msg_verified *walk_result(const struct walk *);

/** verify_hear(keeper, link, msg): walk, and tell ${link} how far, and at the end what is found. */
void verify_hear(struct keeper *, struct link *, struct msg *);

/** verify_forget(link): it has hung up. */
void verify_forget(struct link *);

/** verify_under_way(): somebody waits for an answer: then rows stay where they are. */
bool verify_under_way(void);

#endif
