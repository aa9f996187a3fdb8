/* The log: three forms, none of which a value can break out of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/log.h"

static const struct reference known = { { 0x99, 0xef, 0x41, 0x77, 0x8d } };

static char folder[] = "/tmp/latchkey-log-XXXXXX", path[64];
static int own_stderr, lines[2];	/* what the programs say on standard error */
static char said[8192];

static int
set_up(void **state)
{
	(void)state;
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/journal", folder);
	assert_int_equal(pipe(lines), 0);
	own_stderr = dup(STDERR_FILENO);
	dup2(lines[1], STDERR_FILENO);
	log_form(LOG_AUTO);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	log_about(NULL);
	dup2(own_stderr, STDERR_FILENO);
	close(own_stderr);
	close(lines[0]);
	close(lines[1]);
	unlink(path);
	return rmdir(folder);
}

/* All that was written to standard error since. */
static const char *
heard(void)
{
	ssize_t n = read(lines[0], said, sizeof said - 1);

	assert_true(n > 0);
	said[n] = '\0';
	return said;
}

/* Standard error is the journal, as the service manager says it. */
static void
under_journal(void)
{
	struct stat st;
	char is[64];

	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(is, sizeof is, "%llu:%llu", (unsigned long long)st.st_dev,
	    (unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", is, 1);
}

static int
journal_listen(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	memcpy(sun.sun_path, path, strlen(path));
	assert_int_equal(bind(fd, (struct sockaddr *)&sun, sizeof sun), 0);
	return fd;
}

static void
test_text(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_start("latchkeyd", false, path);
	log_debug("not asked for");
	log_info("%d left", 4);
	log_about(&known);
	log_event("code", "wrong", "code: wrong");
	log_about(NULL);
	log_warnx("over");
	assert_string_equal(heard(), "latchkeyd: 4 left\nlatchkeyd: [K7QM-2XWD] code: wrong\n"
	    "latchkeyd: over\n");
}

/* A line break, a terminal's escape, a C1 control, a change of direction, a broken byte. */
static void
test_no_value_breaks_out(void **state)
{
	static const char bad[] = "a\nb\x1b[2J\xc2\x9b" "c\xe2\x80\xae" "d\xff\xc3";
	static const char good[] = "a\\x0ab\\x1b[2J\\xc2\\x9bc\\xe2\\x80\\xaed\\xff\\xc3";
	char line[256];
	json_t *o;

	(void)state;
	unsetenv("JOURNAL_STREAM");
	log_start("latchkeyd", false, path);
	log_info("%s", bad);
	snprintf(line, sizeof line, "latchkeyd: %s\n", good);
	assert_string_equal(heard(), line);
	log_form(LOG_JSON);
	log_info("%s", bad);
	assert_non_null(o = json_loads(heard(), JSON_REJECT_DUPLICATES, NULL));
	assert_string_equal(json_string_value(json_object_get(o, "text")), good);
	json_decref(o);
}

static void
test_json(void **state)
{
	const char *program, *level, *reference, *event, *outcome, *text, *at;
	json_t *o;

	(void)state;
	log_start("latchkeyd", false, path);
	log_form(LOG_JSON);
	log_about(&known);
	log_event("code", "wrong", "\"quoted\" \\ and\ttabbed");
	assert_non_null(o = json_loads(heard(), JSON_REJECT_DUPLICATES, NULL));
	assert_int_equal(json_unpack(o, "{s:s,s:s,s:s,s:s,s:s,s:s,s:s !}", "at", &at, "level", &level,
	    "program", &program, "reference", &reference, "event", &event, "outcome", &outcome,
	    "text", &text), 0);
	assert_int_equal(strlen(at), strlen("2026-11-25T10:02:11.123Z"));
	assert_int_equal(at[strlen(at) - 1], 'Z');
	assert_string_equal(level, "info");
	assert_string_equal(program, "latchkeyd");
	assert_string_equal(reference, "K7QM-2XWD");
	assert_string_equal(event, "code");
	assert_string_equal(outcome, "wrong");
	assert_string_equal(text, "\"quoted\" \\ and\\x09tabbed");
	json_decref(o);
}

/* As long as it gets, of characters that take the most room: still one whole line. */
static void
test_longest(void **state)
{
	char longest[4000];
	json_t *o;

	(void)state;
	for (int quote = 0; quote < 2; quote++) {
		memset(longest, quote ? '"' : '\n', sizeof longest - 1);
		longest[sizeof longest - 1] = '\0';
		log_form(LOG_JSON);
		log_about(&known);
		log_info("%s", longest);
		assert_non_null(o = json_loads(heard(), 0, NULL));
		assert_true(json_string_length(json_object_get(o, "text")) > 1000);
		json_decref(o);
	}
}

static void
test_journal(void **state)
{
	char got[8192];
	ssize_t n;
	int fd;

	(void)state;
	under_journal();
	fd = journal_listen();
	log_start("latchkeyd", false, path);
	log_about(&known);
	log_event("code", "wrong", "code: %s", "wrong\nPRIORITY=0");
	n = recv(fd, got, sizeof got - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, "MESSAGE=code: wrong\\x0aPRIORITY=0\nPRIORITY=6\n"
	    "SYSLOG_IDENTIFIER=latchkeyd\nLATCHKEY_PROGRAM=latchkeyd\n"
	    "LATCHKEY_REFERENCE=K7QM-2XWD\nLATCHKEY_EVENT=code\nLATCHKEY_OUTCOME=wrong\n");
	/* It goes away: the line is told on standard error, with its level. */
	close(fd);
	unlink(path);
	log_warnx("alone");
	assert_string_equal(heard(), "<4>[K7QM-2XWD] alone\n");
	/* It comes back, as another socket. */
	fd = journal_listen();
	log_about(NULL);
	log_warnx("here");
	n = recv(fd, got, sizeof got - 1, MSG_DONTWAIT);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, "MESSAGE=here\nPRIORITY=4\nSYSLOG_IDENTIFIER=latchkeyd\n"
	    "LATCHKEY_PROGRAM=latchkeyd\n");
	/* Whoever asks for text gets text. */
	log_form(LOG_TEXT);
	log_info("text");
	assert_string_equal(heard(), "<6>text\n");
	close(fd);
}

/* JOURNAL_STREAM is inherited by who writes elsewhere, and then means nothing. */
static void
test_inherited_stream(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_start("latchkeyd", false, path);
	log_info("elsewhere");
	assert_string_equal(heard(), "latchkeyd: elsewhere\n");
	unsetenv("JOURNAL_STREAM");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_text), TEST(test_no_value_breaks_out), TEST(test_json), TEST(test_longest),
		TEST(test_inherited_stream), TEST(test_journal),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
