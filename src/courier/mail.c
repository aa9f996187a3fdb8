#include "courier/mail.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/finding.h"
#include "base/seal.h"
#include "base/text.h"
#include "wire/house.h"

/* ---- Headers ---------------------------------------------------------------------- */

enum { HEADER_LONGEST = 1000, LINE = 76, WORD_BYTES = 39 };	/* of UTF-8 in one encoded word: 52 letters, 12 around, "Subject: " */

/* All of it stands on one line as it is. */
static bool
is_bare(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			return false;
	/* What looks like an encoded word would be read as one. */
	return strlen(text) < LINE - 10 && strstr(text, "=?") == NULL;
}

/* Whole characters, so many as one encoded word takes. */
static size_t
piece(const char *text)
{
	size_t len = strlen(text);

	if (len <= WORD_BYTES)
		return len;
	for (len = WORD_BYTES; ((unsigned char)text[len] & 0xc0) == 0x80; len--)
		continue;
	return len;
}

/* RFC 2047: any text, in words of ASCII with a fold between each two. */
static int
add_encoded(char *out, size_t size, const char *text)
{
	unsigned char word[(WORD_BYTES + 2) / 3 * 4 + 1];
	size_t at = strlen(out), len;
	bool first = true;
	int n;

	for (; *text != '\0'; text += len, first = false) {
		len = piece(text);
		EVP_EncodeBlock(word, (const unsigned char *)text, (int)len);
		n = snprintf(out + at, size - at, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ",
		    (const char *)word);
		if (n < 0 || (size_t)n >= size - at)
			return -1;
		at += (size_t)n;
	}
	return 0;
}

static int
write_subject(char *out, size_t size, const char *subject)
{
	int n = snprintf(out, size, "Subject: %s", is_bare(subject) ? subject : "");

	if (n < 0 || (size_t)n >= size || !text_plain(subject))
		return -1;
	return is_bare(subject) ? 0 : add_encoded(out, size, subject);
}

/* A name that needs no encoding still has to stand between quotation marks. */
static int
write_from(char *out, size_t size, const char *name, const char *address)
{
	bool bare = is_bare(name) && strpbrk(name, "\"\\") == NULL;
	size_t len;
	int n = snprintf(out, size, "From: %s%s%s", bare ? "\"" : "", bare ? name : "", bare ? "\"" : "");

	if (n < 0 || (size_t)n >= size || (!bare && add_encoded(out, size, name) == -1))
		return -1;
	len = strlen(out);
	n = snprintf(out + len, size - len, "\r\n <%s>", address);
	return n < 0 || (size_t)n >= size - len ? -1 : 0;
}

