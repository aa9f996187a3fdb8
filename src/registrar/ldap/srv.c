#include "registrar/ldap/srv.h"

#include <ctype.h>
#include <netdb.h>
#include <netinet/in.h>
#include <arpa/nameser.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/seal.h"

enum { ANSWER_LONGEST = NS_MAXMSG, SECONDS_EACH = 1, TIMES = 1 };

/* ---- What an answer says ------------------------------------------------------------ */

/*
 * It will be part of an address, where a comma or a blank begins another.  No host at
 * all is how a domain says that it has no such service.
 */
static bool
is_host(char *host)
{
	size_t len = strlen(host);

	for (size_t i = 0; i < len; i++)
		host[i] = (char)tolower((unsigned char)host[i]);
	return len > 0 && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-._") == len;
}

static int
read_record(ns_msg *m, int i, struct srv *r)
{
	enum { NUMBERS = 6 };	/* priority, weight and port, two bytes each */
	const unsigned char *data;
	ns_rr rr;

	if (ns_parserr(m, ns_s_an, i, &rr) == -1 || ns_rr_type(rr) != ns_t_srv ||
	    ns_rr_rdlen(rr) <= NUMBERS)
		return -1;
	data = ns_rr_rdata(rr);
	r->priority = ns_get16(data);
	r->weight = ns_get16(data + 2);
	r->port = ns_get16(data + 4);
	if (dn_expand(ns_msg_base(*m), ns_msg_end(*m), data + NUMBERS, r->host,
	    sizeof r->host) == -1)
		return -1;
	return is_host(r->host) && r->port != 0 ? 0 : -1;
}

size_t
srv_read(const unsigned char *answer, size_t len, struct srv *records, size_t most)
{
	size_t n = 0;
	ns_msg m;

	if (ns_initparse(answer, (int)len, &m) == -1)
		return 0;
	for (int i = 0; i < ns_msg_count(m, ns_s_an) && n < most; i++)
		n += read_record(&m, i, &records[n]) == 0;
	return n;
}

/* ---- In which order ------------------------------------------------------------------- */

static int
by_priority(const void *a, const void *b)
{
	const struct srv *x = a, *y = b;

	if (x->priority != y->priority)
		return x->priority < y->priority ? -1 : 1;
	/* Those without weight first, so that they have a chance at all. */
	return (x->weight > 0) - (y->weight > 0);
}

/* Which of ${n} equals is next. */
static size_t
pick(const struct srv *r, size_t n, unsigned int (*draw)(unsigned int))
{
	unsigned int total = 0, at, sum = 0;
	size_t i = 0;

	for (size_t k = 0; k < n; k++)
		total += r[k].weight;
	at = draw(total);
	while (i + 1 < n && (sum += r[i].weight) < at)
		i++;
	return i;
}

void
srv_order(struct srv *r, size_t n, unsigned int (*draw)(unsigned int))
{
	size_t end;

	qsort(r, n, sizeof *r, by_priority);
	for (size_t from = 0; from < n; from++) {
		struct srv next;
		size_t i;

		for (end = from; end < n && r[end].priority == r[from].priority; end++)
			continue;
		i = from + pick(r + from, end - from, draw);
		next = r[i];
		memmove(&r[from + 1], &r[from], (i - from) * sizeof *r);
		r[from] = next;
	}
}

static unsigned int
draw_lot(unsigned int most)
{
	uint32_t n;

	seal_random(&n, sizeof n);
	return n % (most + 1);
}

/* ---- Asking ----------------------------------------------------------------------------- */

int
srv_look_up(const char *name, struct srv *records, size_t most)
{
	static unsigned char answer[ANSWER_LONGEST];
	struct __res_state state = { 0 };
	int len, n = 0;

	if (res_ninit(&state) == -1)
		return -1;
	/* It is within somebody's request that we ask. */
	state.retrans = SECONDS_EACH;
	state.retry = TIMES;
	len = res_nquery(&state, name, ns_c_in, ns_t_srv, answer, sizeof answer);
	if (len > 0 && len <= ANSWER_LONGEST)
		n = (int)srv_read(answer, (size_t)len, records, most);
	else if (state.res_h_errno == TRY_AGAIN)
		n = -1;
	res_nclose(&state);
	if (n > 0)
		srv_order(records, (size_t)n, draw_lot);
	return n;
}
