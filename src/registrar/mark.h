/*
 * mark.h - how an account stood when a password was ordered, and where that was seen.
 *
 * Of several servers one may not know yet what another has done, or know of something
 * else: whether a password was set can only be seen where it was to be set.  So a mark
 * names a server, and SET is carried out there or not at all.
 */
#ifndef REGISTRAR_MARK_H
#define REGISTRAR_MARK_H

#include "registrar/account.h"

/** mark_make(dir, account, mark): of ${account}, as it was just read. */
void mark_make(struct dir *, const struct account *, char mark[MARK_LONGEST + 1]);

/** mark_go(dir, mark): for the rest of this request, speak to its server and to no other. */
enum dir_end mark_go(struct dir *, const char *mark);

/** mark_passed(account, mark): after ${mark} a password was set; both are of one server. */
bool mark_passed(const struct account *, const char *mark);

#endif
