#include "explore/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/state.h"

enum { VIOLATIONS_SHOWN = 5 };

struct node {
	uint64_t	hash;
	uint32_t	parent;
	struct move	move;
	unsigned char	depth;
};

/* ---- Sets of states ------------------------------------------------------------------ */

struct set {
	uint64_t	*slots;
	size_t		 size, used;
};

static struct set all;		/* of every scene so far */

static bool set_add(struct set *, uint64_t);

static void
set_grow(struct set *s)
{
	struct set old = *s;

	s->size = old.size == 0 ? 1024 : old.size * 2;
	s->used = 0;
	if ((s->slots = calloc(s->size, sizeof *s->slots)) == NULL)
		abort();
	for (size_t i = 0; i < old.size; i++)
		if (old.slots[i] != 0)
			set_add(s, old.slots[i]);
	free(old.slots);
}

/* True if it is new. */
static bool
set_add(struct set *s, uint64_t hash)
{
	size_t i;

	if (s->used * 2 >= s->size)
		set_grow(s);
	for (i = hash % s->size; s->slots[i] != 0; i = (i + 1) % s->size)
		if (s->slots[i] == hash)
			return false;
	s->slots[i] = hash;
	s->used++;
	return true;
}

/* ---- The tree of strings ---------------------------------------------------------------- */

struct tree {
	const struct scene	*scene;
	struct move		 begin[MOVES_MOST];
	unsigned int		 n_begin;
	struct node		*nodes;
	size_t			 n, room;
	struct set		 seen;
	struct found		 found;
};

static unsigned int
read_moves(const char *text, struct move *moves)
{
	char copy[1024], *rest = copy, *word;
	unsigned int n = 0;

	snprintf(copy, sizeof copy, "%s", text);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (*word == '\0')
			continue;
		if (n == MOVES_MOST || choice_read(word, &moves[n++]) == -1) {
			fprintf(stderr, "explore: %s: there is no such choice\n", word);
			exit(2);
		}
	}
	return n;
}

static void
add_node(struct tree *t, uint64_t hash, uint32_t parent, struct move move)
{
	if (!set_add(&t->seen, hash))
		return;
	if (t->n == t->room) {
		t->room = t->room == 0 ? 1024 : t->room * 2;
		if ((t->nodes = realloc(t->nodes, t->room * sizeof *t->nodes)) == NULL)
			abort();
	}
	t->nodes[t->n] = (struct node){ hash, parent, move,
	    (unsigned char)(t->n == 0 ? 0 : t->nodes[parent].depth + 1) };
	t->n++;
	t->found.new_states += set_add(&all, hash);
}

static unsigned int
people(const struct scene *scene)
{
	return scene->walks == 0 ? 1 : scene->walks;
}

static unsigned int
path_to(const struct tree *t, uint32_t node, struct move *path)
{
	unsigned int n = t->nodes[node].depth;

	for (unsigned int i = n; i-- > 0; node = t->nodes[node].parent)
		path[i] = t->nodes[node].move;
	return n;
}

static void
play(const struct tree *t, const struct move *path, unsigned int n, bool loud)
{
	world_begin(&(struct world){ .n_walks = people(t->scene), .abreast = t->scene->abreast,
	    .terms = t->scene->terms, .loud = loud });
	for (unsigned int i = 0; i < t->n_begin; i++)
		choice_make(t->begin[i]);
	for (unsigned int i = 0; i < n; i++)
		choice_make(path[i]);
}

/* To the state of a node, once more. */
static void
restore(const struct tree *t, uint32_t node)
{
	struct move path[MOVES_MOST] = { 0 };
	unsigned int n = path_to(t, node, path);

	world_end();
	play(t, path, n, false);
	if (state_hash() == t->nodes[node].hash)
		return;
	fprintf(stderr, "explore: the same choices lead to another state:");
	for (unsigned int i = 0; i < n; i++) {
		char text[32];

		choice_text(path[i], text, sizeof text);
		fprintf(stderr, " %s", text);
	}
	fprintf(stderr, "\n");
	abort();
}

/* ---- What is found ------------------------------------------------------------------------- */

static void
report(struct tree *t, uint32_t node, struct move last)
{
	struct move path[MOVES_MOST] = { 0 };
	unsigned int n = path_to(t, node, path);
	char text[32];

	if (t->found.violations++ >= VIOLATIONS_SHOWN)
		return;
	path[n++] = last;
	printf("\n%s, after %u: %s\n  explore %s \"", t->scene->name, n, world.broken, t->scene->name);
	for (unsigned int i = 0; i < n; i++) {
		choice_text(path[i], text, sizeof text);
		printf("%s%s", i > 0 ? " " : "", text);
	}
	printf("\"\n");
	if (t->found.violations > 1)
		return;
	world_end();
	play(t, path, n, true);
	fflush(stdout);
}

static bool
is_among(const char *names, const char *name)
{
	const char *at = names == NULL ? NULL : strstr(names, name);
	size_t len = strlen(name);

	for (; at != NULL; at = strstr(at + 1, name))
		if ((at == names || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static bool
left_out(const struct scene *scene, const char *name)
{
	return is_among(scene->without, name) || (scene->only != NULL && !is_among(scene->only, name));
}

static size_t
what_can_be(const struct scene *scene, struct move *moves)
{
	const struct choice *row;
	size_t n = 0;

	for (struct move m = { 0 }; (row = choice_row(m.choice)) != NULL; m.choice++) {
		if (left_out(scene, row->name))
			continue;
		for (m.walk = 0; m.walk < (scene->abreast ? 1 : people(scene)); m.walk++)
			for (int hold = 0; hold < 2; hold++) {
				m.hold = hold == 1;
				if (choice_can(m))
					moves[n++] = m;
			}
	}
	return n;
}

/* Each choice from there.  One that changes nothing needs no way back. */
static void
expand(struct tree *t, uint32_t node)
{
	struct move moves[512];
	size_t n;

	restore(t, node);
	n = what_can_be(t->scene, moves);
	for (size_t i = 0; i < n; i++) {
		uint64_t hash;

		choice_make(moves[i]);
		t->found.moves++;
		if (world.broken != NULL)
			report(t, node, moves[i]);
		else if ((hash = state_hash()) == t->nodes[node].hash)
			continue;
		else
			add_node(t, hash, node, moves[i]);
		if (i + 1 < n)
			restore(t, node);
	}
}

struct found
search(const struct scene *scene, unsigned int depth)
{
	struct tree t = { .scene = scene };

	t.n_begin = read_moves(scene->begin, t.begin);
	play(&t, NULL, 0, false);
	if (world.broken != NULL) {
		printf("%s: %s\n", scene->name, world.broken);
		t.found.violations = 1;
	}
	add_node(&t, state_hash(), 0, (struct move){ 0 });
	for (uint32_t i = 0; i < t.n && t.nodes[i].depth < depth && t.found.violations == 0; i++)
		expand(&t, i);
	world_end();
	t.found.states = t.n;
	free(t.nodes);
	free(t.seen.slots);
	return t.found;
}

int
search_play(const struct scene *scene, const char *text)
{
	struct tree t = { .scene = scene };
	struct move path[MOVES_MOST] = { 0 };
	unsigned int n = read_moves(text, path);

	t.n_begin = read_moves(scene->begin, t.begin);
	play(&t, path, n, true);
	world_end();
	return world.broken == NULL ? 0 : -1;
}