/* In English whatever the locale, and of no place. */
static void
write_date(char *out, size_t size)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" },
	    months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	time_t now = (time_t)clock_now();
	struct tm tm = { 0 };

	gmtime_r(&now, &tm);
	snprintf(out, size, "Date: %s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Random, so that it tells nothing of this machine or of whose way it is. */
static void
write_message_id(char *out, size_t size, const char *host)
{
	unsigned char random[16];
	char hex[2 * sizeof random + 1];

	seal_random(random, sizeof random);
	text_hex(hex, random, sizeof random);
	snprintf(out, size, "Message-ID: <%s@%s>", hex, host);
}

static int
put(struct draft *d, const char *text)
{
	return template_fill(d, "{value}", (struct slot[]){ { "value", text }, { NULL, NULL } },
	    ESCAPE_NONE);
}

static int
put_header(struct draft *d, const char *header)
{
	return put(d, header) == -1 || put(d, "\r\n") == -1 ? -1 : 0;
}

static int
put_headers(struct draft *d, const struct gateway_settings *g, const struct letter *l)
{
	char from[HEADER_LONGEST], subject[HEADER_LONGEST], to[HEADER_LONGEST], date[64];
	char id[HEADER_LONGEST];

	if (write_from(from, sizeof from, house.organisation, g->sender) == -1 ||
	    write_subject(subject, sizeof subject, l->subject) == -1)
		return -1;
	snprintf(to, sizeof to, "To: <%.*s>", ADDRESS_LONGEST, l->to.text);
	write_date(date, sizeof date);
	write_message_id(id, sizeof id, address_host(g->sender));
	return put_header(d, from) == -1 || put_header(d, to) == -1 ||
	    put_header(d, subject) == -1 || put_header(d, date) == -1 || put_header(d, id) == -1 ||
	    /* Nobody's holiday is to answer. */
	    put_header(d, "Auto-Submitted: auto-generated") == -1 ||
	    put_header(d, "MIME-Version: 1.0") == -1 ? -1 : 0;
}

/* ---- Bodies ------------------------------------------------------------------------- */

/* RFC 2045, quoted-printable; a dot is encoded too, so that no line is one that ends a letter. */
static int
put_quoted(struct draft *d, const char *text)
{
	size_t column = 0;
	char one[8];

	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		bool bare = c > 0x20 && c < 0x7f && c != '=' && c != '.';

		if (c == '\n')
			snprintf(one, sizeof one, "\r\n");
		else if (bare || (c == ' ' && p[1] != '\n' && p[1] != '\0'))
			snprintf(one, sizeof one, "%c", c);
		else
			snprintf(one, sizeof one, "=%02X", (unsigned int)c);
		if (column + strlen(one) >= LINE && c != '\n') {
			if (put(d, "=\r\n") == -1)
				return -1;
			column = 0;
		}
		if (put(d, one) == -1)
			return -1;
		column = c == '\n' ? 0 : column + strlen(one);
	}
	return put(d, "\r\n");
}

/* The same words; no picture, no link, nothing that is fetched from anywhere. */
static int
write_html(struct draft *d, const struct letter *l)
{
	char part[SECRET_LONGEST + 1];
	const char *text = l->text.text, *end;
	int r = template_fill(d, "<!doctype html>\n<html lang=\"{lang}\">\n"
	    "<head><meta charset=\"utf-8\"><title>{subject}</title></head>\n"
	    "<body style=\"font:16px/1.5 sans-serif;max-width:36em\">\n",
	    (struct slot[]){ { "lang", l->lang }, { "subject", l->subject }, { NULL, NULL } },
	    ESCAPE_XML);

	for (; r == 0 && *text != '\0'; text = *end == '\0' ? end : end + 2) {
		end = strstr(text, "\n\n");
		end = end == NULL ? text + strlen(text) : end;
		snprintf(part, sizeof part, "%.*s", (int)(end - text), text);
		r = template_fill(d, "<p>{text}</p>\n",
		    (struct slot[]){ { "text", part }, { NULL, NULL } }, ESCAPE_XML);
	}
	explicit_bzero(part, sizeof part);
	return r == 0 ? put(d, "</body>\n</html>") : -1;
}

/* What can show HTML takes the last part. */
static int
put_bodies(struct draft *d, const struct letter *l)
{
	struct draft html = { .len = 0 };
	unsigned char random[12];
	char border[2 * sizeof random + 1];
	const struct slot slots[] = { { "border", border }, { NULL, NULL } };
	int r = -1;

	seal_random(random, sizeof random);
	text_hex(border, random, sizeof random);
	if (write_html(&html, l) == 0 &&
	    template_fill(d, "Content-Type: multipart/alternative; boundary=\"=_{border}\"\r\n\r\n"
	    "--=_{border}\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", slots, ESCAPE_NONE) == 0 &&
	    put_quoted(d, l->text.text) == 0 &&
	    template_fill(d, "--=_{border}\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", slots, ESCAPE_NONE) == 0 &&
	    put_quoted(d, html.text) == 0)
		r = template_fill(d, "--=_{border}--\r\n.\r\n", slots, ESCAPE_NONE);
	draft_wipe(&html);
	return r;
}

