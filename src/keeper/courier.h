/*
 * courier.h - the stub to courier.
 *
 * A message is handed over at most once; whether to send again is the person's
 * wish or nobody's.
 */
#ifndef KEEPER_COURIER_H
#define KEEPER_COURIER_H

#include "wire/link.h"

struct courier;

typedef void courier_reply_fn(void *ctx, enum verdict, const char *gateway);

struct courier *courier_new(struct event_base *);
void courier_free(struct courier *);

/** courier_welcome(courier, fd): somebody has connected; their HELLO makes them courier. */
void courier_welcome(struct courier *, int fd);

/**
 * courier_send(courier, msg, reply, ctx):
 * A SEND, or READ_AGAIN; ${reply} is called once, later, with the verdict of its reply.
 */
void courier_send(struct courier *, const struct msg *, courier_reply_fn *, void *ctx);

bool courier_up(const struct courier *);
void courier_flush(struct courier *);

#endif
