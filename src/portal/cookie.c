#include "portal/cookie.h"

#include <stdio.h>
#include <string.h>

#include "base/seal.h"
#include "base/text.h"
#include "portal/settings.h"

/* What may stand in a value without any quoting; all our own values are made of it. */
static const char plain[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

/* With __Host- a browser takes it only from this very host, by https. */
static void
name_of(char *out, size_t size, const char *what)
{
	snprintf(out, size, "%slatchkey%s", settings_https() ? "__Host-" : "", what);
}

static void
find(const char *header, const char *what, char *out, size_t size)
{
	char name[48];
	size_t len, value;

	out[0] = '\0';
	name_of(name, sizeof name, what);
	len = strlen(name);
	while (header != NULL && *header != '\0') {
		header += strspn(header, " ;");
		value = strcspn(header, ";");
		if (strncmp(header, name, len) == 0 && header[len] == '=') {
			/* Two of them: somebody else put one there. */
			if (out[0] != '\0') {
				out[0] = '\0';
				return;
			}
			if (value - len - 1 < size && strspn(header + len + 1, plain) == value - len - 1)
				snprintf(out, size, "%.*s", (int)(value - len - 1), header + len + 1);
		}
		header += value;
	}
}

static void
keep(char *out, size_t size, const char *what, const char *value, const char *life)
{
	char name[48];

	name_of(name, sizeof name, what);
	snprintf(out, size, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s%s\r\n", name,
	    value, settings_https() ? "; Secure" : "", life);
}

void
cookie_flow(const char *header, char *out, size_t size)
{
	find(header, "", out, size);
}

void
cookie_lang(const char *header, char *out, size_t size)
{
	find(header, "-lang", out, size);
}

void
cookie_keep_flow(char *out, size_t size, const char *flow)
{
	keep(out, size, "", flow, flow[0] == '\0' ? "; Max-Age=0" : "");
}

void
cookie_keep_lang(char *out, size_t size, const char *tag)
{
	keep(out, size, "-lang", tag, "; Max-Age=31536000");
}

void
cookie_csrf(const char *flow, char out[CSRF_SIZE])
{
	unsigned char hash[HASH_SIZE];
	char text[16 + FLOW_LONGEST];
	int len = snprintf(text, sizeof text, "form of %s", flow);

	seal_hash(text, (size_t)len, hash);
	text_hex(out, hash, (CSRF_SIZE - 1) / 2);
}
