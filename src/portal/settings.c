#include "portal/settings.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/util.h>

#include "base/program.h"
#include "portal/asset.h"
#include "portal/lang.h"
#include "portal/page.h"
#include "portal/proxy.h"
#include "wire/house.h"

struct portal_settings settings;

#define DESK(n, m, h) CONF_IS_TEXT(n, struct portal_desk, m, 0, "", h)
static const struct setting desk_table[] = {
	DESK("phone", phone, "the number that people can call"),
	DESK("mail", mail, "the address that people can write to"),
	DESK("hours", hours, "when somebody answers, such as \"Mon-Fri 8:00-17:00\""),
	DESK("url", url, "a page of the service desk"),
	{ .name = NULL },
};
#undef DESK

static const struct setting portal_table[] = {
	CONF_IS_TEXTS("listen", struct portal_settings, listen, n_listen, 1, "127.0.0.1:8080",
	    "addresses and ports to answer on; not used where the supervisor passes a socket"),
	CONF_IS_TEXTS("languages", struct portal_settings, languages, n_languages, 1, "nl en",
	    "the languages of the pages; the first is for who asks for none of them"),
	CONF_IS_TEXT("share", struct portal_settings, share, 1, PKGDATADIR,
	    "the folder of the pages, the style and the texts that come with latchkey"),
	CONF_IS_TEXT("pages", struct portal_settings, pages, 0, "",
	    "a folder of your own: a page, style or logo in it replaces ours of that name"),
	CONF_IS_TEXT("sign_in_url", struct portal_settings, sign_in_url, 0, "",
	    "where people sign in; pages at the end lead there"),
	CONF_IS_GROUP("service_desk", struct portal_settings, service_desk, desk_table,
	    "whom people can turn to"),
	CONF_IS_TEXTS("valid_for", struct portal_settings, valid_for, n_valid_for, 0, "",
	    "what else the new password is for, such as \"Mail\""),
	CONF_IS_TEXTS("trusted_proxies", struct portal_settings, trusted_proxies,
	    n_trusted_proxies, 0, "", "addresses whose X-Forwarded-For is believed, also 10.1.0.0/16"),
	CONF_IS_NUMBER("connections", struct portal_settings, connections, 16, 60000, "1000",
	    "connections held at once"),
	{ .name = NULL },
};

const struct conf_section settings_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house },
	{ .name = "portal", .table = portal_table, .out = &settings },
	{ .name = "keeper" }, { .name = "registrar" }, { .name = "courier" },
	CONF_END,
};

bool
settings_https(void)
{
	return strncmp(house.public_url, "https://", 8) == 0;
}

static void
check_public_url(void)
{
	const char *host = strstr(house.public_url, "://");

	if (host == NULL || (!settings_https() && strncmp(house.public_url, "http://", 7) != 0)) {
		program_fault(0, "public_url", "\"%s\" must begin with https:// or http://",
		    house.public_url);
		return;
	}
	if (strchr(host + 3, '/') != NULL)
		program_fault(0, "public_url", "\"%s\" must end after the host and port: the pages "
		    "stand at the top of a host of their own", house.public_url);
	if (!settings_https() && strncmp(host, "://127.", 7) != 0 &&
	    strncmp(host, "://localhost", 12) != 0)
		program_advice("public_url", "\"%s\" is not https: people's passwords travel in clear; "
		    "put a TLS proxy in front and write https://", house.public_url);
}

/* Where a link leads must be a place that a browser only goes to. */
static void
check_link(const char *name, const char *url)
{
	if (url[0] != '\0' && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		program_fault(0, name, "\"%s\" must begin with https:// or http://", url);
}

static void
check_addresses(void)
{
	char name[64];

	for (size_t i = 0; i < settings.n_listen; i++) {
		struct sockaddr_storage ss;
		int len = sizeof ss;

		snprintf(name, sizeof name, "portal.listen[%zu]", i);
		if (evutil_parse_sockaddr_port(settings.listen[i], (struct sockaddr *)&ss, &len) == -1 ||
		    strrchr(settings.listen[i], ':') == NULL)
			program_fault(0, name, "\"%s\" must be an address and a port, such as "
			    "127.0.0.1:8080 or [::1]:8080", settings.listen[i]);
	}
	for (size_t i = 0; i < settings.n_trusted_proxies; i++) {
		snprintf(name, sizeof name, "portal.trusted_proxies[%zu]", i);
		if (!proxy_is_range(settings.trusted_proxies[i]))
			program_fault(0, name, "\"%s\" must be an address or a range, such as 10.1.2.3 "
			    "or 10.1.0.0/16", settings.trusted_proxies[i]);
	}
}

void
settings_check(void)
{
	check_public_url();
	check_link("portal.sign_in_url", settings.sign_in_url);
	check_link("portal.service_desk.url", settings.service_desk.url);
	check_addresses();
	/* Pages need the languages' names and the style's address. */
	if (lang_start() == 0 && asset_start() == 0)
		page_start();
}
