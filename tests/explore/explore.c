/*
 * explore [SCENE [CHOICES]]: the real keeper through every interleaving, see doc/DESIGN.
 * Without anything: all scenes, as a test.  With a scene: that one alone.  With choices,
 * such as "right find-ok crash": these, aloud.  LATCHKEY_DEPTH is how deep instead.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/log.h"
#include "explore/abreast.h"
#include "explore/search.h"

#define TO_CODE(who, opened) who opened " " who "right " who "find-ok " who "right " who "match-ok " \
	who "ways-ok sent-ok "
#define TO_PASSWORD(who, opened) TO_CODE(who, opened) who "right " who "rules-ok "

#define TO_SECOND(opened) TO_CODE("", opened) "right ways-ok sent-ok "

#define ALIKE .walks = ABREAST_KINDS, .abreast = true, .terms.second = true, .only = "open right wrong empty double stale " \
	"ahead nought leap mixed twice foreign show again again-mail old-riddle leave reply-all away-all lost-all sent-ok " \
	"courier-lost halt-sms halt-recover halt-all resume commit 2s 13s 61s 601s crash"

/*
 * The further in a scene begins, the less deep what is wrong there lies.  With --long each
 * goes one choice deeper, which takes six times as long.
 */
static const struct scene scenes[] = {
	{ "reset", 5, "", .without = "open-unlock open-any open-new" },
	{ "unlock", 4, "", .without = "open open-any open-new" },
	{ "any", 4, "", .without = "open open-unlock open-new" },
	{ "code", 3, TO_CODE("", "open") },
	{ "last-try", 3, TO_CODE("", "open") "wrong wrong wrong wrong" },
	{ "decoy", 3, "open right find-ok right match-no" },
	{ "password", 3, TO_PASSWORD("", "open") },
	{ "order", 3, TO_PASSWORD("", "open") "right judge-ok" },
	{ "unlocking", 3, TO_CODE("", "open-unlock") "right lost" },
	{ "new", 2, TO_PASSWORD("", "open-new") "right judge-ok" },
	{ "second-way", 3, TO_CODE("", "open") "right", .terms.second = true },
	{ "second", 3, TO_SECOND("open"), .terms.second = true },
	{ "second-last-try", 2, TO_SECOND("open") "wrong wrong wrong wrong", .terms.second = true },
	{ "second-unlock", 2, TO_SECOND("open-unlock") "right", .terms.second = true },
	/* Two flows of one person: the order of one is lost, that of the other carried out. */
	{ "two", 2, TO_PASSWORD("", "open") TO_PASSWORD("b:", "open")
	    "right judge-ok lost b:right b:judge-ok b:does", .walks = 2 },
	{ "priced", 3, "open right", .terms.priced = true },
	{ "priced-any", 2, "open-any right", .terms.priced = true },
	{ "last-riddle", 2, "open right wrong wrong wrong wrong wrong wrong wrong wrong wrong",
	    .terms.priced = true },
	{ "scarce", 2, TO_CODE("", "open") "61s again ways-ok sent-ok 61s", .terms.scarce = true },
	{ "scarce-two", 2, TO_PASSWORD("", "open") TO_PASSWORD("b:", "open")
	    "right judge-ok lost does b:right", .walks = 2, .terms.scarce = true },
	{ "scarce-unlock", 2, TO_CODE("", "open-unlock") TO_CODE("b:", "open-unlock")
	    "right lost does", .walks = 2, .terms.scarce = true },
	{ "halted", 2, "open right", .terms.halted = true },
	{ "halted-code", 2, TO_CODE("", "open"), .terms.halted = true },
	{ "halted-again", 2, TO_CODE("", "open") "61s again", .terms.halted = true },
	{ "halted-order", 2, TO_PASSWORD("", "open") "right judge-ok set-away", .terms.halted = true },
	{ "halted-unlock", 2, TO_CODE("", "open-unlock") "right unlock-away", .terms.halted = true },
	{ "alike", 4, "", ALIKE },
	{ "alike-priced", 2, "open right", ALIKE, .terms.priced = true },
	{ "alike-scarce", 2, "open right reply-all right reply-all reply-all sent-ok 61s again "
	    "reply-all sent-ok 61s", ALIKE, .terms.scarce = true },
	{ "alike-halted", 2, "open right reply-all", ALIKE, .terms.halted = true },
	{ "alike-proof", 3, "open right reply-all", ALIKE },
	{ "alike-code", 2, "open right reply-all right reply-all reply-all sent-ok", ALIKE },
};
enum { SCENES = sizeof scenes / sizeof scenes[0], DEEPER = 1 };

static unsigned long states, violations;

static double
seconds(void)
{
	struct rusage r;

	getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
	    (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6;
}

/* What watches every byte takes its time: a step less deep. */
static unsigned int
depth_of(const struct scene *scene)
{
	const char *asked = getenv("LATCHKEY_DEPTH");

	if (asked != NULL)
		return (unsigned int)strtoul(asked, NULL, 10);
	if (getenv("LATCHKEY_LONG") != NULL)
		return scene->depth + DEEPER;
#ifdef __SANITIZE_ADDRESS__
	return scene->depth - 1;
#else
	return scene->depth;
#endif
}

static void
test_scene(void **state)
{
	const struct scene *scene = *state;
	double began = seconds();
	unsigned int depth = depth_of(scene);
	struct found f = search(scene, depth);

	printf("%s, to a depth of %u: %lu states, %lu of them new, %lu choices, %.0f s\n", scene->name,
	    depth, f.states, f.new_states, f.moves, seconds() - began);
	states += f.new_states;
	violations += f.violations;
	assert_true(f.states > depth);
	assert_int_equal(f.violations, 0);
}

static int
run(const char *only)
{
	struct CMUnitTest tests[SCENES];
	size_t n = 0;
	int failed;

	for (size_t i = 0; i < SCENES; i++)
		if (only == NULL || strcmp(only, scenes[i].name) == 0)
			tests[n++] = (struct CMUnitTest){ .name = scenes[i].name,
			    .test_func = test_scene, .initial_state = (void *)(uintptr_t)&scenes[i] };
	failed = _cmocka_run_group_tests("explore", tests, n, NULL, NULL);
	printf("figure explored_states %lu states\nfigure explored_violations %lu violations\n", states,
	    violations);
	return n == 0 ? 2 : failed;
}

int
main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* Keepers come and go by the thousand: what one frees is for the next, not for the kernel. */
	mallopt(M_TRIM_THRESHOLD, 256 << 20);
	log_start("explore", false, "");
	log_quieten();
	if (argc < 3)
		return run(argc > 1 ? argv[1] : NULL);
	for (size_t i = 0; i < SCENES; i++)
		if (strcmp(argv[1], scenes[i].name) == 0)
			return search_play(&scenes[i], argv[2]) == 0 ? 0 : 1;
	fprintf(stderr, "explore: %s: there is no such scene\n", argv[1]);
	return 2;
}
