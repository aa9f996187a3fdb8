#include "ctl/ask.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "base/text.h"
#include "wire/call.h"
#include "wire/house.h"

enum { PATIENCE = 30 };		/* seconds; registrar may have to look somebody up */

static void
tell_fault(void *ctx, int line, const char *setting, const char *text)
{
	char where[CONF_WHERE];

	conf_where(where, ctx, line, setting);
	log_warnx("%s: %s", where, text);
}

int
ask_house(const struct call *call)
{
	const struct conf_section sections[] = {
		{ .name = NULL, .table = house_settings, .out = &house },
		{ .name = "portal" }, { .name = "keeper" }, { .name = "registrar" },
		{ .name = "courier" },
		CONF_END,
	};

	return conf_read(call->config, sections, tell_fault,
	    (void *)(uintptr_t)call->config) == 0 ? 0 : -1;
}

static void
tell_connect(int error)
{
	char path[128];

	house_socket(ROLE_CTL, path, sizeof path);
	if (error == ENOENT || error == ECONNREFUSED)
		log_warnx("nobody listens at %s: start it with \"systemctl start latchkey.target\"",
		    path);
	else if (error == EACCES)
		log_warnx("this user may not speak to the keeper; be root, or see users.admin in "
		    "latchkey.conf(5)");
	else if (error == EPERM)
		log_warnx("who listens at %s is not the user that users.keeper names", path);
	else
		log_warnx("%s: %s", path, strerror(error));
}

int
ask_open(const struct call *call)
{
	struct timeval patience = { .tv_sec = PATIENCE };
	int fd;

	if (ask_house(call) == -1)
		return -1;
	if ((fd = call_connect(ROLE_CTL)) == -1) {
		tell_connect(errno);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (call_hello(fd, ROLE_CTL) == 0)
		return fd;
	close(fd);
	log_warnx("the keeper hung up: be root, or see users.admin in latchkey.conf(5)");
	return -1;
}

int
ask_send(int fd, const struct msg *m)
{
	if (call_send(fd, ROLE_CTL, m) == 0)
		return 0;
	log_warn("the keeper cannot be asked");
	return -1;
}

int
ask_hear(int fd, struct msg *m)
{
	int r = call_receive(fd, ROLE_KEEPER, ROLE_CTL, m);

	if (r == 1)
		return 0;
	if (r == 0)
		log_warnx("the keeper hung up");
	else if (errno == EAGAIN)
		log_warnx("the keeper has not answered in %d seconds", PATIENCE);
	else
		log_warn("the keeper was not understood");
	return -1;
}

int
ask_audit(int fd, struct msg_audit *ask, void (*each)(const struct msg_audit_row *, void *), void *ctx)
{
	struct msg m = { .type = MSG_AUDIT, .id = 1 };
	int rows = 0;

	m.u.audit = *ask;
	if (ask_send(fd, &m) == -1)
		return -1;
	for (;;) {
		if (ask_hear(fd, &m) == -1)
			return -1;
		if (m.type != MSG_AUDIT_ROW)
			break;
		each(&m.u.audit_row, ctx);
		ask->after = m.u.audit_row.number;
		rows++;
	}
	if (m.type == MSG_AUDIT_END && m.u.verdict == VERDICT_OK)
		return rows;
	log_warnx("the audit cannot be read%s: %s", ask->name[0] != '\0' ? " by that name" : "",
	    m.type == MSG_AUDIT_END ? ask_cause(m.u.verdict) : msg_name(m.type));
	return -1;
}

const char *
ask_cause(enum verdict v)
{
	return v == VERDICT_UNAVAILABLE ? "unavailable: see latchkey status, and latchkey check" :
	    word_verdict[v];
}

int
ask_about(const struct call *call, enum msg_type type, struct msg *m)
{
	int fd, r;

	if (call->argc == 0)
		return command_mistake("whom is it about?  A user name is missing");
	if (strlen(call->argv[0]) > NAME_LONGEST)
		return command_mistake("no name is longer than %d bytes", NAME_LONGEST);
	if ((fd = ask_open(call)) == -1)
		return EXIT_NO;
	*m = (struct msg){ .type = type, .id = 1 };
	snprintf(m->u.name.name, sizeof m->u.name.name, "%s", call->argv[0]);
	r = ask_send(fd, m) == 0 && ask_hear(fd, m) == 0 && m->type == msg_reply(type) ? EXIT_GOOD :
	    EXIT_NO;
	close(fd);
	return r;
}

static const struct {
	enum verdict	 verdict;
	const char	*words;
} standings[] = {
	{ VERDICT_OK, "can be helped, if they know their own number and date" },
	{ VERDICT_NOBODY, "is nobody that the directory knows here, or several people" },
	{ VERDICT_DISABLED, "is not helped: disabled or expired, or barred by the policy" },
	{ VERDICT_PROTECTED, "is not helped: an admin, or in a protected group" },
};

const char *
ask_standing(enum verdict v)
{
	for (size_t i = 0; i < sizeof standings / sizeof standings[0]; i++)
		if (standings[i].verdict == v)
			return standings[i].words;
	return NULL;
}

const char *
ask_time(int64_t at, const char *form, char out[TIME_TEXT])
{
	time_t t = (time_t)at;
	struct tm tm;

	out[0] = '\0';
	if ((form != NULL ? localtime_r(&t, &tm) : gmtime_r(&t, &tm)) != NULL)
		strftime(out, TIME_TEXT, form != NULL ? form : "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}

static json_t *
hex(const unsigned char *data, size_t len)
{
	char text[2 * HASH_SIZE + 1];

	text_hex(text, data, len);
	return json_string(text);
}

json_t *
ask_row_json(const struct msg_audit_row *r)
{
	char when[TIME_TEXT], reference[REFERENCE_TEXT];

	reference_text(&r->flow, reference);
	return json_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:s,s:I,s:o}", "number",
	    (json_int_t)r->number, "at", ask_time(r->at, NULL, when), "who", r->who, "what",
	    r->what, "outcome", r->outcome, "detail", r->detail, "addr", r->addr, "account",
	    hex(r->account, sizeof r->account), "flow", hex(r->flow.byte, sizeof r->flow.byte),
	    "reference", reference, "generation", (json_int_t)r->generation, "mac",
	    hex(r->mac, sizeof r->mac));
}

void
ask_print_json(json_t *object)
{
	if (object == NULL)
		fatalx("no memory, or text that is not UTF-8");
	/* ASCII alone: what people typed must not speak to the terminal. */
	json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(object);
}
