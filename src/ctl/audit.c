#include <stdio.h>
#include <string.h>
#include <time.h>
#include <uniwidth.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "ctl/ask.h"
#include "ctl/command.h"

enum { PAGE = 500 };

/* Columns: a longer value moves those after it, and is never cut. */
enum { WIDTH_WHEN = 19, WIDTH_REFERENCE = 9, WIDTH_WHO = 24, WIDTH_WHAT = 10, WIDTH_OUTCOME = 12,
	WIDTH_ADDR = 15 };

/* ---- Dates -------------------------------------------------------------------------- */

/*
 * A day, or a day and a time, here where the admin is.  Return the seconds, or
 * -1.  With ${end} a day stands for its last moment: "until Friday" has all of
 * Friday in it.
 */
static int64_t
read_date(const char *text, bool end)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
	    "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S" };

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct tm tm = { .tm_isdst = -1 };
		const char *rest = strptime(text, forms[i], &tm);
		int day = tm.tm_mday;
		time_t t;

		if (rest == NULL || *rest != '\0')
			continue;
		/* A 31st of February would become a day in March. */
		if ((t = mktime(&tm)) <= 0 || tm.tm_mday != day)
			return -1;
		if (!end || i > 0)
			return t;
		tm = (struct tm){ .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = day + 1,
		    .tm_isdst = -1 };
		return mktime(&tm);
	}
	return -1;
}

static int
set_dates(struct msg_audit *a, const struct call *call)
{
	if (call->from != NULL && (a->from = read_date(call->from, false)) == -1)
		return command_mistake("\"%s\" is no date; right is: --from=2026-07-31, or "
		    "--from=\"2026-07-31 14:00\"", call->from);
	if (call->until != NULL && (a->until = read_date(call->until, true)) == -1)
		return command_mistake("\"%s\" is no date; right is: --until=2026-07-31, or "
		    "--until=\"2026-07-31 14:00\"", call->until);
	if (a->until != 0 && a->until <= a->from)
		return command_mistake("--until is not after --from");
	return EXIT_GOOD;
}

/* ---- Rows ------------------------------------------------------------------------------ */

/* What people typed may hold anything, and must not speak to the terminal. */
static void
print_cell(const char *text, int width)
{
	char safe[4 * NAME_LONGEST + 1];
	int used;

	text_harmless(safe, sizeof safe, text);
	used = u8_strwidth((const uint8_t *)safe, "UTF-8");
	printf("%s%*s", safe, width > used ? width - used + 2 : 2, "");
}

static void
print_row(const struct msg_audit_row *r, void *ctx)
{
	char when[TIME_TEXT], reference[REFERENCE_TEXT], detail[4 * sizeof r->detail];
	bool on_way = reference_given(&r->flow);

	(void)ctx;
	reference_text(&r->flow, reference);
	print_cell(ask_time(r->at, "%Y-%m-%d %H:%M:%S", when), WIDTH_WHEN);
	/* What an admin did is on nobody's way. */
	print_cell(on_way ? reference : "-", WIDTH_REFERENCE);
	print_cell(r->who[0] != '\0' ? r->who : on_way ? "(erased)" : "-", WIDTH_WHO);
	print_cell(r->what, WIDTH_WHAT);
	print_cell(r->outcome, WIDTH_OUTCOME);
	print_cell(r->addr[0] != '\0' ? r->addr : "-", r->detail[0] != '\0' ? WIDTH_ADDR : 0);
	text_harmless(detail, sizeof detail, r->detail);
	puts(detail);
}

static void
print_head(void)
{
	print_cell("WHEN", WIDTH_WHEN);
	print_cell("REFERENCE", WIDTH_REFERENCE);
	print_cell("WHO", WIDTH_WHO);
	print_cell("WHAT", WIDTH_WHAT);
	print_cell("OUTCOME", WIDTH_OUTCOME);
	print_cell("FROM WHERE", WIDTH_ADDR);
	puts("DETAIL");
}

static void
print_row_json(const struct msg_audit_row *r, void *ctx)
{
	(void)ctx;
	ask_print_json(ask_row_json(r));
}

int
audit_command(const struct call *call)
{
	struct msg_audit ask = { .most = PAGE };
	int fd, rows, r;

	if ((r = set_dates(&ask, call)) != EXIT_GOOD)
		return r;
	if (call->argc > 0 && (strlen(call->argv[0]) > NAME_LONGEST || !text_plain(call->argv[0])))
		return command_mistake("no user name is longer than %d bytes, or holds control "
		    "characters", NAME_LONGEST);
	if (call->what != NULL && (strlen(call->what) > AUDIT_WORD || !text_plain(call->what)))
		return command_mistake("\"%s\" is no kind of row; right is, for one: --what=reset",
		    call->what);
	if (call->what != NULL)
		snprintf(ask.what, sizeof ask.what, "%s", call->what);
	if (call->argc > 0)
		snprintf(ask.name, sizeof ask.name, "%s", call->argv[0]);
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	if (!call->json)
		print_head();
	while ((rows = ask_audit(fd, &ask, call->json ? print_row_json : print_row, NULL)) > 0)
		continue;
	close(fd);
	return rows == 0 ? EXIT_GOOD : EXIT_NO;
}
