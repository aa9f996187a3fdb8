/*
 * answer.h - each request of keeper has its handler here.
 */
#ifndef REGISTRAR_ANSWER_H
#define REGISTRAR_ANSWER_H

#include "registrar/ldap/ldap.h"
#include "wire/msg.h"

/** answer(dir, request, reply): fill ${reply}; -1 if keeper may not ask that. */
int answer(struct dir *, const struct msg *request, struct msg *reply);

#endif
