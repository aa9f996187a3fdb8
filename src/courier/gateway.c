#include "courier/gateway_own.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "base/log.h"
#include "courier/mail.h"
#include "courier/request.h"

enum { ANSWER_LONGEST = 65536 };

/* One letter on its way. */
struct transfer {
	LIST_ENTRY(transfer)	 next;
	CURL			*easy;
	const struct gateway	*gateway;
	struct reference	 reference;
	struct request		 request;	/* libcurl reads body and headers from here */
	char			 type[64];
	struct curl_slist	 headers[HEADERS_MOST + 2];
	struct mail		*mail;		/* NULL: it is no mail */
	enum mail_stage		 stage;		/* of it, */
	size_t			 sent;		/* and how much of what is said then has left */
	struct event		*io, *deadline;
	char			 whom[8];	/* "..78": the last two digits, for the log */
	int64_t			 since;
	char			 error[CURL_ERROR_SIZE];
	gateway_done_fn		*done;
	void			*ctx;
	size_t			 answer_len;
	bool			 answer_cut;
	char			 answer[ANSWER_LONGEST + 1];
};

static struct event_base *loop;
static struct event *timer;
static CURLM *multi;
static LIST_HEAD(, transfer) transfers = LIST_HEAD_INITIALIZER(transfers);

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
	enum verdict v;

	if (t->mail != NULL)
		return mail_judge(t->io == NULL ? MAIL__COUNT : t->stage, status);
	v = answer_judge(&t->gateway->rules, status, t->answer);
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
	const char *by = t->mail != NULL ? "SMTP" : "HTTP";
	bool answered = code == CURLE_OK || t->answer_cut || (t->mail != NULL && status >= 400);
	long ms = (long)(clock_ms() - t->since);

	if (v == VERDICT_OK)
		log_info("gateway %s accepted a message to %s: %s %ld, %ld ms", name, t->whom, by,
		    status, ms);
	else if (answered)
		log_warnx("gateway %s did not accept a message to %s: %s %ld%s, %ld ms", name,
		    t->whom, by, status, v == VERDICT_UNAVAILABLE ? ", try later" : "", ms);
	else if (v == VERDICT_UNAVAILABLE)
		log_warnx("gateway %s could not be reached: %s", name,
		    t->error[0] != '\0' ? t->error : curl_easy_strerror(code));
	else
		log_warnx("gateway %s was asked to send to %s and gave no answer after %ld ms: "
		    "%s", name, t->whom, ms, curl_easy_strerror(code));
}

static void
mail_forget(struct transfer *t)
{
	if (t->mail == NULL)
		return;
	if (t->io != NULL) {
		event_free(t->io);
		event_free(t->deadline);
	}
	mail_wipe(t->mail);
	free(t->mail);
}

static void
transfer_free(struct transfer *t)
{
	LIST_REMOVE(t, next);
	mail_forget(t);
	curl_multi_remove_handle(multi, t->easy);
	curl_easy_cleanup(t->easy);
	request_wipe(&t->request);
	explicit_bzero(t->answer, t->answer_len);
	free(t);
}

static void
finish(struct transfer *t, CURLcode code, long status)
{
	gateway_done_fn *done = t->done;
	void *ctx = t->ctx;
	enum verdict v = judge(t, code, status);

	log_about(&t->reference);
	tell(t, v, code, status);
	transfer_free(t);
	done(v, ctx);
	log_about(NULL);
}

/* ---- A mail, once libcurl has connected, with TLS, and signed in ------------------------------ */

/*
 * What is said from there on we say ourselves: libcurl stops all others while it waits for
 * what becomes of a letter.  Return whether to go on.
 */
static bool
speak(struct transfer *t)
{
	const char *said = mail_said(t->mail, t->stage);
	size_t len = strlen(said), n = 0;
	CURLcode code = CURLE_OK;

	while (t->sent < len && (code = curl_easy_send(t->easy, said + t->sent, len - t->sent,
	    &n)) == CURLE_OK)
		t->sent += n;
	event_del(t->io);
	event_assign(t->io, loop, event_get_fd(t->io), (short)(EV_READ | EV_PERSIST |
	    (t->sent < len ? EV_WRITE : 0)), event_get_callback(t->io), t);
	event_add(t->io, NULL);
	if (code == CURLE_OK || code == CURLE_AGAIN)
		return true;
	finish(t, code, 0);
	return false;
}

/* All that has arrived; as long as what we say has not left, nothing is to be heard. */
static bool
hear(struct transfer *t, long *status)
{
	CURLcode code = CURLE_OK;
	size_t n = 0;

	*status = 0;
	while (*status == 0 && t->answer_len < ANSWER_LONGEST && (code = curl_easy_recv(t->easy,
	    t->answer + t->answer_len, ANSWER_LONGEST - t->answer_len, &n)) == CURLE_OK && n > 0) {
		t->answer_len += n;
		*status = mail_reply(t->answer, t->answer_len);
	}
	return *status > 0 || (*status == 0 && t->answer_len < ANSWER_LONGEST && code == CURLE_AGAIN);
}

