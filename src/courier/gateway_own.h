/*
 * gateway_own.h - gateways from the inside, for the two files that know libcurl.
 */
#ifndef COURIER_GATEWAY_OWN_H
#define COURIER_GATEWAY_OWN_H

#include "base/secret.h"
#include "courier/answer.h"
#include "courier/gateway.h"
#include "courier/settings.h"

struct gateway {
	struct gateway_settings	set;
	struct answer_rules	rules;
	struct secret		*secret;	/* never NULL */
};

struct gateways {
	unsigned int	holders;	/* those that are ready are one */
	size_t		n;
	struct gateway	one[GATEWAYS_MOST];
};

/** gateway_is_mail(settings): it speaks SMTP; all others HTTP. */
bool gateway_is_mail(const struct gateway_settings *);

/** gateway_forget(): none are ready any more. */
void gateway_forget(void);

#endif
