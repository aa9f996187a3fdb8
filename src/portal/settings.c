#include "portal/settings.h"

#include <string.h>

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
	CONF_IS_TEXTS("metrics_listen", struct portal_settings, metrics_listen, n_metrics_listen, 0,
	    "", "addresses and ports for a collector of figures; none: only a socket that is passed"),
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
	CONF_IS_BOOL("proxy_protocol", struct portal_settings, proxy_protocol, "false",
	    "whether these say by PROXY protocol version 2 for whom they connect"),
	CONF_IS_TEXT("tls_certificate", struct portal_settings, tls_certificate, 0, "",
	    "the file of the certificate to do TLS with, its chain behind it; empty: no TLS"),
	CONF_IS_TEXT("tls_key", struct portal_settings, tls_key, 0, "",
	    "the file of its private key, without a password"),
	CONF_IS_NUMBER("connections", struct portal_settings, connections, 16, 60000, "1000",
	    "connections held at once; those that ask nothing make room for others"),
	{ .name = NULL },
};

const struct conf_section settings_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house, .size = sizeof house },
	{ .name = "portal", .table = portal_table, .out = &settings,
	    .size = sizeof settings },
	{ .name = "keeper" }, { .name = "registrar" }, { .name = "courier" },
	CONF_END,
};

const char *const settings_fixed[] = {
	"runtime", "users", "log", "portal.listen", "portal.metrics_listen",
	"portal.share", "portal.pages", NULL,
};

bool
settings_https(void)
{
	return strncmp(house.public_url, "https://", 8) == 0;
}
