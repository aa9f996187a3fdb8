/*
 * request.h - one letter as one HTTP request, the way a gateway wants it.
 */
#ifndef COURIER_REQUEST_H
#define COURIER_REQUEST_H

#include "courier/letter.h"
#include "courier/settings.h"
#include "courier/template.h"

/* All of it may hold secrets: wipe it. */
struct request {
	struct draft	url, body, headers[HEADERS_MOST];
};

/**
 * request_check(gateway, setting):
 * Report each mistake in the gateway's templates, under names that start with
 * ${setting}.
 */
void request_check(const struct gateway_settings *, const char *setting);

/**
 * request_write(request, gateway, secret, letter):
 * Fill in an empty request.  Return 0, or -1 if something does not fit or may
 * not stand where it was put.
 */
int request_write(struct request *, const struct gateway_settings *, const struct secret *secret,
    const struct letter *);

/** request_type(gateway): the Content-Type of its body; NULL if its headers say, or it has none. */
const char *request_type(const struct gateway_settings *);

/** request_wipe(request): overwrite what is in it. */
void request_wipe(struct request *);

#endif