static void
on_mail(evutil_socket_t fd, short what, void *arg)
{
	static const char quit[] = "QUIT\r\n";
	struct transfer *t = arg;
	long status;
	size_t n;

	(void)fd;
	if ((what & EV_WRITE) != 0 && !speak(t))
		return;
	if (!hear(t, &status)) {
		finish(t, CURLE_RECV_ERROR, 0);
		return;
	}
	if (status == 0)
		return;
	t->answer_len = 0;
	if (mail_judge(t->stage, status) != VERDICT_OK || t->stage == MAIL_LETTER) {
		curl_easy_send(t->easy, quit, sizeof quit - 1, &n);
		finish(t, CURLE_OK, status);
		return;
	}
	t->stage++;
	t->sent = 0;
	speak(t);
}

static void
on_deadline(evutil_socket_t none, short what, void *arg)
{
	(void)none;
	(void)what;
	finish(arg, CURLE_OPERATION_TIMEDOUT, 0);
}

static void
begin_mail(struct transfer *t)
{
	int64_t left = t->since + t->gateway->set.timeout * 1000LL - clock_ms();
	struct timeval tv = { 0 };
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (left > 0)
		tv = (struct timeval){ .tv_sec = left / 1000, .tv_usec = left % 1000 * 1000 };
	curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &fd);
	if ((t->io = event_new(loop, fd, EV_READ | EV_PERSIST, on_mail, t)) == NULL ||
	    (t->deadline = evtimer_new(loop, on_deadline, t)) == NULL ||
	    event_add(t->io, NULL) == -1 || evtimer_add(t->deadline, &tv) == -1)
		fatalx("no memory for a connection");
	t->stage = MAIL_FROM;
	speak(t);
}

/* ---- libcurl in our loop ------------------------------------------------------------------ */

static void
done_with(CURL *easy, CURLcode code)
{
	struct transfer *t;
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&t);
	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->mail != NULL && code == CURLE_OK)
		begin_mail(t);
	else
		finish(t, code, status);
}

static void
act(curl_socket_t fd, int what)
{
	CURLMsg *m;
	int left;

	curl_multi_socket_action(multi, fd, what, &left);
	while ((m = curl_multi_info_read(multi, &left)) != NULL)
		if (m->msg == CURLMSG_DONE)
			done_with(m->easy_handle, m->data.result);
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
gateway_close(void)
{
	while (!LIST_EMPTY(&transfers))
		transfer_free(LIST_FIRST(&transfers));
	curl_multi_cleanup(multi);
	event_free(timer);
	gateway_forget();
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
	curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
}

static void
set_mail(struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_URL, t->mail->url);
	/* Without TLS nothing is said, and no password. */
	curl_easy_setopt(e, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
}

/* libcurl copies the URL, the user and the password, and does not wipe the copies. */
static void
set_rest(struct transfer *t)
{
	const struct gateway_settings *g = &t->gateway->set;
	CURL *e = t->easy;

	if (g->user[0] != '\0') {
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
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, gateway_is_mail(g) ? "smtp,smtps" : "http,https");
#else
	curl_easy_setopt(e, CURLOPT_PROTOCOLS, gateway_is_mail(g) ? (long)(CURLPROTO_SMTP | CURLPROTO_SMTPS) :
	    (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, g->timeout * 1000L);
	/* What cannot be reached has to fail early enough to leave time for another gateway. */
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, g->timeout * 500L);
	/* On a kept connection that has died, libcurl sends again by itself: a second message. */
	curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(e, CURLOPT_FORBID_REUSE, gateway_is_mail(g) ? 0L : 1L);
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

/* As this gateway wants it; -1 if it cannot be. */
static int
compose(struct transfer *t, const struct letter *l)
{
	const struct gateway *g = t->gateway;

	if (!gateway_is_mail(&g->set)) {
		if (request_write(&t->request, &g->set, g->secret, l) == -1)
			return -1;
		set_request(t);
		return 0;
	}
	if ((t->mail = calloc(1, sizeof *t->mail)) == NULL)
		fatalx("no memory for a message");
	if (mail_write(t->mail, &g->set, l) == -1)
		return -1;
	set_mail(t);
	return 0;
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
	if (gateway_is_mail(&g->set) || l->to.len <= 2)
		snprintf(t->whom, sizeof t->whom, "them");
	else
		snprintf(t->whom, sizeof t->whom, "..%s", l->to.text + l->to.len - 2);
	if (compose(t, l) == -1) {
		log_warnx("gateway %s cannot take a message to %s: it does not fit its templates, or "
		    "their address is none", g->set.name, t->whom);
		transfer_free(t);
		return -1;
	}
	set_limits(t->easy, &g->set);
	set_rest(t);
	curl_multi_add_handle(multi, t->easy);
	return 0;
}
