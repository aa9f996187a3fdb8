#include <stdio.h>
#include <unistd.h>

#include "ctl/ask.h"
#include "ctl/command.h"

static void
print_words(const struct msg_status *s)
{
	char when[TIME_TEXT];

	printf("keeper     works since %s, %u flows kept, %u of them at work\n",
	    ask_time(s->since, "%Y-%m-%d %H:%M:%S", when), s->flows, s->errands);
	printf("registrar  %s: %u workers, %u busy, %u questions waiting\n",
	    s->registrar ? "works, and its directory answers" : "DOES NOT HELP: it is not there, "
	    "or its directory does not answer", s->workers, s->busy, s->queued);
	for (int what = 0; what < HALT__COUNT; what++)
		if ((s->halts & 1U << what) != 0)
			printf("HALTED     %s: when it may go on, latchkey resume %s\n",
			    word_halt[what], word_halt[what]);
	printf("courier    %s\n", s->courier ? "works" : "DOES NOT HELP: it is not there");
	if (s->store[0] == '\0')
		puts("store      works");
	else
		printf("store      DOES NOT HELP: the store cannot be written: %s\n", s->store);
}

static json_t *
halted(const struct msg_status *s)
{
	json_t *all = json_array();

	for (int what = 0; what < HALT__COUNT; what++)
		if ((s->halts & 1U << what) != 0)
			json_array_append_new(all, json_string(word_halt[what]));
	return all;
}

int
status_command(const struct call *call)
{
	struct msg m = { .type = MSG_STATUS, .id = 1 };
	const struct msg_status *s = &m.u.status;
	int fd = ask_open(call), r;

	if (fd == -1)
		return EXIT_NO;
	r = ask_send(fd, &m) == 0 && ask_hear(fd, &m) == 0 && m.type == MSG_STATUS_IS ? 0 : -1;
	close(fd);
	if (r == -1)
		return EXIT_NO;
	if (call->json)
		ask_print_json(json_pack("{s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:b,s:s}",
		    "registrar", s->registrar, "courier", s->courier,
		    "flows", (json_int_t)s->flows, "errands", (json_int_t)s->errands,
		    "workers", (json_int_t)s->workers, "busy", (json_int_t)s->busy,
		    "queued", (json_int_t)s->queued, "since", (json_int_t)s->since,
		    "halted", halted(s), "store", s->store[0] == '\0', "why", s->store));
	else
		print_words(s);
	return s->registrar && s->courier && s->halts == 0 && s->store[0] == '\0' ? EXIT_GOOD : EXIT_NO;
}
