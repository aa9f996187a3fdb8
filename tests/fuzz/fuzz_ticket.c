/* A ticket: nothing opens but what was sealed, and nothing sealed is trusted unread. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/seal.h"
#include "fuzz.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"

enum { HEAD = 5 };	/* version and key id, see ticket.c */

static struct key key;
static struct ticket genuine;

static void
start(void)
{
	static const struct bearer anna = { .level = LEVEL_FOUND, .id = "12ef7676-7997" };
	char why[512], digits[64], *path = registrar.ticket_keys[0];

	memset(digits, '7', sizeof digits);
	fuzz_write("key", digits, sizeof digits);
	snprintf(path, sizeof registrar.ticket_keys[0], "%s/key", fuzz_folder());
	registrar.n_ticket_keys = 1;
	snprintf(registrar.account_key, sizeof registrar.account_key, "%s", path);
	MUST(ticket_load(why, sizeof why) == 0 && key_load(&key, path, why, sizeof why) == 0);
	ticket_seal(&genuine, &anna);
}

static void
check_refused(const struct ticket *t)
{
	struct bearer who;

	MUST(ticket_open(t, LEVEL_NONE, &who) == -1);
}

/* As it comes, and over each part of a genuine one. */
static void
check_forged(const uint8_t *data, size_t size)
{
	struct ticket t = { .len = size < TICKET_LONGEST ? size : TICKET_LONGEST };

	memcpy(t.data, data, t.len);
	check_refused(&t);
	for (size_t at = 0; at < genuine.len; at += HEAD) {
		size_t len = size < genuine.len - at ? size : genuine.len - at;

		t = genuine;
		memcpy(t.data + at, data, len);
		if (memcmp(t.data, genuine.data, genuine.len) != 0)
			check_refused(&t);
		t = genuine;
		t.len = at;
		check_refused(&t);
	}
}

/* Sealed with the right key, by a registrar that is not this one. */
static void
check_inside(const uint8_t *data, size_t size)
{
	struct ticket t;
	struct bearer who;
	size_t room = sizeof t.data - HEAD - SEAL_EXTRA;

	memcpy(t.data, genuine.data, HEAD);
	t.len = HEAD + seal_close(&key, (struct piece){ genuine.data, HEAD }, data,
	    size < room ? size : room, t.data + HEAD, sizeof t.data - HEAD);
	if (ticket_open(&t, LEVEL_FOUND, &who) == -1)
		return;
	MUST(who.level == LEVEL_FOUND || who.level == LEVEL_MATCHED);
	MUST(memchr(who.id, '\0', sizeof who.id) != NULL);
	MUST(ticket_open(&t, LEVEL_MATCHED, &who) == (who.level == LEVEL_MATCHED ? 0 : -1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bearer who;
	static bool started;

	if (!started)
		start();
	started = true;
	if (size == 0)
		return 0;
	check_forged(data, size);
	check_inside(data, size);
	/* A long run outlives the ticket; then nothing above could ever fail. */
	if (ticket_open(&genuine, LEVEL_FOUND, &who) == -1)
		ticket_seal(&genuine, &(struct bearer){ .level = LEVEL_FOUND, .id = "anna" });
	MUST(ticket_open(&genuine, LEVEL_FOUND, &who) == 0);
	return 0;
}
