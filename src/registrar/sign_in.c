#include "registrar/sign_in.h"

#include <stddef.h>
#include <strings.h>

static const struct sign_in ways[] = {
	{ .mechanism = "simple", .simple = true, .password = true },
	{ .mechanism = "GSSAPI", .kerberos = true, .seals = true },
	{ .mechanism = "GSS-SPNEGO", .kerberos = true, .seals = true },
	{ .mechanism = "EXTERNAL" },
	{ .mechanism = NULL, .password = true },	/* SCRAM-SHA-256 and the like */
};

const struct sign_in *
sign_in(const struct directory *s)
{
	const struct sign_in *way = ways;

	while (way->mechanism != NULL && strcasecmp(way->mechanism, s->mechanism) != 0)
		way++;
	return way;
}

const char *
sign_in_who(const struct directory *s)
{
	return s->bind_dn[0] != '\0' ? s->bind_dn : "the service account";
}