int
mail_write(struct mail *m, const struct gateway_settings *g, const struct letter *l)
{
	if (!address_is_mail(l->to.text) || !address_is_mail(g->sender))
		return -1;
	/* What stands behind the / is what we greet the server as: not this machine's name. */
	snprintf(m->url, sizeof m->url, "%s/%s", g->url, address_host(g->sender));
	snprintf(m->from, sizeof m->from, "MAIL FROM:<%s>\r\n", g->sender);
	snprintf(m->to, sizeof m->to, "RCPT TO:<%.*s>\r\n", ADDRESS_LONGEST, l->to.text);
	m->letter.len = 0;
	return put_headers(&m->letter, g, l) == -1 ? -1 : put_bodies(&m->letter, l);
}

void
mail_wipe(struct mail *m)
{
	draft_wipe(&m->letter);
	explicit_bzero(m->to, sizeof m->to);
}

/* ---- What is said with a server -------------------------------------------------------- */

const char *
mail_said(const struct mail *m, enum mail_stage stage)
{
	const char *const said[MAIL__COUNT] = {
		[MAIL_FROM] = m->from, [MAIL_TO] = m->to, [MAIL_DATA] = "DATA\r\n",
		[MAIL_LETTER] = m->letter.text,
	};

	return said[stage];
}

long
mail_reply(const char *data, size_t len)
{
	const char *line = data, *end;

	/* RFC 5321, 4.2.1: each line but the last has a hyphen behind the status. */
	for (; (end = memchr(line, '\n', len - (size_t)(line - data))) != NULL; line = end + 1) {
		if (end - line < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' ||
		    line[1] > '9' || line[2] < '0' || line[2] > '9')
			return -1;
		if (line[3] != '-')
			return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
	}
	return 0;
}

enum verdict
mail_judge(enum mail_stage stage, long status)
{
	enum { GO_AHEAD = 354 };

	if (status >= 400)
		return status >= 500 ? VERDICT_REJECTED : VERDICT_UNAVAILABLE;
	if (stage < MAIL__COUNT &&
	    (stage == MAIL_DATA ? status == GO_AHEAD : status >= 200 && status < 300))
		return VERDICT_OK;
	/* The letter was given away: whether it was kept, who knows. */
	return stage == MAIL_LETTER ? VERDICT_UNKNOWN : VERDICT_UNAVAILABLE;
}

/* ---- Mistakes ------------------------------------------------------------------------- */

static void
check_url(const char *url, const char *setting)
{
	const char *host = strstr(url, "://");

	if (strncmp(url, "smtps://", 8) != 0 && strncmp(url, "smtp://", 7) != 0)
		finding_fault(setting, "for mail it has to start with smtps:// or smtp://, such as "
		    "\"smtp://mail.example.nl:587\"");
	else if (host[3] == '\0' || strpbrk(host + 3, "/?#@{} ") != NULL)
		finding_fault(setting, "for mail it has to end after the host and port; for a "
		    "password there are user and secret_file");
}

/* What HTTP gateways are told by, and mail servers are not. */
static void
check_strangers(const struct gateway_settings *g, const char *setting)
{
	const struct { const char *name; bool set; } strangers[] = {
		{ "headers", g->n_headers > 0 }, { "body", g->body[0] != '\0' },
		{ "accept_body", g->accept_body[0] != '\0' }, { "proxy", g->proxy[0] != '\0' },
	};

	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
		if (strangers[i].set)
			finding_fault(setting, "%s has no meaning for a gateway of channel \"mail\": "
			    "leave it out", strangers[i].name);
}

void
mail_check(const struct gateway_settings *g, const char *setting)
{
	char name[128];

	snprintf(name, sizeof name, "%s.url", setting);
	check_url(g->url, name);
	snprintf(name, sizeof name, "%s.sender", setting);
	if (!address_is_mail(g->sender))
		finding_fault(name, "\"%s\" is no mail address: mail has to come from one, such as "
		    "\"recovery@example.nl\"", g->sender);
	check_strangers(g, setting);
	if (g->user[0] != '\0' && g->secret_file[0] == '\0')
		finding_fault(setting, "user is set, and secret_file is not: the file whose first "
		    "line is the password");
	if (g->user[0] == '\0' && g->secret_file[0] != '\0')
		finding_fault(setting, "secret_file is set, and user is not: the name to sign in with");
}
