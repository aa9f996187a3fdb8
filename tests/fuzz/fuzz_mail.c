/*
 * A mail: address, organisation, subject and text, a line each but for the text.  What is
 * written holds these headers once each, in the address's and the subject's place nothing
 * but them, lines that mail may have, and one dot: at its end.  And a server's answer.
 */
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/text.h"
#include "courier/mail.h"
#include "fuzz.h"
#include "wire/house.h"

static const char *const headers[] = {
	"From: ", "To: ", "Subject: ", "Date: ", "Message-ID: ", "Auto-Submitted: ",
	"MIME-Version: ", "Content-Type: ",
};
enum { HEADERS = sizeof headers / sizeof headers[0] };

static const struct gateway_settings gateway = {
	.channel = CHANNEL_MAIL, .url = "smtps://mail.linde.nl", .sender = "herstel@linde.nl",
};

/* The next of those lines, moved past; its end is cut off. */
static char *
next_line(char **at)
{
	char *line = *at;

	*at += strcspn(line, "\n");
	if (**at != '\0')
		*(*at)++ = '\0';
	return line;
}

static void
check_lines(const struct draft *d)
{
	for (const char *p = d->text, *end; *p != '\0'; p = end + 2) {
		MUST((end = strstr(p, "\r\n")) != NULL && end - p <= 998);
		for (const char *c = p; c < end; c++)
			MUST(*c >= 0x20 && *c < 0x7f);
		MUST(*p != '.' || (end == p + 1 && end[2] == '\0'));
	}
}

static void
check_headers(const struct draft *d)
{
	const char *p = d->text, *end;
	size_t n = 0;

	for (; strncmp(p, "\r\n", 2) != 0; p = end + 2) {
		MUST((end = strstr(p, "\r\n")) != NULL);
		if (*p == ' ')
			continue;
		MUST(n < HEADERS && strncmp(p, headers[n], strlen(headers[n])) == 0);
		n++;
	}
	MUST(n == HEADERS);
}

static void
check_reply(const uint8_t *data, size_t size)
{
	long status = mail_reply((const char *)data, size);

	MUST(status == -1 || status == 0 || (status >= 200 && status < 600));
	for (int stage = 0; stage <= MAIL__COUNT; stage++) {
		enum verdict v = mail_judge((enum mail_stage)stage, status > 0 ? status : 0);

		/* What the server refused, or has not heard, was not kept by it. */
		MUST(v != VERDICT_OK || (status >= 200 && status < 400));
		MUST(v != VERDICT_UNKNOWN || stage == MAIL_LETTER);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct letter l;
	static struct mail m;
	static char copy[4096];
	char *at = copy, *to, *name, *subject;

	if (size >= sizeof copy)
		return 0;
	check_reply(data, size);
	memcpy(copy, data, size);
	copy[size] = '\0';
	to = next_line(&at);
	name = next_line(&at);
	subject = next_line(&at);
	/* The settings and the catalogues have nothing else. */
	if (strlen(name) >= sizeof house.organisation || !text_plain(name) || name[0] == '\0' ||
	    strlen(subject) >= sizeof l.subject || !text_utf8(at, strlen(at)) ||
	    secret_set(&l.to, to, strlen(to)) == -1 || secret_set(&l.text, at, strlen(at)) == -1)
		return 0;
	strcpy(house.organisation, name);
	strcpy(l.subject, subject);
	strcpy(l.lang, "nl");
	if (mail_write(&m, &gateway, &l) == 0) {
		MUST(address_is_mail(to) && text_plain(subject));
		MUST(strstr(m.to, to) != NULL && strlen(m.to) == strlen(to) + 12);
		check_lines(&m.letter);
		check_headers(&m.letter);
	}
	mail_wipe(&m);
	return 0;
}
