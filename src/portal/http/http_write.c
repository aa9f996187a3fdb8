#include "portal/http/http_own.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "portal/counts.h"
#include "portal/settings.h"

static const char *
status_text(int status)
{
	static const struct { int status; const char *text; } texts[] = {
		{ 200, "OK" }, { 303, "See Other" }, { 304, "Not Modified" }, { 400, "Bad Request" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 409, "Conflict" }, { 411, "Length Required" }, { 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" }, { 417, "Expectation Failed" },
		{ 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 501, "Not Implemented" }, { 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (texts[i].status == status)
			return texts[i].text;
	return "Other";
}

/* Made once a second at most. */
static const char *
date_text(void)
{
	static char text[64];
	static time_t made;
	time_t now = (time_t)clock_now();
	struct tm tm;

	if (now != made && gmtime_r(&now, &tm) != NULL) {
		/* In English, as long as no program calls setlocale. */
		strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
		made = now;
	}
	return text;
}

/*
 * The same on every reply: the browser is to load, frame, guess and tell nothing else.
 * Of what it could do for a page, only the code of a text message is of use here.
 */
static const char guards[] =
    "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'%s; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Permissions-Policy: otp-credentials=(self), camera=(), display-capture=(), geolocation=(), "
    "microphone=(), payment=(), publickey-credentials-get=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n";

void
http_reply(struct http *h, const struct reply *r)
{
	struct evbuffer *out = bufferevent_get_output(h->io);
	size_t before = evbuffer_get_length(out);
	size_t len = r->body != NULL ? evbuffer_get_length(r->body) : r->len;
	/* In a full house nobody stays for another request, or who asks on and on never leaves. */
	bool keep = h->request.head.keep_alive && crowd_size() < settings.connections;

	evbuffer_add_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\nConnection: %s\r\n", r->status,
	    status_text(r->status), date_text(), keep ? "keep-alive" : "close");
	if (r->type != NULL)
		evbuffer_add_printf(out, "Content-Type: %s\r\n", r->type);
	if (r->status != 304)
		evbuffer_add_printf(out, "Content-Length: %zu\r\n", len);
	evbuffer_add_printf(out, "Cache-Control: %s\r\n", r->cache != NULL ? r->cache : "no-store");
	evbuffer_add_printf(out, guards, r->holds_media ? " data:; media-src data:" : "");
	if (settings_https())
		evbuffer_add_printf(out, "Strict-Transport-Security: max-age=31536000\r\n");
	/* What is there, but not to be read, is to be sent to; and the other way round. */
	if (r->status == 405)
		evbuffer_add_printf(out, "Allow: %s\r\n",
		    h->request.head.method == METHOD_POST ? "GET, HEAD" : "POST");
	if (r->lines != NULL)
		evbuffer_add(out, r->lines, strlen(r->lines));
	evbuffer_add(out, "\r\n", 2);
	if (h->request.head.method != METHOD_HEAD && r->status != 304) {
		if (r->body != NULL)
			evbuffer_add_buffer(out, r->body);
		else if (r->len > 0)
			evbuffer_add(out, r->data, r->len);
	}
	counts_reply(h->request.head.path, r->status);
	counts_bytes(false, evbuffer_get_length(out) - before);
	http_wipe_request(h);
	http_enter(h, keep ? WRITING : ENDING);
}
