/*
 * walk - many people at once, through the JSON API; and the gateway that brings
 * them their codes (a bank of phones can't be had).
 *
 *	walk flows|posts|pages PORT COUNT THREADS [GATEWAY-PORT [FIRST]]
 *
 * flows: COUNT whole recoveries of t00001, t00002, ..., or from number FIRST on;
 * posts: an unknown name each; pages: the first page.  Prints "DONE FAILED SECONDS
 * MEDIAN", the last of how many microseconds an answer took.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

enum { PEOPLE_MOST = 100000, REPLY_SIZE = 65536, CODE_SECONDS = 20, ANSWERS_MOST = 4 };

static int port, gateway_port;
static long first, total;
static atomic_long next_one, done, failed;

/* ---- How long answers took ------------------------------------------------------- */

static long *took;			/* each, in microseconds */
static atomic_long n_took;

static long
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int
by_size(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static long
median(void)
{
	if (n_took == 0)
		return 0;
	qsort(took, (size_t)n_took, sizeof took[0], by_size);
	return took[n_took / 2];
}

/* ---- What arrives on each phone ----------------------------------------------- */

static char codes[PEOPLE_MOST][12];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;

/* "GET /send?to=%2B31620000001&text=...%0A%40host%20%2312345678 HTTP/1.1" */
static void
deliver(const char *head)
{
	const char *to = strstr(head, "to=%2B3162"), *code = NULL;
	long n;

	for (const char *p = head; (p = strstr(p, "%23")) != NULL; p++)
		code = p + 3;
	if (to == NULL || code == NULL || (n = strtol(to + 10, NULL, 10)) >= PEOPLE_MOST)
		return;
	pthread_mutex_lock(&lock);
	snprintf(codes[n], sizeof codes[n], "%.8s", code);
	pthread_cond_broadcast(&arrived);
	pthread_mutex_unlock(&lock);
}

static int
take_code(long n, char out[12])
{
	struct timespec until;
	int r = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += CODE_SECONDS;
	pthread_mutex_lock(&lock);
	while (codes[n][0] == '\0' && r == 0)
		r = pthread_cond_timedwait(&arrived, &lock, &until);
	memcpy(out, codes[n], sizeof codes[n]);
	codes[n][0] = '\0';
	pthread_mutex_unlock(&lock);
	return r == 0 ? 0 : -1;
}

static void *
serve_gateway(void *arg)
{
	static const char ok[] =
	    "HTTP/1.1 202 Accepted\r\nContent-Length: 24\r\n\r\n0: Accepted for delivery";
	int fd = (int)(intptr_t)arg;
	char head[8192];
	size_t have = 0;
	ssize_t n;

	while ((n = read(fd, head + have, sizeof head - 1 - have)) > 0) {
		have += (size_t)n;
		head[have] = '\0';
		if (strstr(head, "\r\n\r\n") == NULL)
			continue;
		deliver(head);
		have = 0;
		if (write(fd, ok, sizeof ok - 1) == -1)
			break;
	}
	close(fd);
	return NULL;
}

static void *
gateway(void *arg)
{
	int listener = (int)(intptr_t)arg, fd;
	pthread_t t;

	while ((fd = accept(listener, NULL, NULL)) != -1)
		if (pthread_create(&t, NULL, serve_gateway, (void *)(intptr_t)fd) == 0)
			pthread_detach(t);
	return NULL;
}

static void
open_gateway(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)gateway_port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	pthread_t t;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&sin, sizeof sin) == -1 || listen(fd, 128) == -1) {
		perror("gateway");
		exit(1);
	}
	pthread_create(&t, NULL, gateway, (void *)(intptr_t)fd);
	pthread_detach(t);
}

/* ---- One conversation ----------------------------------------------------------- */

struct talk {
	int	fd;
	char	reply[REPLY_SIZE];
	char	flow[128], step[32], outcome[32];
	long	seq;
};

