/*
 * gateway_ready.c - the gateways of the settings, made ready and looked through for mistakes.
 */
#include "courier/gateway_own.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/seal.h"
#include "courier/mail.h"
#include "courier/request.h"

static struct gateways *current;

static void
prepare_rules(struct answer_rules *r, const struct gateway_settings *g, const char *setting)
{
	char name[128], why[256];
	int error;

	snprintf(name, sizeof name, "%s.accept_status", setting);
	if (answer_statuses(&r->accept, g->accept_status) == -1 || r->accept.n == 0)
		finding_fault(name, "\"%s\" is no list of statuses like \"200-299,202\"",
		    g->accept_status);
	snprintf(name, sizeof name, "%s.later_status", setting);
	if (answer_statuses(&r->later, g->later_status) == -1)
		finding_fault(name, "\"%s\" is no list of statuses like \"429,500-599\"",
		    g->later_status);
	snprintf(name, sizeof name, "%s.accept_body", setting);
	if ((r->has_body = g->accept_body[0] != '\0') &&
	    (error = regcomp(&r->body, g->accept_body, REG_EXTENDED | REG_NOSUB)) != 0) {
		r->has_body = false;
		regerror(error, &r->body, why, sizeof why);
		finding_fault(name, "\"%s\" is no POSIX extended regular expression: %s",
		    g->accept_body, why);
	}
}

/* That a URL names, or its scheme stands for; ${fallback} where that is no matter of its scheme. */
static int
port_of(const char *url, int fallback)
{
	const unsigned int flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME |
	    CURLU_ALLOW_SPACE;
	CURLU *u = curl_url();
	char *text = NULL;
	int port = fallback;

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, flags) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_PORT, &text, fallback == 0 ? CURLU_DEFAULT_PORT : 0) == CURLUE_OK)
		port = (int)strtol(text, NULL, 10);
	curl_free(text);
	curl_url_cleanup(u);
	return port;
}

/* What libcurl takes where a proxy has no port. */
enum { PROXY_PORT = 1080 };

static int
port_to(const struct gateway_settings *g)
{
	return g->proxy[0] != '\0' ? port_of(g->proxy, PROXY_PORT) : port_of(g->url, 0);
}

/* The sandbox of a program that runs opens for nothing new. */
static void
check_sandbox(const struct gateway_settings *g, const char *setting)
{
	char name[128];

	snprintf(name, sizeof name, "%s.%s", setting, g->proxy[0] != '\0' ? "proxy" : "url");
	if (!sandbox_may_connect(port_to(g)))
		finding_fault(name, "port %d is within reach from the next start only: "
		    "systemctl restart latchkey-courier", port_to(g));
}

bool
gateway_is_mail(const struct gateway_settings *g)
{
	return g->channel == CHANNEL_MAIL;
}

static void
prepare_files(struct gateway *gw, const struct gateway_settings *g, const char *setting)
{
	char name[128], why[512];
	int fd;

	snprintf(name, sizeof name, "%s.secret_file", setting);
	if (g->secret_file[0] != '\0' &&
	    secret_load(gw->secret, g->secret_file, why, sizeof why) == -1)
		finding_fault(name, "%s", why);
	snprintf(name, sizeof name, "%s.ca_file", setting);
	/* Opened, because access(2) knows nothing of the sandbox. */
	if (g->ca_file[0] == '\0')
		return;
	if ((fd = open(g->ca_file, O_RDONLY | O_CLOEXEC)) == -1)
		finding_fault(name, "%s cannot be read by this user", g->ca_file);
	else
		close(fd);
}

struct gateways *
gateway_hold(void)
{
	current->holders++;
	return current;
}

void
gateway_release(struct gateways *all)
{
	if (all == NULL || --all->holders > 0)
		return;
	for (size_t i = 0; i < all->n; i++) {
		secret_drop(all->one[i].secret);
		if (all->one[i].rules.has_body)
			regfree(&all->one[i].rules.body);
	}
	free(all);
}

void
gateway_prepare(void)
{
	struct gateways *all = calloc(1, sizeof *all);
	int before = finding_faults();

	if (all == NULL)
		fatalx("no memory for the gateways");
	all->holders = 1;
	for (size_t i = 0; i < settings.n_gateways; i++) {
		const struct gateway_settings *g = &settings.gateways[i];
		char setting[64];

		snprintf(setting, sizeof setting, "courier.gateways[%zu]", i);
		all->one[all->n].secret = secret_keep(sizeof *all->one[i].secret);
		all->one[all->n++].set = *g;
		if (gateway_is_mail(g)) {
			mail_check(g, setting);
		} else {
			request_check(g, setting);
			prepare_rules(&all->one[i].rules, g, setting);
		}
		check_sandbox(g, setting);
		prepare_files(&all->one[i], g, setting);
		for (size_t j = 0; j < i; j++)
			if (strcmp(settings.gateways[j].name, g->name) == 0)
				finding_fault(setting, "two gateways are called \"%s\"",
				    g->name);
	}
	/* Those that are in use are better than some with a mistake. */
	if (current != NULL && finding_faults() > before) {
		gateway_release(all);
		return;
	}
	gateway_release(current);
	current = all;
}

int
gateway_next(const struct gateways *all, enum channel channel, int from)
{
	for (int i = from; i < (int)all->n; i++)
		if (all->one[i].set.channel == (int)channel)
			return i;
	return -1;
}

const char *
gateway_name(const struct gateways *all, int which)
{
	return all->one[which].set.name;
}

void
gateway_confine(void)
{
	for (size_t i = 0; i < current->n; i++) {
		sandbox_read_beside(current->one[i].set.ca_file);
		sandbox_connect(port_to(&current->one[i].set));
	}
}

void
gateway_forget(void)
{
	gateway_release(current);
	current = NULL;
}
