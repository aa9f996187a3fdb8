#include "explore/choice.h"

#include <stdio.h>
#include <string.h>

#include "explore/abreast.h"
#include "explore/choice_rows.h"

const struct choice *choice_made;

const struct choice *
choice_row(unsigned int i)
{
	static const struct choices *const all[] = { &choices_of_portal, &choices_of_registrar,
	    &choices_of_house };

	for (size_t t = 0; t < sizeof all / sizeof all[0]; i -= (unsigned int)all[t++]->n)
		if (i < all[t]->n)
			return &all[t]->rows[i];
	return NULL;
}

bool
choice_can(struct move m)
{
	const struct choice *c = choice_made = choice_row(m.choice);
	const struct walk *w = &world.walks[m.walk];

	if (m.walk >= world.n_walks || (c->house && m.walk > 0) || (m.hold && !c->holds))
		return false;
	return c->can == NULL ? w->heard : c->can(w);
}

void
choice_make(struct move m)
{
	const struct choice *c = choice_made = choice_row(m.choice);

	if (world.loud) {
		char text[32];

		choice_text(m, text, sizeof text);
		printf("%s\n", text);
	}
	if (world.abreast && !c->house)
		for (unsigned int i = 0; i < world.n_walks; i++)
			c->go(&world.walks[i]);
	else
		c->go(&world.walks[m.walk]);
	if (!c->settled)
		world_settle(m.hold);
	if (world.abreast)
		abreast_compare();
}

void
choice_text(struct move m, char *text, size_t size)
{
	snprintf(text, size, "%.*s%s%s", m.walk > 0 ? 2 : 0, (char[]){ (char)('a' + m.walk), ':', '\0' },
	    choice_row(m.choice)->name, m.hold ? "+" : "");
}

int
choice_read(const char *text, struct move *m)
{
	char same[32];

	for (m->choice = 0; choice_row(m->choice) != NULL; m->choice++)
		for (m->walk = 0; m->walk < WALKS_MOST; m->walk++)
			for (int hold = 0; hold < 2; hold++) {
				m->hold = hold == 1;
				choice_text(*m, same, sizeof same);
				if (strcmp(same, text) == 0)
					return 0;
			}
	return -1;
}
