#include "courier/gateway.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/finding.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "base/seal.h"
#include "courier/answer.h"
#include "courier/request.h"
#include "courier/settings.h"

enum { ANSWER_LONGEST = 65536 };

struct gateway {
	struct gateway_settings	set;
	struct answer_rules	rules;
	struct secret		*secret;	/* never NULL */
};

struct gateways {
	unsigned int	holders;	/* ${current} is one */
	size_t		n;
	struct gateway	one[GATEWAYS_MOST];
};

/* One letter on its way. */
struct transfer {
	LIST_ENTRY(transfer)	 next;
	CURL			*easy;
	const struct gateway	*gateway;
	struct reference	 reference;
	struct request		 request;	/* libcurl reads body and headers from here */
	char			 type[64];
	struct curl_slist	 headers[HEADERS_MOST + 2];
	char			 digits[3];	/* the last two, for the log */
	int64_t			 since;
	char			 error[CURL_ERROR_SIZE];
	gateway_done_fn		*done;
	void			*ctx;
	size_t			 answer_len;
	bool			 answer_cut;
	char			 answer[ANSWER_LONGEST + 1];
};

static struct gateways *current;
static struct event_base *loop;
static struct event *timer;
static CURLM *multi;
static LIST_HEAD(, transfer) transfers = LIST_HEAD_INITIALIZER(transfers);

/* ---- Getting ready ------------------------------------------------------------------ */

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
		request_check(g, setting);
		check_sandbox(g, setting);
		prepare_rules(&all->one[i].rules, g, setting);
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

/* ---- How it ended --------------------------------------------------------------------- */

/* These come before the first byte of the request, whatever was said to a proxy until then. */
static bool
never_began(CURLcode code)
{
	static const CURLcode codes[] = {
		CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
		CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
	};

	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (codes[i] == code)
			return true;
	return false;
}

static bool
maybe_sent(CURL *easy, CURLcode code)
{
	curl_off_t ready = 0;
	long bytes = 0;

	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
	return !never_began(code) && (bytes > 0 || ready > 0);
}

static enum verdict
judge(const struct transfer *t, CURLcode code, long status)
{
	enum verdict v = answer_judge(&t->gateway->rules, status, t->answer);

	if (code == CURLE_OK || t->answer_cut)
		return v;
	if (!maybe_sent(t->easy, code))
		return VERDICT_UNAVAILABLE;
	/* The answer broke off: what came of it can say yes, but not no. */
	return v == VERDICT_OK ? v : VERDICT_UNKNOWN;
}

