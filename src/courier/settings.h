/*
 * settings.h - what courier reads from the settings file.
 */
#ifndef COURIER_SETTINGS_H
#define COURIER_SETTINGS_H

#include <stddef.h>

#include "base/conf.h"
#include "wire/msg.h"

enum { LANGUAGES_MOST = 16, GATEWAYS_MOST = 8, HEADERS_MOST = 8 };

enum method { METHOD_GET, METHOD_POST, METHOD_PUT };
enum body_type { BODY_FORM, BODY_JSON, BODY_XML, BODY_PLAIN };

struct gateway_settings {
	char	name[GATEWAY_LONGEST + 1];
	int	channel;		/* an enum channel */
	int	method;			/* an enum method */
	char	url[1024];
	char	headers[HEADERS_MOST][512];
	size_t	n_headers;
	char	body[4096];
	int	body_type;		/* an enum body_type */
	char	sender[64];
	char	user[128];
	char	secret_file[256];
	char	accept_status[128];
	char	accept_body[256];
	char	later_status[128];
	char	ca_file[256];
	char	proxy[256];
	int	timeout;
};

/* Of the section "portal", what stands in messages too. */
struct courier_desk {
	char	phone[64], mail[128];
};

struct courier_portal {
	struct courier_desk	desk;
};

struct courier_settings {
	char			share[256];
	char			languages[LANGUAGES_MOST][LANG_LONGEST + 1];
	size_t			n_languages;
	int			in_flight;
	struct gateway_settings	gateways[GATEWAYS_MOST];
	size_t			n_gateways;
};

extern struct courier_settings settings;
extern struct courier_portal courier_portal;
extern const struct conf_section courier_sections[];

/* What counts from the start only. */
extern const char *const courier_fixed[];

/** courier_check(): look at what the settings point to, and make it ready. */
void courier_check(void);

#endif
