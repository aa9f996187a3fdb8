#include "portal/counts.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "portal/http/tls.h"

enum {
	UP, REQUESTS, REFUSED, CONNECTIONS, CONNECTED, CROWDED, BYTES, SILENCES, TLS_UNTIL, STARTED,
	CPU, COUNTS
};

/* ---- The words of labels ---------------------------------------------------------- */

static const char *const programs[] = { "portal", "keeper" };
enum { PORTAL, KEEPER, PROGRAMS };

static const char *const kinds[] = { "page", "static", "api", "health", "metrics", "unread" };
enum { PAGE, STATIC, API, HEALTH, METRICS, UNREAD, KINDS };

static const char *const classes[] = { "1xx", "2xx", "3xx", "4xx", "5xx" };
enum { CLASSES = sizeof classes / sizeof classes[0] };

static const char *const refusals[] = {
	"400", "411", "413", "417", "431", "501", "505", "other"
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

static const char *const directions[] = { "in", "out" };

/* ---- The table -------------------------------------------------------------------- */

static const struct metric table[COUNTS] = {
	[UP] = { "latchkey_up", "1 if the program answers.", METRIC_GAUGE, false,
	    { { "program", programs, PROGRAMS } } },
	[REQUESTS] = { "latchkey_http_requests_total",
	    "Requests that were answered, by what was asked for and how.", METRIC_COUNTER, false,
	    { { "kind", kinds, KINDS }, { "status", classes, CLASSES } } },
	[REFUSED] = { "latchkey_http_refused_total",
	    "Requests that were refused unheard, because of how they were written.", METRIC_COUNTER,
	    false, { { "status", refusals, REFUSALS } } },
	[CONNECTIONS] = { "latchkey_http_connections", "Connections that are held.", METRIC_GAUGE,
	    false, { { 0 } } },
	[CONNECTED] = { "latchkey_http_connections_total", "Connections that ever came in.",
	    METRIC_COUNTER, false, { { 0 } } },
	[CROWDED] = { "latchkey_http_crowded_out_total",
	    "Connections that were ended to make room for others.", METRIC_COUNTER, false,
	    { { 0 } } },
	[BYTES] = { "latchkey_http_bytes_total", "Bytes of requests and of replies.",
	    METRIC_COUNTER, false, { { "direction", directions, 2 } } },
	[SILENCES] = { "latchkey_keeper_silent_total",
	    "Questions of people to which keeper gave no answer in time.", METRIC_COUNTER, false,
	    { { 0 } } },
	[TLS_UNTIL] = { "latchkey_tls_certificate_expires_seconds",
	    "When the certificate in use expires, since 1970; 0 without one.", METRIC_GAUGE, false,
	    { { 0 } } },
	[STARTED] = { "process_start_time_seconds", "When portal started, since 1970.",
	    METRIC_GAUGE, false, { { 0 } } },
	[CPU] = { "process_cpu_seconds_total", "Time that portal has computed.", METRIC_COUNTER,
	    true, { { 0 } } },
};

static struct metrics counts = { .table = table, .n = COUNTS };

static void
add(unsigned int which, unsigned int a, unsigned int b, int64_t n)
{
	*metrics_at(&counts, which, a, b) += n;
}

/* ---- Counting ---------------------------------------------------------------------- */

void
counts_start(void)
{
	add(STARTED, 0, 0, clock_now());
	add(UP, PORTAL, 0, 1);
}

static unsigned int
kind_of(const char *path)
{
	static const struct { const char *path; unsigned int kind; } prefixes[] = {
		{ "/static/", STATIC }, { "/api/", API }, { "/healthz", HEALTH },
		{ "/readyz", HEALTH }, { "/metrics", METRICS },
	};

	if (path == NULL)
		return UNREAD;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strncmp(path, prefixes[i].path, strlen(prefixes[i].path)) == 0)
			return prefixes[i].kind;
	return PAGE;
}

void
counts_reply(const char *path, int status)
{
	add(REQUESTS, kind_of(path), (unsigned int)status / 100 - 1, 1);
}

void
counts_refusal(int status)
{
	unsigned int i = 0;

	while (i < REFUSALS - 1 && strtol(refusals[i], NULL, 10) != status)
		i++;
	add(REFUSED, i, 0, 1);
}

void
counts_connection(bool come)
{
	add(CONNECTIONS, 0, 0, come ? 1 : -1);
	if (come)
		add(CONNECTED, 0, 0, 1);
}

void
counts_crowded(void)
{
	add(CROWDED, 0, 0, 1);
}

void
counts_bytes(bool in, size_t n)
{
	add(BYTES, in ? 0 : 1, 0, (int64_t)n);
}

void
counts_silence(void)
{
	add(SILENCES, 0, 0, 1);
}

static int64_t
microseconds(const struct timeval *tv)
{
	return (int64_t)tv->tv_sec * 1000000 + tv->tv_usec;
}

const struct metrics *
counts_now(bool keeper_is_up)
{
	struct rusage used;

	*metrics_at(&counts, UP, KEEPER, 0) = keeper_is_up;
	*metrics_at(&counts, TLS_UNTIL, 0, 0) = tls_until();
	if (getrusage(RUSAGE_SELF, &used) == 0)
		*metrics_at(&counts, CPU, 0, 0) = microseconds(&used.ru_utime) +
		    microseconds(&used.ru_stime);
	return &counts;
}
