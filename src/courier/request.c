#include "courier/request.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/finding.h"
#include "base/text.h"

static const char *const names[] = { "to", "digits", "text", "coding", "sender", "secret", NULL };

static const struct {
	enum escape	 escape;
	const char	*type;
} bodies[] = {
	[BODY_FORM] = { ESCAPE_PERCENT, "application/x-www-form-urlencoded" },
	[BODY_JSON] = { ESCAPE_JSON, "application/json" },
	[BODY_XML] = { ESCAPE_XML, "application/xml; charset=utf-8" },
	[BODY_PLAIN] = { ESCAPE_NONE, "text/plain; charset=utf-8" },
};

/* ---- Writing ---------------------------------------------------------------------- */

int
request_write(struct request *r, const struct gateway_settings *g, const struct secret *secret,
    const struct letter *l)
{
	const struct slot slots[] = {
		{ "to", l->to.text },
		/* Some gateways want the number without its plus. */
		{ "digits", l->to.text + strspn(l->to.text, "+") },
		{ "text", l->text.text },
		/* Kannel's numbers, and SMPP's: the telephone's own alphabet, or Unicode. */
		{ "coding", letter_is_gsm(l->text.text) ? "0" : "2" },
		{ "sender", g->sender },
		{ "secret", secret->text },
		{ NULL, NULL },
	};

	if (template_fill(&r->url, g->url, slots, ESCAPE_PERCENT) == -1 ||
	    template_fill(&r->body, g->body, slots, bodies[g->body_type].escape) == -1)
		return -1;
	for (size_t i = 0; i < g->n_headers; i++)
		if (template_fill(&r->headers[i], g->headers[i], slots, ESCAPE_HEADER) == -1)
			return -1;
	return 0;
}

const char *
request_type(const struct gateway_settings *g)
{
	if (g->method == METHOD_GET)
		return NULL;
	for (size_t i = 0; i < g->n_headers; i++)
		if (strncasecmp(g->headers[i], "Content-Type:", 13) == 0)
			return NULL;
	return bodies[g->body_type].type;
}

void
request_wipe(struct request *r)
{
	draft_wipe(&r->url);
	draft_wipe(&r->body);
	for (size_t i = 0; i < HEADERS_MOST; i++)
		draft_wipe(&r->headers[i]);
}

/* ---- Mistakes --------------------------------------------------------------------- */

static bool
holds(const struct gateway_settings *g, const char *name)
{
	bool found = template_holds(g->url, name) || template_holds(g->body, name);

	for (size_t i = 0; i < g->n_headers; i++)
		found = found || template_holds(g->headers[i], name);
	return found;
}

static void
check_names(const char *template, const char *setting)
{
	char stranger[SLOT_NAME_LONGEST + 1];

	if (template_stranger(template, names, stranger))
		finding_fault(setting, "{%s} is none of {to} {digits} {text} {coding} {sender} "
		    "{secret}", stranger);
}

/* An address that is not encrypted is good enough for this machine only. */
static bool
is_local(const char *host)
{
	size_t len = strcspn(host, ":/?");

	return (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == len) ||
	    strncmp(host, "[::1]", 5) == 0 || (len == 9 && strncmp(host, "localhost", 9) == 0);
}

static void
check_url(const struct gateway_settings *g, const char *setting)
{
	bool plain = strncmp(g->url, "http://", 7) == 0;
	const char *host = strstr(g->url, "://"), *at = g->url, *brace;
	char name[SLOT_NAME_LONGEST + 1];

	check_names(g->url, setting);
	if (!plain && strncmp(g->url, "https://", 8) != 0) {
		finding_fault(setting, "has to start with https:// or http://");
		return;
	}
	host += 3;
	if ((brace = template_next(&at, name)) != NULL && brace < host + strcspn(host, "/?"))
		finding_fault(setting, "a placeholder may not choose the host; "
		    "put it behind the first / or ?");
	if (memchr(host, '@', strcspn(host, "/?")) != NULL)
		finding_fault(setting, "a password may not stand here; use user and "
		    "secret_file");
	if (strpbrk(g->url, " \t\r\n#") != NULL)
		finding_fault(setting, "holds a blank or a #; write %%20 or %%23");
	if (plain && !is_local(host))
		finding_advice(setting, "codes and numbers travel to %.*s readable by anyone on "
		    "the way; use https://", (int)strcspn(host, ":/?"), host);
}

/* In JSON, a value that may be any text has to stand inside quotation marks. */
static void
check_json(const char *body, const char *setting)
{
	const char *p = body, *at = body, *brace;
	char name[SLOT_NAME_LONGEST + 1];
	bool quoted = false;

	while ((brace = template_next(&at, name)) != NULL) {
		for (; p < brace; p++) {
			if (quoted && *p == '\\' && p + 1 < brace)
				p++;
			else if (*p == '"')
				quoted = !quoted;
		}
		if (!quoted && strcmp(name, "digits") != 0 && strcmp(name, "coding") != 0)
			finding_fault(setting, "{%s} has to stand between quotation marks: "
			    "\\\"{%s}\\\"", name, name);
	}
}

static void
check_body(const struct gateway_settings *g, const char *setting)
{
	check_names(g->body, setting);
	if (g->method == METHOD_GET && g->body[0] != '\0')
		finding_fault(setting, "a GET has no body; set method to \"POST\"");
	if (g->body_type == BODY_JSON)
		check_json(g->body, setting);
}

static void
check_header(const char *header, const char *setting)
{
	size_t len = strcspn(header, ":");

	check_names(header, setting);
	if (len == 0 || header[len] == '\0' || memchr(header, ' ', len) != NULL ||
	    memchr(header, '{', len) != NULL)
		finding_fault(setting, "has to be \"Name: value\"");
	if (!text_plain(header))
		finding_fault(setting, "holds a line end or another control character");
	if (template_holds(header, "text"))
		finding_fault(setting, "{text} has line ends and cannot stand in a header");
}

/* What all the templates together have to hold. */
static void
check_whole(const struct gateway_settings *g, const char *setting)
{
	bool secret = holds(g, "secret") || g->user[0] != '\0';

	if (!holds(g, "text"))
		finding_fault(setting, "{text} stands nowhere: no message would be sent");
	if (!holds(g, "to") && !holds(g, "digits"))
		finding_fault(setting, "neither {to} nor {digits} stands anywhere: "
		    "the gateway would not know where to");
	if (holds(g, "sender") && g->sender[0] == '\0')
		finding_fault(setting, "{sender} is used, and sender is not set");
	if (secret && g->secret_file[0] == '\0')
		finding_fault(setting, "{secret} or user is used, and secret_file is not set");
	if (!secret && g->secret_file[0] != '\0')
		finding_advice(setting, "secret_file is set, and neither {secret} nor user "
		    "is used");
	if (template_holds(g->url, "secret"))
		finding_advice(setting, "the secret stands in the URL, which gateways and proxies "
		    "write to their logs; a header is better where the gateway takes one");
}

void
request_check(const struct gateway_settings *g, const char *setting)
{
	char name[128];

	snprintf(name, sizeof name, "%s.url", setting);
	check_url(g, name);
	snprintf(name, sizeof name, "%s.body", setting);
	check_body(g, name);
	for (size_t i = 0; i < g->n_headers; i++) {
		snprintf(name, sizeof name, "%s.headers[%zu]", setting, i);
		check_header(g->headers[i], name);
	}
	check_whole(g, setting);
}
