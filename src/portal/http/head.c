#include "portal/http/head.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINES_MOST = 64 };

/* What a second line of the same name means.  REFUSE: nobody can say which one counts. */
enum second { REFUSE, FIRST };

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
	[HEADER_ACCEPT_ENCODING]  = { "accept-encoding", FIRST },
	[HEADER_IF_NONE_MATCH]	  = { "if-none-match", FIRST },
	[HEADER_SEC_FETCH_SITE]	  = { "sec-fetch-site", REFUSE },
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

enum head_part
head_scan(struct head_scan *s, const char *data, size_t len)
{
	for (const char *p = data; p < data + len; p++) {
		unsigned char c = (unsigned char)*p;

		s->seen++;
		/* A CR and a LF are only ever together. */
		if (s->cr != (c == '\n') ||
		    (c < ' ' && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
			return HEAD_ODD;
		if (c == '\n' && !s->begun)
			return s->seen > 2 ? HEAD_WHOLE : HEAD_ODD;
		s->cr = c == '\r';
		if (c != '\r')
			s->begun = c != '\n';
	}
	return HEAD_MORE;
}

/* Cut off the line that begins at ${*at}. */
static char *
cut_line(char **at)
{
	char *line = *at, *end = strchr(line, '\r');

	*end = '\0';
	*at = end + 2;
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

/* An escape of a letter or the like: none that makes another path for who undoes it, or an end. */
static bool
is_escape(const char *text)
{
	char digits[3] = { 0 };
	long c;

	if (!isxdigit((unsigned char)text[1]) || !isxdigit((unsigned char)text[2]))
		return false;
	memcpy(digits, text + 1, 2);
	c = strtol(digits, NULL, 16);
	return c >= ' ' && c != 0x7f && strchr("./\\%", (int)c) == NULL;
}

/* No parts that one reader folds away, and another looks for. */
static bool
is_path(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		size_t dots = *p == '/' ? strspn(p + 1, ".") : 0;

		if (*p == '%' && !is_escape(p))
			return false;
		if (*p == '/' && (p[1] == '/' || ((dots == 1 || dots == 2) &&
		    (p[1 + dots] == '/' || p[1 + dots] == '\0'))))
			return false;
	}
	return *text == '/';
}

/*
 * A server must take the absolute form too, RFC 9112 section 3.2.2.  Return where the
 * path begins; the host moves a place to the left, which makes room for its end.
 */
static char *
strip_origin(struct head *h, char *target)
{
	char *slash;

	if (strncasecmp(target, "http://", 7) == 0)
		target += 7;
	else if (strncasecmp(target, "https://", 8) == 0)
		target += 8;
	else
		return target;
	if ((slash = strpbrk(target, "/?")) == NULL || *slash == '?')
		return NULL;
	memmove(target - 1, target, (size_t)(slash - target));
	slash[-1] = '\0';
	h->origin = target - 1;
	return slash;
}

static int
parse_target(struct head *h, char *target)
{
	char *mark;

	if (!is_target(target) || (target = strip_origin(h, target)) == NULL)
		return 400;
	if ((mark = strchr(target, '?')) != NULL)
		*mark++ = '\0';
	if (!is_path(target))
		return 400;
	h->path = target;
	h->query = mark != NULL ? mark : "";
	return 0;
}

static int
parse_version(struct head *h, const char *text)
{
	if (strncmp(text, "HTTP/", 5) != 0 || !isdigit((unsigned char)text[5]) || text[6] != '.' ||
	    !isdigit((unsigned char)text[7]) || text[8] != '\0')
		return 400;
	h->keep_alive = strcmp(text, "HTTP/1.1") == 0;
	return h->keep_alive || strcmp(text, "HTTP/1.0") == 0 ? 0 : 505;
}

static int
parse_request_line(struct head *h, char *line)
{
	static const char *const methods[METHOD__COUNT] = {
		[METHOD_GET] = "GET", [METHOD_HEAD] = "HEAD", [METHOD_POST] = "POST",
	};
	char *target = strchr(line, ' '), *version;
	int r;

	if (target == NULL)
		return 400;
	*target++ = '\0';
	if (!is_token(line) || (version = strchr(target, ' ')) == NULL)
		return 400;
	*version++ = '\0';
	if ((r = parse_version(h, version)) != 0)
		return r;
	while (h->method < METHOD__COUNT && strcmp(line, methods[h->method]) != 0)
		h->method++;
	/* CONNECT, for one, would turn the connection into something else. */
	return h->method == METHOD__COUNT ? 501 : parse_target(h, target);
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && (unsigned char)*text < 0x80)
		text++;
	return *text == '\0';
}

static int
keep_line(struct head *h, enum header name, const char *value)
{
	if (h->value[name] != NULL && known[name].second == REFUSE)
		return 400;
	if (h->value[name] == NULL)
		h->value[name] = value;
	return 0;
}

static int
keep_forwarded(struct forwarded *f, const char *value)
{
	if (f->n == FORWARDED_MOST)
		return 431;
	f->value[f->n++] = value;
	return 0;
}

static int
parse_line(struct head *h, char *line)
{
	char *value = strchr(line, ':');
	int name = 0;

	if (value == NULL)
		return 400;
	*value++ = '\0';
	if (!is_token(line))		/* also a folded line, and a blank before the colon */
		return 400;
	/* More blanks than this one may be there, but who writes them tries something. */
	value += *value == ' ';
	/* Either of them would make something else of what follows the head. */
	if (strcasecmp(line, "transfer-encoding") == 0 || strcasecmp(line, "upgrade") == 0)
		return 400;
	while (name < HEADER__COUNT && strcasecmp(line, known[name].name) != 0)
		name++;
	if (name != HEADER_COOKIE && !is_ascii(value))
		return 400;
	if (strcasecmp(line, "x-forwarded-for") == 0)
		return keep_forwarded(&h->forwarded, value);
	return name < HEADER__COUNT ? keep_line(h, (enum header)name, value) : 0;
}

/* A name, an IPv4 address, or an IPv6 one in brackets; then perhaps a port. */
static bool
is_host(const char *text)
{
	size_t len;

	if (*text == '[') {
		len = 1 + strspn(text + 1, "0123456789abcdefABCDEF:.");
		if (len == 1 || text[len++] != ']')
			return false;
	} else {
		for (len = 0; isalnum((unsigned char)text[len]) || (text[len] != '\0' &&
		    strchr("-._~", text[len]) != NULL); len++)
			;
		if (len == 0)
			return false;
	}
	text += len;
	if (*text == ':')
		text += 1 + strspn(text + 1, "0123456789");
	return *text == '\0';
}

/* What the line may ask: a proxy drops whatever other lines it names. */
static int
parse_connection(struct head *h)
{
	static const char *const words[] = { "close", "keep-alive", "te" };
	const char *at = h->value[HEADER_CONNECTION];
	size_t len, i;

	for (; at != NULL && *(at += strspn(at, ", \t")) != '\0'; at += len) {
		len = strcspn(at, ", \t");
		for (i = 0; i < sizeof words / sizeof words[0]; i++)
			if (strlen(words[i]) == len && strncasecmp(at, words[i], len) == 0)
				break;
		if (i == sizeof words / sizeof words[0])
			return 400;
		if (i == 0)
			h->keep_alive = false;
	}
	return 0;
}

static int
parse_length(struct head *h)
{
	const char *text = h->value[HEADER_CONTENT_LENGTH];

	if (text == NULL)
		return h->method == METHOD_POST ? 411 : 0;
	/* With a zero in front it is octal to somebody. */
	if (*text == '\0' || (text[0] == '0' && text[1] != '\0'))
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
settle(struct head *h, bool old)
{
	const char *host = h->value[HEADER_HOST], *expect = h->value[HEADER_EXPECT];
	int r;

	if (host == NULL || !is_host(host))
		return 400;
	/* One reader goes by this, another by that. */
	if (h->origin != NULL && strcasecmp(h->origin, host) != 0)
		return 400;
	if (expect != NULL && strcasecmp(expect, "100-continue") != 0)
		return 417;
	if ((r = parse_connection(h)) != 0 || (r = parse_length(h)) != 0)
		return r;
	h->expects = expect != NULL && !old && h->body > 0;
	return 0;
}

int
head_parse(struct head *h, char *data, size_t len)
{
	struct head_scan whole = { 0 };
	char *at = data, *end = data + len - 2;
	bool old;
	int r;

	memset(h, 0, sizeof *h);
	if (head_scan(&whole, data, len) != HEAD_WHOLE || whole.seen != len)
		return 400;
	if ((r = parse_request_line(h, cut_line(&at))) != 0)
		return r;
	old = !h->keep_alive;
	for (int n = 0; at < end; n++) {
		if (n == LINES_MOST)
			return 431;
		if ((r = parse_line(h, cut_line(&at))) != 0)
			return r;
	}
	return settle(h, old);
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
