#include "portal/check.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/util.h>

#include "base/finding.h"
#include "base/network.h"
#include "portal/http/proxy.h"
#include "portal/http/tls.h"
#include "portal/page/asset.h"
#include "portal/page/lang.h"
#include "portal/page/page.h"
#include "portal/page/voice.h"
#include "portal/settings.h"
#include "wire/house.h"

static void
check_public_url(void)
{
	const char *host = strstr(house.public_url, "://");

	if (host == NULL || (!settings_https() && strncmp(house.public_url, "http://", 7) != 0)) {
		finding_fault("public_url", "\"%s\" must begin with https:// or http://",
		    house.public_url);
		return;
	}
	if (strchr(host + 3, '/') != NULL)
		finding_fault("public_url", "\"%s\" must end after the host and port: the pages "
		    "stand at the top of a host of their own", house.public_url);
	if (!settings_https() && settings.tls_certificate[0] != '\0')
		finding_fault("public_url", "\"%s\" must begin with https://, since "
		    "portal.tls_certificate is set: else browsers would keep cookies that travel in "
		    "clear", house.public_url);
	else if (!settings_https() && strncmp(host, "://127.", 7) != 0 &&
	    strncmp(host, "://localhost", 12) != 0)
		finding_advice("public_url", "\"%s\" is not https: people's passwords travel in clear; "
		    "set portal.tls_certificate and portal.tls_key, or put a TLS proxy in front, and "
		    "write https://", house.public_url);
}

/* Where a link leads must be a place that a browser only goes to. */
static void
check_link(const char *name, const char *url)
{
	if (url[0] != '\0' && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0)
		finding_fault(name, "\"%s\" must begin with https:// or http://", url);
}

static void
check_listen(const char *setting, const char (*addresses)[64], size_t n)
{
	struct sockaddr_storage ss;
	char name[64];

	for (size_t i = 0; i < n; i++) {
		int len = sizeof ss;

		snprintf(name, sizeof name, "%s[%zu]", setting, i);
		if (evutil_parse_sockaddr_port(addresses[i], (struct sockaddr *)&ss, &len) == -1 ||
		    strrchr(addresses[i], ':') == NULL)
			finding_fault(name, "\"%s\" must be an address and a port, such as "
			    "127.0.0.1:8080 or [::1]:8080", addresses[i]);
	}
}

static void
check_proxies(void)
{
	char name[64];

	for (size_t i = 0; i < settings.n_trusted_proxies; i++) {
		snprintf(name, sizeof name, "portal.trusted_proxies[%zu]", i);
		if (!network_is_range(settings.trusted_proxies[i]))
			finding_fault(name, "\"%s\" must be an address or a range, such as 10.1.2.3 "
			    "or 10.1.0.0/16", settings.trusted_proxies[i]);
	}
	if (settings.proxy_protocol && settings.n_trusted_proxies == 0)
		finding_fault("portal.proxy_protocol", "nobody is believed who speaks it; name the "
		    "proxies in portal.trusted_proxies");
}

void
check_read(void)
{
	house_zone();
	/* Pages need the languages' names and the style's address. */
	if (lang_start() == 0 && voice_start() == 0 && asset_start() == 0)
		page_start();
	tls_start();
}

void
check_all(void)
{
	check_public_url();
	check_link("portal.sign_in_url", settings.sign_in_url);
	check_link("portal.service_desk.url", settings.service_desk.url);
	check_listen("portal.listen", settings.listen, settings.n_listen);
	check_listen("portal.metrics_listen", settings.metrics_listen, settings.n_metrics_listen);
	check_proxies();
	check_read();
	tls_check();
}
