#include "registrar/dialect.h"

#include "registrar/settings.h"

const char *const dialect_names[] = { "openldap", NULL };
static const struct dialect *const dialects[] = { &dialect_openldap };

const struct dialect *
dialect(void)
{
	return dialects[registrar.directory.dialect];
}
