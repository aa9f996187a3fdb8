/*
 * settings.h - what the admin says about the portal.
 */
#ifndef PORTAL_SETTINGS_H
#define PORTAL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/conf.h"
#include "wire/msg.h"

enum { LISTEN_MOST = 4, LANGUAGES_MOST = 8, VALID_FOR_MOST = 12, PROXIES_MOST = 16 };

struct portal_settings {
	char	listen[LISTEN_MOST][64];
	size_t	n_listen;
	char	metrics_listen[LISTEN_MOST][64];
	size_t	n_metrics_listen;
	char	languages[LANGUAGES_MOST][LANG_LONGEST + 1];
	size_t	n_languages;
	char	share[256];
	char	pages[256];
	char	sign_in_url[256];
	struct portal_desk {
		char	phone[64], mail[128], hours[128], url[256];
	} service_desk;
	char	valid_for[VALID_FOR_MOST][64];
	size_t	n_valid_for;
	char	trusted_proxies[PROXIES_MOST][64];
	size_t	n_trusted_proxies;
	bool	proxy_protocol;
	char	tls_certificate[256];
	char	tls_key[256];
	int	connections;
};

extern struct portal_settings settings;
extern const struct conf_section settings_sections[];

/* What counts from the start only. */
extern const char *const settings_fixed[];

/** settings_https(): true if people come by https, so that cookies may say Secure. */
bool settings_https(void);

#endif
