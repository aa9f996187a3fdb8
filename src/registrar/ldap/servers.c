#include "registrar/ldap/servers.h"

#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/seal.h"
#include "base/shared.h"
#include "registrar/ldap/srv.h"

enum {
	SLOTS = 64, DOWN_MS = 30 * 1000,
	REJECTED_MS = 5 * 60 * 1000, ASK_AGAIN_MS = 5 * 60 * 1000, RETRY_MS = 15 * 1000, RECORDS_MOST = 256
};

/* A server's slot is found by a hash of its address; 0 is no address. */
struct slot {
	_Atomic uint64_t	name;
	_Atomic int64_t		down_until;	/* on clock_ms; 0: it answered since it failed */
};

static struct known {
	pthread_mutex_t	lock;			/* of the next two */
	struct servers	domain;			/* as the DNS named them last */
	int64_t		ask_at;			/* on clock_ms */
	_Atomic int64_t	rejected_until;		/* likewise */
	struct slot	slots[SLOTS];
} alone = { .lock = PTHREAD_MUTEX_INITIALIZER }, *known = &alone;

void
servers_share(void)
{
	if ((known = shared_new(sizeof *known)) == NULL)
		fatal("no memory to remember servers in");
}

void
servers_forget(void)
{
	atomic_store(&known->rejected_until, 0);
	shared_lock(&known->lock);
	known->ask_at = 0;
	known->domain.n = 0;
	pthread_mutex_unlock(&known->lock);
}

/* ---- Who we are to them -------------------------------------------------------------- */

bool
servers_reject_us(void)
{
	return clock_ms() < atomic_load(&known->rejected_until);
}

void
servers_reject(void)
{
	int64_t now = clock_ms();

	if (atomic_exchange(&known->rejected_until, now + REJECTED_MS) < now)
		log_warnx("the service account is not let in; it is not tried for %d minutes, so that it "
		    "does not get locked: mend it (run: latchkey check), then start registrar again: "
		    "systemctl restart latchkey-registrar",
		    REJECTED_MS / 60000);
}

/* ---- What failed lately ----------------------------------------------------------- */

/* NULL when there are more servers than anybody has: then none of the rest is remembered. */
static struct slot *
slot_of(const char *uri)
{
	unsigned char hash[HASH_SIZE];
	uint64_t name;

	seal_hash(uri, strlen(uri), hash);
	memcpy(&name, hash, sizeof name);
	name += name == 0;
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *s = &known->slots[(name + i) % SLOTS];
		uint64_t nobody = 0;

		if (atomic_load(&s->name) == name ||
		    atomic_compare_exchange_strong(&s->name, &nobody, name) || nobody == name)
			return s;
	}
	return NULL;
}

void
servers_failed(const char *uri)
{
	struct slot *s = slot_of(uri);

	if (s != NULL)
		atomic_store(&s->down_until, clock_ms() + DOWN_MS);
}

/* Also for the next worker, should this one not come back from there. */
void
servers_trying(const char *uri)
{
	struct slot *s = slot_of(uri);

	if (s != NULL && atomic_load(&s->down_until) != 0)
		atomic_store(&s->down_until, clock_ms() + DOWN_MS);
}

void
servers_answered(const char *uri)
{
	struct slot *s = slot_of(uri);

	if (s != NULL)
		atomic_store(&s->down_until, 0);
}

bool
servers_is_down(const char *uri)
{
	struct slot *s = slot_of(uri);

	return s != NULL && clock_ms() < atomic_load(&s->down_until);
}

/* ---- Which the DNS names -------------------------------------------------------------- */

static void
add(struct servers *list, const char *uri)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->uri[i], uri) == 0)
			return;
	if (list->n < SERVERS_MOST)
		snprintf(list->uri[list->n++], sizeof list->uri[0], "%s", uri);
}

/*
 * Whoever can forge an answer of the DNS could name a host of their own, with a good
 * certificate for it, and be sent our password.  Names within the domain are the
 * domain's to give.
 */
static bool
is_of(const char *host, const char *domain)
{
	size_t h = strlen(host), n = strlen(domain);

	return h >= n && strcasecmp(host + h - n, domain) == 0 && (h == n || host[h - n - 1] == '.');
}

/*
 * Records name the port for plain LDAP.  TLS from the start has another; where the
 * connection is sealed by other means, or TLS begins on it, the record is right.
 */
