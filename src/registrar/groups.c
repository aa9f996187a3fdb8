#include "registrar/groups.h"

#include "registrar/settings.h"
#include "wire/house.h"

_Static_assert((int)POLICIES_MOST <= (int)GROUPS_MOST, "each policy's group has its place");
_Static_assert(GROUPS_MOST <= 32, "each group has its bit");

const char *
groups_name(enum group_list list, size_t i)
{
	const struct directory *s = &registrar.directory;

	switch (list) {
	case GROUPS_PROTECTED:
		return i < s->n_protected_groups ? s->protected_groups[i] : NULL;
	case GROUPS_ALLOWED:
		return i < s->n_allowed_groups ? s->allowed_groups[i] : NULL;
	default:
		return i < house.n_policies ? house.policies[i].group : NULL;
	}
}

bool
groups_any(void)
{
	const char *name;

	for (int list = 0; list < GROUPS__COUNT; list++)
		for (size_t i = 0; (name = groups_name((enum group_list)list, i)) != NULL; i++)
			if (name[0] != '\0')
				return true;
	return false;
}
