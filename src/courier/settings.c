#include "courier/settings.h"

#include <stdio.h>

#include "base/finding.h"
#include "courier/gateway.h"
#include "courier/letter.h"
#include "wire/house.h"
#include "wire/word.h"

struct courier_settings settings;
struct courier_portal courier_portal;

/* In the order of enum channel, enum method and enum body_type. */
static const char *const methods[] = { "GET", "POST", "PUT", NULL };
static const char *const body_types[] = { "form", "json", "xml", "plain", NULL };

#define G struct gateway_settings
static const struct setting gateway_table[] = {
	CONF_IS_TEXT("name", G, name, 1, NULL, "what the log and the audit call it"),
	CONF_IS_WORD("channel", G, channel, word_channel, "sms",
	    "what it delivers; only sms and mail are sent so far"),
	CONF_IS_WORD("method", G, method, methods, "POST", "the HTTP method"),
	CONF_IS_TEXT("url", G, url, 8, NULL,
	    "its address, with placeholders: {to} {digits} {text} {coding} {sender} {secret}; for "
	    "mail smtps://HOST, or smtp://HOST:PORT, where TLS is asked for and has to come"),
	CONF_IS_TEXTS("headers", G, headers, n_headers, 0, "",
	    "headers, each \"Name: value\", with the same placeholders but {text}"),
	CONF_IS_TEXT("body", G, body, 0, "", "what is sent, with the same placeholders"),
	CONF_IS_WORD("body_type", G, body_type, body_types, "form",
	    "what the body is, which decides how values are escaped in it"),
	CONF_IS_TEXT("sender", G, sender, 0, "", "what {sender} stands for; for mail the address that it comes from"),
	CONF_IS_TEXT("user", G, user, 0, "",
	    "sign in with this name and the secret, by HTTP Basic or SMTP's AUTH; empty: not"),
	CONF_IS_TEXT("secret_file", G, secret_file, 0, "",
	    "the file with the token or password that {secret} stands for"),
	CONF_IS_TEXT("accept_status", G, accept_status, 3, "200-299",
	    "the HTTP statuses that mean: accepted"),
	CONF_IS_TEXT("accept_body", G, accept_body, 0, "",
	    "a regular expression that the answer has to match as well; empty: any answer"),
	CONF_IS_TEXT("later_status", G, later_status, 0, "408,429,500-599",
	    "the HTTP statuses that mean: not sent, try later; all others mean: refused"),
	CONF_IS_TEXT("ca_file", G, ca_file, 0, "",
	    "the authorities that may vouch for it; empty: those of the system"),
	CONF_IS_TEXT("proxy", G, proxy, 0, "", "the proxy on the way to it; empty: none"),
	CONF_IS_NUMBER("timeout", G, timeout, 1, 60, "10", "how many seconds it may take"),
	{ .name = NULL },
};
#undef G

#define S struct courier_settings
static const struct setting table[] = {
	CONF_IS_TEXT("share", S, share, 1, PKGDATADIR, "the folder that holds locale/LANG.mo"),
	CONF_IS_TEXTS("languages", S, languages, n_languages, 1, "nl en",
	    "the languages of messages; the first is for people whose own is not here"),
	CONF_IS_NUMBER("in_flight", S, in_flight, 1, 256, "32",
	    "how many messages may be on their way to gateways at a time"),
	CONF_IS_ROWS("gateways", S, gateways, n_gateways, 1, gateway_table,
	    "who delivers; of several for one channel the next one helps when one fails"),
	{ .name = NULL },
};
#undef S

#define D struct courier_desk
static const struct setting desk_table[] = {
	CONF_IS_TEXT("phone", D, phone, 0, "", ""),
	CONF_IS_TEXT("mail", D, mail, 0, "", ""),
	{ .name = NULL },
};
#undef D

/* portal/settings.c says more of these. */
static const struct setting portal_table[] = {
	CONF_IS_GROUP("service_desk", struct courier_portal, desk, desk_table, ""),
	{ .name = NULL },
};

const struct conf_section courier_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house, .size = sizeof house },
	{ .name = "courier", .table = table, .out = &settings,
	    .size = sizeof settings },
	{ .name = "portal", .table = portal_table, .out = &courier_portal,
	    .size = sizeof courier_portal, .part = true },
	{ .name = "keeper" }, { .name = "registrar" },
	CONF_END,
};

const char *const courier_fixed[] = { "runtime", "users", "courier.share", "log", NULL };

void
courier_check(void)
{
	char name[64];

	house_zone();
	letter_prepare();
	gateway_prepare();
	for (size_t i = 0; i < settings.n_gateways; i++) {
		enum channel by = (enum channel)settings.gateways[i].channel;

		snprintf(name, sizeof name, "courier.gateways[%zu].channel", i);
		if (by != CHANNEL_SMS && by != CHANNEL_MAIL)
			finding_fault(name, "nothing is sent by \"%s\" so far: messages go by "
			    "\"sms\" and \"mail\", so leave the gateway out", word_channel[by]);
	}
}
