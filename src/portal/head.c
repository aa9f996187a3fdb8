#include "portal/head.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

enum { LINES_MOST = 64 };

/*
 * What a second line of the same name means.  REFUSE: nobody can say which one
 * counts.  LAST: proxies may add a line of their own below what came from outside.
 */
enum second { REFUSE, FIRST, LAST };

static const struct known {
	const char	*name;
	enum second	 second;
} known[HEADER__COUNT] = {
	[HEADER_HOST]		  = { "host", REFUSE },
	[HEADER_CONTENT_LENGTH]	  = { "content-length", REFUSE },
	[HEADER_CONTENT_TYPE]	  = { "content-type", REFUSE },
	[HEADER_CONNECTION]	  = { "connection", REFUSE },
	[HEADER_EXPECT]		  = { "expect", REFUSE },
	[HEADER_COOKIE]		  = { "cookie", REFUSE },
	[HEADER_ACCEPT_LANGUAGE]  = { "accept-language", FIRST },
	[HEADER_IF_NONE_MATCH]	  = { "if-none-match", FIRST },
	[HEADER_SEC_FETCH_SITE]	  = { "sec-fetch-site", REFUSE },
	[HEADER_FORWARDED_FOR]	  = { "x-forwarded-for", LAST },
};

static bool
is_token(const char *text)
{
	const char *p = text;

	for (; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
			return false;
	return p != text;
}

/*
 * Cut off the line that begins at ${*at}; NULL if it does not end with CRLF, or
 * holds another control character than a tab.
 */
static char *
cut_line(char **at)
{
	char *line = *at, *p = line;

	while (*p == '\t' || ((unsigned char)*p >= 0x20 && *p != 0x7f))
		p++;
	if (p[0] != '\r' || p[1] != '\n')
		return NULL;
	*p = '\0';
	*at = p + 2;
	return line;
}

/* Only what an URL may hold, written out: no blank, no 8-bit, no fragment. */
static bool
is_target(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("#\"<>\\^`{|}", *p) != NULL)
			return false;
	return true;
}

/* A server must take the absolute form too, RFC 9112 section 3.2.2. */
static char *
strip_origin(char *target)
{
	char *slash;

	if (strncasecmp(target, "http://", 7) == 0)
		target += 7;
	else if (strncasecmp(target, "https://", 8) == 0)
		target += 8;
	else
		return target;
	if (*target == '/' || *target == '?' || *target == '\0')
		return NULL;
	if ((slash = strpbrk(target, "/?")) == NULL || *slash == '?')
		return NULL;
	return slash;
}

static int
parse_target(struct head *h, char *target)
{
	char *mark;

	if (!is_target(target) || (target = strip_origin(target)) == NULL || *target != '/')
		return 400;
	if ((mark = strchr(target, '?')) != NULL)
		*mark++ = '\0';
	h->path = target;
	h->query = mark != NULL ? mark : "";
	return 0;
}

static int
parse_request_line(struct head *h, char *line)
{
	static const char *const methods[] = { "GET", "HEAD", "POST" };
	char *target = strchr(line, ' '), *version;

	if (target == NULL)
		return 400;
	*target++ = '\0';
	if (!is_token(line) || (version = strchr(target, ' ')) == NULL)
		return 400;
	*version++ = '\0';
	if (strcmp(version, "HTTP/1.1") == 0)
		h->keep_alive = true;
	else if (strcmp(version, "HTTP/1.0") != 0)
		return strncmp(version, "HTTP/", 5) == 0 && isdigit((unsigned char)version[5]) &&
		    version[6] == '.' && isdigit((unsigned char)version[7]) && version[8] == '\0' ?
		    505 : 400;
	h->method = METHOD_OTHER;
	for (int i = METHOD_GET; i <= METHOD_POST; i++)
		if (strcmp(line, methods[i]) == 0)
			h->method = (enum method)i;
	return parse_target(h, target);
}

static int
parse_line(struct head *h, char *line)
{
	char *value = strchr(line, ':'), *end;

	if (value == NULL)
		return 400;
	*value++ = '\0';
	if (!is_token(line))		/* also a folded line, and a blank before the colon */
		return 400;
	value += strspn(value, " \t");
	for (end = value + strlen(value); end > value && strchr(" \t", end[-1]) != NULL; end--)
		end[-1] = '\0';
	if (strcasecmp(line, "transfer-encoding") == 0)
		return 400;
	for (size_t i = 0; i < HEADER__COUNT; i++) {
		if (strcasecmp(line, known[i].name) != 0)
			continue;
		if (h->value[i] != NULL && known[i].second == REFUSE)
			return 400;
		if (h->value[i] == NULL || known[i].second == LAST)
			h->value[i] = value;
	}
	return 0;
}

/* Letters, digits and what names, addresses and ports are written with. */
static bool
is_host(const char *text)
{
	const char *p = text;

	for (; *p != '\0'; p++)
		if (!isalnum((unsigned char)*p) && strchr("-._~:[]%", *p) == NULL)
			return false;
	return p != text;
}

static int
parse_length(struct head *h)
{
	const char *text = h->value[HEADER_CONTENT_LENGTH];

	if (text == NULL)
		return h->method == METHOD_POST ? 411 : 0;
	if (*text == '\0')
		return 400;
	for (const char *p = text; *p != '\0'; p++) {
		if (!isdigit((unsigned char)*p))
			return 400;
		if (h->body <= BODY_LONGEST)
			h->body = h->body * 10 + (size_t)(*p - '0');
	}
	if (h->body > BODY_LONGEST)
		return 413;
	/* A body with a GET means nothing: it is only ever sent to confuse. */
	return h->body > 0 && h->method != METHOD_POST ? 400 : 0;
}

static int
settle(struct head *h)
{
	const char *connection = h->value[HEADER_CONNECTION], *expect = h->value[HEADER_EXPECT];

	if (h->value[HEADER_HOST] == NULL || !is_host(h->value[HEADER_HOST]))
		return 400;
	if (connection != NULL && strcasestr(connection, "close") != NULL)
		h->keep_alive = false;
	if (expect != NULL && strcasecmp(expect, "100-continue") != 0)
		return 417;
	return parse_length(h);
}

int
head_parse(struct head *h, char *data, size_t len)
{
	char *at = data, *end = data + len - 2, *line;
	int r;

	memset(h, 0, sizeof *h);
	if (len < 4 || memcmp(data + len - 4, "\r\n\r\n", 4) != 0)
		return 400;
	if ((line = cut_line(&at)) == NULL || (r = parse_request_line(h, line)) != 0)
		return line == NULL ? 400 : r;
	for (int n = 0; at < end; n++) {
		if (n == LINES_MOST)
			return 431;
		if ((line = cut_line(&at)) == NULL)
			return 400;
		if ((r = parse_line(h, line)) != 0)
			return r;
	}
	return settle(h);
}

bool
head_is_type(const struct head *h, const char *type)
{
	const char *said = h->value[HEADER_CONTENT_TYPE];
	size_t len = strlen(type);

	/* "; charset=utf-8" may stand behind it. */
	return said != NULL && strncasecmp(said, type, len) == 0 &&
	    strchr("; \t", said[len]) != NULL;
}
