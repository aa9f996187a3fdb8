#include "registrar/dialect.h"

#include "registrar/settings.h"

const char *const dialect_names[] = { "openldap", "ad", NULL };
static const struct dialect *const dialects[] = { &dialect_openldap, &dialect_ad };

const struct dialect *
dialect(void)
{
	return dialects[registrar.directory.dialect];
}