static int
dial(struct talk *t)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;

	if ((t->fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    connect(t->fd, (struct sockaddr *)&sin, sizeof sin) == -1)
		return -1;
	setsockopt(t->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return 0;
}

/* Send a request; return where its body begins in ${t->reply}, or NULL. */
static char *
fetch(struct talk *t, const char *request, size_t len)
{
	size_t have = 0, want = SIZE_MAX;
	char *body = NULL, *length;
	ssize_t n;

	if (write(t->fd, request, len) != (ssize_t)len)
		return NULL;
	while (have < want) {
		if ((n = read(t->fd, t->reply + have, sizeof t->reply - 1 - have)) <= 0)
			return NULL;
		have += (size_t)n;
		t->reply[have] = '\0';
		if (body == NULL && (body = strstr(t->reply, "\r\n\r\n")) != NULL) {
			body += 4;
			if ((length = strcasestr(t->reply, "\r\nContent-Length:")) == NULL)
				return NULL;
			want = (size_t)(body - t->reply) + strtoul(length + 17, NULL, 10);
		}
	}
	return body;
}

static int
say(struct talk *t, const char *path, const char *fmt, ...)
{
	char body[2048], request[4096];
	json_t *step;
	va_list ap;
	long began = now_us();
	char *reply;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(body, sizeof body, fmt, ap);
	va_end(ap);
	n = snprintf(request, sizeof request, "POST /api/v1/%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
	    "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", path, port, n, body);
	if ((reply = fetch(t, request, (size_t)n)) == NULL ||
	    (step = json_loads(reply, 0, NULL)) == NULL)
		return -1;
	if (strcmp(path, "answer") == 0)
		took[atomic_fetch_add(&n_took, 1)] = now_us() - began;
	snprintf(t->flow, sizeof t->flow, "%s", json_string_value(json_object_get(step, "flow")));
	snprintf(t->step, sizeof t->step, "%s", json_string_value(json_object_get(step, "step")));
	if (json_string_value(json_object_get(step, "outcome")) != NULL)
		snprintf(t->outcome, sizeof t->outcome, "%s",
		    json_string_value(json_object_get(step, "outcome")));
	t->seq = (long)json_integer_value(json_object_get(step, "seq"));
	json_decref(step);
	return 0;
}

#define ANSWER "{\"flow\":\"%s\",\"seq\":%ld,\"step\":\"%s\",\"fields\":"

static bool
at(const struct talk *t, const char *step)
{
	return strcmp(t->step, step) == 0;
}

static int
open_and_name(struct talk *t, const char *name)
{
	t->outcome[0] = '\0';
	if (say(t, "open", "{\"journey\":\"recover\",\"wish\":\"reset\",\"lang\":\"en\"}") == -1)
		return -1;
	return say(t, "answer", ANSWER "{\"username\":\"%s\"}}", t->flow, t->seq, t->step, name);
}

static int
walk_flow(struct talk *t, long n)
{
	char name[16], code[12];

	snprintf(name, sizeof name, "t%05ld", n);
	if (open_and_name(t, name) == -1 || !at(t, "proof") ||
	    say(t, "answer", ANSWER "{\"mobile\":\"+3162%07ld\",\"birthdate\":\"19%ld-%02ld-%02ld\"}}",
	    t->flow, t->seq, t->step, n, 50 + n % 50, 1 + n % 12, 1 + n % 28) == -1 ||
	    !at(t, "code") || take_code(n, code) == -1 ||
	    say(t, "answer", ANSWER "{\"code\":\"%s\"}}", t->flow, t->seq, t->step, code) == -1 ||
	    !at(t, "password") ||
	    say(t, "answer", ANSWER "{\"password\":\"Sterk.Water.%ld\",\"password_again\":\"Sterk.Water.%ld\"}}",
	    t->flow, t->seq, t->step, n + 5, n + 5) == -1)
		return -1;
	while (at(t, "setting"))
		if (say(t, "show", "{\"flow\":\"%s\"}", t->flow) == -1)
			return -1;
	return strcmp(t->outcome, "reset") == 0 ? 0 : -1;
}

static int
walk_post(struct talk *t, long n)
{
	char name[32];

	snprintf(name, sizeof name, "nobody%ld", n);
	return open_and_name(t, name) == 0 && at(t, "proof") ? 0 : -1;
}

static int
walk_page(struct talk *t, long n)
{
	char request[128];
	int len = snprintf(request, sizeof request,
	    "GET /?lang=%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", n % 2 == 0 ? "nl" : "en", port);

	return fetch(t, request, (size_t)len) != NULL &&
	    strncmp(t->reply, "HTTP/1.1 200", 12) == 0 ? 0 : -1;
}

static const struct {
	const char	*name;
	int		(*walk)(struct talk *, long);
} modes[] = { { "flows", walk_flow }, { "posts", walk_post }, { "pages", walk_page } };

static int (*walk)(struct talk *, long);

static void *
run(void *arg)
{
	struct talk *t = calloc(1, sizeof *t);
	long n;

	(void)arg;
	if (t == NULL || dial(t) == -1) {
		perror("portal");
		exit(1);
	}
	while ((n = atomic_fetch_add(&next_one, 1)) < first + total) {
		if (walk(t, n) == 0) {
			atomic_fetch_add(&done, 1);
			continue;
		}
		if (atomic_fetch_add(&failed, 1) < 3)
			fprintf(stderr, "number %ld stopped at %s\n", n, t->step);
		close(t->fd);
		if (dial(t) == -1)
			break;
	}
	free(t);
	return NULL;
}

int
main(int argc, char **argv)
{
	pthread_t threads[256];
	long n_threads, began;

	for (size_t i = 0; argc >= 5 && i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(argv[1], modes[i].name) == 0)
			walk = modes[i].walk;
	if (walk == NULL || (n_threads = strtol(argv[4], NULL, 10)) < 1 || n_threads > 256 ||
	    (total = strtol(argv[3], NULL, 10)) < 1) {
		fprintf(stderr, "usage: walk flows|posts|pages PORT COUNT THREADS "
		    "[GATEWAY-PORT [FIRST]]\n");
		return 2;
	}
	port = (int)strtol(argv[2], NULL, 10);
	gateway_port = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 0;
	next_one = first = argc > 6 ? strtol(argv[6], NULL, 10) : 1;
	if ((took = calloc((size_t)total * ANSWERS_MOST, sizeof took[0])) == NULL) {
		perror("walk");
		return 1;
	}
	if (gateway_port != 0)
		open_gateway();
	began = now_us();
	for (long i = 0; i < n_threads; i++)
		pthread_create(&threads[i], NULL, run, NULL);
	for (long i = 0; i < n_threads; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld %.3f %ld\n", done, failed, (double)(now_us() - began) / 1e6, median());
	return failed > 0;
}
