/*
 * registrar.h - the stub to registrar's workers.
 *
 * Each worker takes one request at a time; the rest wait here in order.  Every
 * request is answered exactly once: by the worker, or by us with UNAVAILABLE
 * (it never left) or UNKNOWN (it left, and the worker is gone).  A question is put
 * to another worker when one dies over it; a write never is.  While everything is halted
 * no write leaves.
 */
#ifndef KEEPER_REGISTRAR_H
#define KEEPER_REGISTRAR_H

#include "wire/link.h"

struct keeper;
struct registrar;

/* ${reply} is NULL unless a worker answered; then its type is the one that was asked for. */
typedef void registrar_reply_fn(void *ctx, enum verdict, const struct msg *reply);

struct registrar *registrar_new(const struct keeper *);
void registrar_free(struct registrar *);

/** registrar_welcome(registrar, fd): a worker has connected. */
void registrar_welcome(struct registrar *, int fd);

/** registrar_ask(registrar, msg, reply, ctx): ${msg} is copied; its id does not matter. */
void registrar_ask(struct registrar *, const struct msg *, registrar_reply_fn *, void *ctx);

/** registrar_forget(registrar, ctx): nobody waits for that any more. */
void registrar_forget(struct registrar *, void *ctx);

/** registrar_up(registrar): a worker is here, and the directory answered the last probe. */
bool registrar_up(const struct registrar *);

/** registrar_count(registrar, status): fill in workers, busy, queued. */
void registrar_count(const struct registrar *, struct msg_status *);

/** registrar_flush(registrar): let what was asked leave. */
void registrar_flush(struct registrar *);

#endif
