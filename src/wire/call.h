/*
 * call.h - a blocking connection to keeper, for programs without an event loop:
 * registrar's workers and the CLI.
 */
#ifndef WIRE_CALL_H
#define WIRE_CALL_H

#include "wire/msg.h"

/**
 * call_connect(self):
 * Connect to the socket where keeper listens for ${self}.  Return it, or -1 with
 * errno; EPERM if somebody else listens there.  No HELLO has been said yet.
 */
int call_connect(enum role self);

/** call_hello(fd, self): say HELLO and hear keeper's.  Return 0 or -1. */
int call_hello(int fd, enum role self);

/** call_send(fd, from, msg): send one message.  Return 0, or -1 with errno. */
int call_send(int fd, enum role from, const struct msg *);

/**
 * call_receive(fd, from, to, msg):
 * Wait for one message.  Return 1; 0 if the other side has ended; -1 on an error
 * or a message that breaks the law (errno EBADMSG).
 */
int call_receive(int fd, enum role from, enum role to, struct msg *);

#endif