static void
add_record(const struct directory *s, const struct srv *r, struct servers *list)
{
	bool sealed = settings_credential(s) == CREDENTIAL_KEY &&
	    s->channel_binding == BINDING_NONE;
	char uri[URI_LONGEST + 1];

	if (!is_of(r->host, s->domain)) {
		log_warnx("the DNS names %s as a server of %s: it is left out, because it is not in "
		    "that domain; if it is right, name it in registrar.directory.uris", r->host,
		    s->domain);
		return;
	}
	if (s->starttls || sealed)
		snprintf(uri, sizeof uri, "ldap://%s:%u", r->host, r->port);
	else
		snprintf(uri, sizeof uri, "ldaps://%s", r->host);
	add(list, uri);
}

/* Return -1 if no name server answers: then it is of no use to ask for more. */
static int
add_records(const struct directory *s, const char *name, struct servers *list)
{
	static struct srv records[RECORDS_MOST];
	int n = srv_look_up(name, records, RECORDS_MOST);

	for (int i = 0; i < n; i++)
		add_record(s, &records[i], list);
	return n == -1 ? -1 : 0;
}

/* [MS-ADTS] 6.3.2.3: the one that hears of every password first, then those close by. */
static void
ask_dns(const struct directory *s, struct servers *list)
{
	char name[512];

	list->n = 0;
	snprintf(name, sizeof name, "_ldap._tcp.pdc._msdcs.%s", s->domain);
	if (add_records(s, name, list) == -1)
		return;
	snprintf(name, sizeof name, "_ldap._tcp.%s._sites.dc._msdcs.%s", s->site, s->domain);
	if (s->site[0] != '\0' && add_records(s, name, list) == -1)
		return;
	snprintf(name, sizeof name, "_ldap._tcp.dc._msdcs.%s", s->domain);
	add_records(s, name, list);
}

static void
lock_domain(void)
{
	/* Half a list is none. */
	if (shared_lock(&known->lock))
		known->domain.n = 0;
}

/* What the DNS said last counts until it says something else. */
static void
of_domain(const struct directory *s, struct servers *list)
{
	struct servers fresh;
	bool due;

	lock_domain();
	*list = known->domain;
	due = list->n == 0 || clock_ms() >= known->ask_at;
	if (due)
		known->ask_at = clock_ms() + RETRY_MS;
	pthread_mutex_unlock(&known->lock);
	if (!due)
		return;
	ask_dns(s, &fresh);
	if (fresh.n == 0) {
		log_warnx("the DNS names no servers of %s: is _ldap._tcp.dc._msdcs.%s there?",
		    s->domain, s->domain);
		return;
	}
	*list = fresh;
	lock_domain();
	known->domain = fresh;
	known->ask_at = clock_ms() + ASK_AGAIN_MS;
	pthread_mutex_unlock(&known->lock);
}

void
servers_all_failed(void)
{
	int64_t soon = clock_ms() + RETRY_MS;

	lock_domain();
	if (known->ask_at > soon)
		known->ask_at = soon;
	pthread_mutex_unlock(&known->lock);
}

/* ---- All of them ------------------------------------------------------------------------ */

void
servers_list(const struct directory *s, struct servers *list)
{
	struct servers all = { 0 };
	bool down[SERVERS_MOST] = { false };

	if (s->n_uris == 0 && s->domain[0] != '\0')
		of_domain(s, &all);
	for (size_t i = 0; i < s->n_uris; i++)
		add(&all, s->uris[i]);
	/* Looked at once: others change it meanwhile, and none may fall between two looks. */
	for (size_t i = 0; i < all.n; i++)
		down[i] = servers_is_down(all.uri[i]);
	list->n = 0;
	for (int last = 0; last <= 1; last++)
		for (size_t i = 0; i < all.n; i++)
			if (down[i] == last)
				add(list, all.uri[i]);
}

/* ---- What an address says -------------------------------------------------------------- */

void
servers_host(const char *uri, char *host, size_t size)
{
	const char *p = strstr(uri, "://");
	size_t n;

	p = p == NULL ? uri : p + 3;
	if (*p == '[')
		n = strcspn(++p, "]");
	else
		n = strcspn(p, ":/?");
	snprintf(host, size, "%.*s", (int)n, p);
}

size_t
servers_behind(const char *uri)
{
	static const int kinds[] = { AF_INET, AF_INET6 };
	char host[URI_LONGEST + 1];
	size_t most = 0;

	servers_host(uri, host, sizeof host);
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct addrinfo hints = { .ai_family = kinds[k], .ai_socktype = SOCK_STREAM };
		struct addrinfo *all = NULL;
		size_t n = 0;

		if (getaddrinfo(host, NULL, &hints, &all) != 0)
			continue;
		for (struct addrinfo *a = all; a != NULL; a = a->ai_next)
			n++;
		freeaddrinfo(all);
		most = n > most ? n : most;
	}
	return most;
}
