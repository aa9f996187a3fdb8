/*
 * policy.h - what the settings ask of this person besides: the first policy that is for them.
 */
#ifndef REGISTRAR_POLICY_H
#define REGISTRAR_POLICY_H

#include "registrar/account.h"

/**
 * policy_ready(dir):
 * Before anybody is looked for: find the entries that policies name, as they are called now.
 * UNAVAILABLE if one is not there: else whoever stands below it would be asked less.
 */
enum verdict policy_ready(struct dir *);

/** policy_of(account): after that and guard_person; NULL: none is for them. */
const struct policy *policy_of(const struct account *);

/** policy_explain(account, out): likewise, and why not those before it. */
void policy_explain(const struct account *, struct msg_explained *);

#endif
