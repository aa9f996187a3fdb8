#include "registrar/policy.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "wire/house.h"

/* Where each policy's people stand, as the server spells it. */
static char places[POLICIES_MOST][DN_LONGEST + 1];

enum verdict
policy_ready(struct dir *d)
{
	struct dir_entry *e;

	for (size_t i = 0; i < house.n_policies; i++) {
		const char *below = house.policies[i].below;

		if (below[0] == '\0')
			continue;
		if (dir_read(d, below, dir_no_attributes, &e) != DIR_OK) {
			log_warnx("the entry %s of the policy \"%s\" cannot be read, so nobody is helped",
			    below, house.policies[i].name);
			return VERDICT_UNAVAILABLE;
		}
		snprintf(places[i], sizeof places[i], "%s", dir_dn(e));
		dir_entry_free(e);
	}
	return VERDICT_OK;
}

static enum fit
fit(bool asked, bool good)
{
	return !asked ? FIT_ANY : good ? FIT_YES : FIT_NO;
}

static enum fit
fit_group(const struct account *a, size_t i)
{
	return fit(house.policies[i].group[0] != '\0', (a->groups[GROUPS_POLICY] & 1U << i) != 0);
}

static enum fit
fit_place(const struct account *a, size_t i)
{
	return fit(house.policies[i].below[0] != '\0', dir_dn_below(a->dn, places[i]));
}

const struct policy *
policy_of(const struct account *a)
{
	for (size_t i = 0; i < house.n_policies; i++)
		if (fit_group(a, i) != FIT_NO && fit_place(a, i) != FIT_NO)
			return &house.policies[i];
	return NULL;
}

void
policy_explain(const struct account *a, struct msg_explained *out)
{
	for (size_t i = 0; i < house.n_policies && !out->fits; i++) {
		const struct policy *p = &house.policies[i];

		memcpy(out->rows[i].name, p->name, sizeof out->rows[i].name);
		out->rows[i].group = fit_group(a, i);
		out->rows[i].below = fit_place(a, i);
		out->n_rows++;
		out->fits = out->rows[i].group != FIT_NO && out->rows[i].below != FIT_NO;
		out->second = out->fits ? p->second : 0;
	}
}
