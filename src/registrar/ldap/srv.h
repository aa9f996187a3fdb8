/*
 * srv.h - servers of a service, as the DNS names them (RFC 2782).
 */
#ifndef REGISTRAR_SRV_H
#define REGISTRAR_SRV_H

#include <stddef.h>

struct srv {
	unsigned int	priority, weight, port;
	char		host[256];
};

/**
 * srv_look_up(name, records, most):
 * Return how many there are, in the order to try them; -1 if no name server answers.
 */
int srv_look_up(const char *name, struct srv *, size_t most);

/** srv_read(answer, len, records, most): those in an answer of the DNS, as they come. */
size_t srv_read(const unsigned char *answer, size_t len, struct srv *, size_t most);

/**
 * srv_order(records, n, draw):
 * The smallest priority first; among equals by lot, the heavier the sooner.
 * ${draw}(most) gives a number from 0 to ${most}.
 */
void srv_order(struct srv *, size_t n, unsigned int (*draw)(unsigned int most));

#endif