/* What a gateway answers may repeat the text or the number: only its status is told. */
static void
tell(const struct transfer *t, enum verdict v, CURLcode code, long status)
{
	const char *name = t->gateway->set.name;
	long ms = (long)(clock_ms() - t->since);

	if (v == VERDICT_OK)
		log_info("gateway %s accepted a message to ..%s: HTTP %ld, %ld ms", name, t->digits,
		    status, ms);
	else if (code == CURLE_OK || t->answer_cut)
		log_warnx("gateway %s did not accept a message to ..%s: HTTP %ld%s, %ld ms", name,
		    t->digits, status, v == VERDICT_UNAVAILABLE ? ", try later" : "", ms);
	else if (v == VERDICT_UNAVAILABLE)
		log_warnx("gateway %s could not be reached: %s", name,
		    t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
	else
		log_warnx("gateway %s was asked to send to ..%s and gave no answer after %ld ms: "
		    "%s", name, t->digits, ms, curl_easy_strerror(code));
}

static void
transfer_free(struct transfer *t)
{
	LIST_REMOVE(t, next);
	curl_multi_remove_handle(multi, t->easy);
	curl_easy_cleanup(t->easy);
	request_wipe(&t->request);
	explicit_bzero(t->answer, t->answer_len);
	free(t);
}

static void
finish(CURL *easy, CURLcode code)
{
	struct transfer *t;
	gateway_done_fn *done;
	enum verdict v;
	long status = 0;
	void *ctx;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	log_about(&t->reference);
	v = judge(t, code, status);
	tell(t, v, code, status);
	done = t->done;
	ctx = t->ctx;
	transfer_free(t);
	done(v, ctx);
	log_about(NULL);
}

/* ---- libcurl in our loop ------------------------------------------------------------------ */

static void
act(curl_socket_t fd, int what)
{
	CURLMsg *m;
	int left;

	curl_multi_socket_action(multi, fd, what, &left);
	while ((m = curl_multi_info_read(multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			finish(m->easy_handle, m->data.result);
}

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	(void)arg;
	act(fd, ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) |
	    ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

static void
on_timer(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	(void)arg;
	act(CURL_SOCKET_TIMEOUT, 0);
}

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *old)
{
	short events = (short)(EV_PERSIST | ((what & CURL_POLL_IN) != 0 ? EV_READ : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? EV_WRITE : 0));
	struct event *e;

	(void)easy;
	(void)ctx;
	if (old != NULL)
		event_free(old);
	if (what == CURL_POLL_REMOVE)
		return 0;
	if ((e = event_new(loop, fd, events, on_event, NULL)) == NULL || event_add(e, NULL) == -1)
		fatalx("no memory for a connection");
	curl_multi_assign(multi, fd, e);
	return 0;
}

static int
watch_timer(CURLM *m, long ms, void *ctx)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	(void)m;
	(void)ctx;
	return ms < 0 ? evtimer_del(timer) : evtimer_add(timer, &tv);
}

void
gateway_open(struct event_base *base)
{
	loop = base;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (multi = curl_multi_init()) == NULL ||
	    (timer = evtimer_new(base, on_timer, NULL)) == NULL)
		fatalx("libcurl does not start");
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, watch_timer);
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
gateway_close(void)
{
	while (!LIST_EMPTY(&transfers))
		transfer_free(LIST_FIRST(&transfers));
	curl_multi_cleanup(multi);
	event_free(timer);
	gateway_release(current);
	current = NULL;
	curl_global_cleanup();
}

/* ---- Sending -------------------------------------------------------------------------------- */

static size_t
on_answer(char *data, size_t one, size_t len, void *arg)
{
	struct transfer *t = arg;
	size_t room = ANSWER_LONGEST - t->answer_len, take = len < room ? len : room;

	(void)one;
	memcpy(t->answer + t->answer_len, data, take);
	t->answer_len += take;
	t->answer_cut = take < len;
	/* Less than was given ends the transfer: enough is known. */
	return take;
}

/* The lines point into the request, which outlives the transfer: nothing is copied. */
static struct curl_slist *
list_headers(struct transfer *t)
{
	const char *type = request_type(&t->gateway->set);
	size_t n = 0;

	/* Without this libcurl asks first whether a long body is welcome. */
	t->headers[n++].data = (char *)(uintptr_t)"Expect:";
	if (type != NULL) {
		snprintf(t->type, sizeof t->type, "Content-Type: %s", type);
		t->headers[n++].data = t->type;
	}
	for (size_t i = 0; i < t->gateway->set.n_headers; i++)
		t->headers[n++].data = t->request.headers[i].text;
	for (size_t i = 1; i < n; i++)
		t->headers[i - 1].next = &t->headers[i];
	return t->headers;
}

/* libcurl copies the URL, the user and the password, and does not wipe the copies. */
static void
set_request(struct transfer *t)
{
	static const char *const methods[] = {
		[METHOD_GET] = NULL, [METHOD_POST] = NULL, [METHOD_PUT] = "PUT",
	};
	const struct gateway_settings *g = &t->gateway->set;
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_URL, t->request.url.text);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, list_headers(t));
	if (g->method != METHOD_GET) {
		curl_easy_setopt(e, CURLOPT_POSTFIELDS, t->request.body.text);
		curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->request.body.len);
		curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, methods[g->method]);
	}
	if (g->user[0] != '\0') {
		curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(e, CURLOPT_USERNAME, g->user);
		curl_easy_setopt(e, CURLOPT_PASSWORD, t->gateway->secret->text);
	}
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
}

static void
set_limits(CURL *e, const struct gateway_settings *g)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	curl_easy_setopt(e, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, g->timeout * 1000L);
	/* What cannot be reached has to fail early enough to leave time for another gateway. */
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, g->timeout * 500L);
	/* On a kept connection that has died, libcurl sends again by itself: a second message. */
	curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (g->ca_file[0] != '\0')
		curl_easy_setopt(e, CURLOPT_CAINFO, g->ca_file);
	/* Set, even if empty: otherwise the environment could choose one. */
	curl_easy_setopt(e, CURLOPT_PROXY, g->proxy);
	curl_easy_setopt(e, CURLOPT_NOPROXY, "");
}

int
gateway_send(const struct gateways *all, int which, const struct letter *l, gateway_done_fn *done,
    void *ctx)
{
	struct transfer *t = calloc(1, sizeof *t);
	const struct gateway *g = &all->one[which];

	if (t == NULL || (t->easy = curl_easy_init()) == NULL)
		fatalx("no memory for a message");
	LIST_INSERT_HEAD(&transfers, t, next);
	t->gateway = g;
	t->done = done;
	t->ctx = ctx;
	t->since = clock_ms();
	t->reference = l->reference;
	snprintf(t->digits, sizeof t->digits, "%s",
	    l->to.len > 2 ? l->to.text + l->to.len - 2 : "");
	if (request_write(&t->request, &g->set, g->secret, l) == -1) {
		log_warnx("gateway %s cannot take a message to ..%s: it does not fit its templates",
		    g->set.name, t->digits);
		transfer_free(t);
		return -1;
	}
	set_limits(t->easy, &g->set);
	set_request(t);
	curl_multi_add_handle(multi, t->easy);
	return 0;
}
