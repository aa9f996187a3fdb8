#include "registrar/servers.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/seal.h"
#include "registrar/srv.h"

/* ---- What failed lately ----------------------------------------------------------- */

enum { SLOTS = 64, DOWN_MS = 30 * 1000 };

/* A server's slot is found by a hash of its address; 0 is no address. */
static struct slot {
	_Atomic uint64_t	name;
	_Atomic int64_t		down_until;	/* on clock_ms */
} alone[SLOTS], *slots = alone;

void
servers_share(void)
{
	slots = mmap(NULL, sizeof alone, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		fatal("no memory to remember servers in");
}

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
		struct slot *s = &slots[(name + i) % SLOTS];
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

/* ---- Which there are ------------------------------------------------------------------ */

enum { ASK_AGAIN_MS = 5 * 60 * 1000, RETRY_MS = 15 * 1000, HOSTS_OF_EACH = 16 };

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
 * Records name the port for plain LDAP.  TLS from the start has another; where the
 * connection is sealed by other means, or TLS begins on it, the record is right.
 */
static void
add_records(const struct directory *s, const char *name, struct servers *list)
{
	bool tls = !s->starttls && settings_credential(s) != CREDENTIAL_KEY;
	struct srv records[HOSTS_OF_EACH];
	size_t n = srv_look_up(name, records, HOSTS_OF_EACH);
	char uri[URI_LONGEST + 1];

	for (size_t i = 0; i < n; i++) {
		if (tls)
			snprintf(uri, sizeof uri, "ldaps://%s", records[i].host);
		else
			snprintf(uri, sizeof uri, "ldap://%s:%u", records[i].host, records[i].port);
		add(list, uri);
	}
}

/* [MS-ADTS] 6.3.2.3: the one that hears of every password first, then those close by. */
static void
ask_dns(const struct directory *s, struct servers *list)
{
	char name[512];

	list->n = 0;
	snprintf(name, sizeof name, "_ldap._tcp.pdc._msdcs.%s", s->domain);
	add_records(s, name, list);
	if (s->site[0] != '\0') {
		snprintf(name, sizeof name, "_ldap._tcp.%s._sites.dc._msdcs.%s", s->site, s->domain);
		add_records(s, name, list);
	}
	snprintf(name, sizeof name, "_ldap._tcp.dc._msdcs.%s", s->domain);
	add_records(s, name, list);
}

/* What the DNS said last counts until it says something else. */
static const struct servers *
of_domain(const struct directory *s)
{
	static struct servers known;
	static int64_t ask_at;
	struct servers fresh;

	if (clock_ms() < ask_at)
		return &known;
	ask_dns(s, &fresh);
	if (fresh.n > 0)
		known = fresh;
	else
		log_warnx("the DNS names no servers of %s: is _ldap._tcp.dc._msdcs.%s there?",
		    s->domain, s->domain);
	ask_at = clock_ms() + (fresh.n > 0 ? ASK_AGAIN_MS : RETRY_MS);
	return &known;
}

static void
of_settings(const struct directory *s, struct servers *list)
{
	for (size_t i = 0; i < s->n_uris; i++)
		add(list, s->uris[i]);
}

void
servers_list(const struct directory *s, struct servers *list)
{
	struct servers all = { 0 };

	if (s->n_uris > 0)
		of_settings(s, &all);
	else if (s->domain[0] != '\0')
		all = *of_domain(s);
	list->n = 0;
	for (int down = 0; down <= 1; down++)
		for (size_t i = 0; i < all.n; i++)
			if (servers_is_down(all.uri[i]) == down)
				add(list, all.uri[i]);
}
