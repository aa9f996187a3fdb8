/*
 * directory.c - an input is a row of
 *
 *	PLACE LEN VALUE		a value of the attribute at that place
 *	252 LEN DN		the name of the entry
 *	253 CODE POLICY LEN TEXT	how the next write ends; POLICY 255: not a word of it
 *	254 NUMBER CODE		how that search ends; success as well, but without an entry
 *	255 NUMBER		that search finds two entries
 *
 * and whatever cannot be read ends it.
 */
#include "directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

#include <lber.h>
#include <ldap.h>
#include <openldap.h>

#include "base/clock.h"
#include "fuzz.h"
#include "registrar/answer.h"
#include "registrar/guard.h"
#include "registrar/hash.h"
#include "registrar/ldap/ldap_own.h"
#include "registrar/ldap/servers.h"
#include "registrar/settings.h"
#include "registrar/ticket.h"
#include "registrar/when.h"
#include "wire/house.h"

enum { MARK_DN = 252, MARK_WRITE = 253, MARK_END = 254, MARK_TWICE = 255, NO_WORD = 255 };
enum { ROOM = 65536 };

struct octets_of {
	const uint8_t	*data;
	size_t		 len;
};

static const char *const *names;
static struct dir *dir;

/* What this input says. */
static struct {
	struct { size_t place; struct octets_of is; } value[DIRECTORY_VALUES_MOST];
	size_t		n_values;
	struct octets_of	dn;
	struct { int code; unsigned int policy; struct octets_of text; } write[DIRECTORY_WRITES_MOST];
	size_t		n_writes;
	struct { bool alone, none, twice; int code; } search[DIRECTORY_SEARCHES_MOST];
} script;

/* What was asked so far, and what of the answers has not been fetched. */
static struct {
	size_t	searches, writes, done;
	char	out[ROOM];
	size_t	len, at;
} now;

/* ---- The script ------------------------------------------------------------------ */

static bool
take(struct octets_of *from, size_t n, struct octets_of *out)
{
	if (from->len < n)
		return false;
	*out = (struct octets_of){ from->data, n };
	from->data += n;
	from->len -= n;
	return true;
}

static bool
take_counted(struct octets_of *from, struct octets_of *out)
{
	struct octets_of len;

	return take(from, 1, &len) && take(from, len.data[0], out);
}

static bool
take_search(struct octets_of *from, bool twice)
{
	struct octets_of what;
	size_t i;

	if (!take(from, twice ? 1 : 2, &what))
		return false;
	i = what.data[0] % DIRECTORY_SEARCHES_MOST;
	script.search[i].twice = twice;
	script.search[i].none = !twice;
	script.search[i].code = twice ? LDAP_SUCCESS : what.data[1];
	return true;
}

static bool
take_write(struct octets_of *from)
{
	struct octets_of how, text;

	if (!take(from, 2, &how) || !take_counted(from, &text) ||
	    script.n_writes == DIRECTORY_WRITES_MOST)
		return false;
	script.write[script.n_writes].code = how.data[0];
	script.write[script.n_writes].policy = how.data[1];
	script.write[script.n_writes++].text = text;
	return true;
}

static bool
take_value(struct octets_of *from, size_t place)
{
	size_t n = 0;

	while (names[n] != NULL)
		n++;
	if (script.n_values == DIRECTORY_VALUES_MOST ||
	    !take_counted(from, &script.value[script.n_values].is))
		return false;
	script.value[script.n_values++].place = place % n;
	return true;
}

static void
read_script(const uint8_t *data, size_t size)
{
	struct octets_of rest = { data, size }, mark;
	bool good = true;

	memset(&script, 0, sizeof script);
	memset(&now, 0, offsetof(__typeof__(now), out));
	now.len = now.at = 0;
	script.dn = (struct octets_of){ (const uint8_t *)"uid=anna,dc=linde,dc=nl", 23 };
	while (good && take(&rest, 1, &mark)) {
		if (mark.data[0] == MARK_DN)
			good = take_counted(&rest, &script.dn);
		else if (mark.data[0] == MARK_WRITE)
			good = take_write(&rest);
		else if (mark.data[0] >= MARK_END)
			good = take_search(&rest, mark.data[0] == MARK_TWICE);
		else
			good = take_value(&rest, mark.data[0]);
	}
}

const uint8_t *
directory_value(const char *attribute, size_t i, size_t *len)
{
	for (size_t k = 0; k < script.n_values; k++)
		if (strcmp(names[script.value[k].place], attribute) == 0 && i-- == 0) {
			*len = script.value[k].is.len;
			return script.value[k].is.data;
		}
	return NULL;
}

size_t
directory_done(void)
{
	return now.done;
}

/* ---- The server ------------------------------------------------------------------ */

static void
leave(BerElement *ber)
{
	struct berval all;

	MUST(ber_flatten2(ber, &all, 0) == 0);
	MUST(all.bv_len <= sizeof now.out - now.len);
	memcpy(now.out + now.len, all.bv_val, all.bv_len);
	now.len += all.bv_len;
	ber_free(ber, 1);
}

static BerElement *
begin(void)
{
	BerElement *ber = ber_alloc_t(LBER_USE_DER);

	MUST(ber != NULL);
	return ber;
}

static void
say_entry(int id)
{
	BerElement *ber = begin();

	ber_printf(ber, "{it{o{", id, (ber_tag_t)LDAP_RES_SEARCH_ENTRY,
	    (const char *)script.dn.data, (ber_len_t)script.dn.len);
	for (size_t place = 0; names[place] != NULL; place++) {
		size_t n = 0;

		for (size_t k = 0; k < script.n_values; k++) {
			if (script.value[k].place != place)
				continue;
			if (n++ == 0)
				ber_printf(ber, "{s[", names[place]);
			ber_printf(ber, "o", (const char *)script.value[k].is.data,
			    (ber_len_t)script.value[k].is.len);
		}
		if (n > 0)
			ber_printf(ber, "]}");
	}
	MUST(ber_printf(ber, "}}}") != -1);
	leave(ber);
}

/* A result with its text and, of the policy's errors, one: draft-behera-ldap-password-policy. */
static void
say_result(int id, ber_tag_t tag, int code, struct octets_of text, unsigned int policy)
{
	static const char oid[] = "1.3.6.1.4.1.42.2.27.8.5.1";
	char value[] = { 0x30, 0x03, (char)0x81, 0x01, (char)policy };
	BerElement *ber = begin();

	ber_printf(ber, "{it{eso}", id, tag, code, "", (const char *)text.data,
	    (ber_len_t)text.len);
	if (policy != NO_WORD)
		ber_printf(ber, "t{{so}}", (ber_tag_t)LDAP_TAG_CONTROLS, oid, value,
		    (ber_len_t)sizeof value);
	MUST(ber_printf(ber, "}") != -1);
	leave(ber);
}

static void
serve_search(int id)
{
	size_t i = now.searches++;
	bool told = i < DIRECTORY_SEARCHES_MOST;

	if (!told || !script.search[i].none)
		say_entry(id);
	if (told && script.search[i].twice)
		say_entry(id);
	say_result(id, LDAP_RES_SEARCH_RESULT, told ? script.search[i].code : LDAP_SUCCESS,
	    (struct octets_of){ (const uint8_t *)"", 0 }, NO_WORD);
}

static void
serve_write(int id)
{
	size_t i = now.writes++;

	now.done += i >= script.n_writes || script.write[i].code == LDAP_SUCCESS;
	if (i >= script.n_writes) {
		say_result(id, LDAP_RES_MODIFY, LDAP_SUCCESS,
		    (struct octets_of){ (const uint8_t *)"", 0 }, NO_WORD);
		return;
	}
	say_result(id, LDAP_RES_MODIFY, script.write[i].code, script.write[i].text,
	    script.write[i].policy);
}

/* One request, all of it: libldap sends each at once. */
static ber_slen_t
hear(Sockbuf_IO_Desc *sbiod, void *data, ber_len_t len)
{
	struct berval all = { len, data };
	BerElement *ber = ber_init(&all);
	ber_tag_t what;
	ber_int_t id;

	(void)sbiod;
	MUST(ber != NULL && ber_scanf(ber, "{it", &id, &what) != LBER_ERROR);
	ber_free(ber, 1);
	if (now.at == now.len)
		now.at = now.len = 0;
	if (what == LDAP_REQ_SEARCH)
		serve_search(id);
	else if (what == LDAP_REQ_MODIFY)
		serve_write(id);
	return (ber_slen_t)len;
}

static ber_slen_t
tell(Sockbuf_IO_Desc *sbiod, void *data, ber_len_t size)
{
	size_t len = now.len - now.at < size ? now.len - now.at : size;

	(void)sbiod;
	memcpy(data, now.out + now.at, len);
	now.at += len;
	return (ber_slen_t)len;
}

static int
nothing(Sockbuf_IO_Desc *sbiod, void *arg)
{
	(void)sbiod;
	(void)arg;
	return 0;
}

static int
nothing_more(Sockbuf_IO_Desc *sbiod)
{
	(void)sbiod;
	return 0;
}

static int
control(Sockbuf_IO_Desc *sbiod, int what, void *arg)
{
	(void)sbiod;
	(void)arg;
	return what == LBER_SB_OPT_DATA_READY && now.at < now.len;
}

static Sockbuf_IO server = { nothing, nothing_more, control, tell, hear, nothing_more };

static void
connect_here(void)
{
	static int fd = -1;
	int version = LDAP_VERSION3;
	Sockbuf *sb;

	/* libldap waits for a socket that always has something. */
	if (fd == -1)
		MUST((fd = eventfd(1, EFD_CLOEXEC)) != -1);
	MUST(ldap_init_fd(fd, LDAP_PROTO_EXT, "ldapi://fuzz", &dir->ld) == LDAP_SUCCESS);
	MUST(ldap_set_option(dir->ld, LDAP_OPT_PROTOCOL_VERSION, &version) == LDAP_OPT_SUCCESS);
	MUST(ldap_set_option(dir->ld, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS);
	MUST(ldap_get_option(dir->ld, LDAP_OPT_SOCKBUF, &sb) == LDAP_OPT_SUCCESS);
	MUST(ber_sockbuf_add_io(sb, &server, LBER_SBIOD_LEVEL_PROVIDER, NULL) == 0);
}

/* ---- What registrar is asked --------------------------------------------------------- */

static struct msg reply;

static void
ask(struct msg *question)
{
	unsigned char packet[MSG_LONGEST];
	struct msg again;
	size_t len;

	question->id = 7;
	if (dir->ld == NULL)
		connect_here();
	MUST(answer(dir, question, &reply) == 0);
	len = msg_pack(&reply, ROLE_REGISTRAR, packet, sizeof packet);
	MUST(len > 0);
	MUST(msg_unpack(&again, packet, len, ROLE_REGISTRAR, ROLE_KEEPER) == MSG_GOOD);
}

static void
put(struct secret *s, const char *text)
{
	MUST(secret_set(s, text, strlen(text)) == 0);
}

static void
ask_match(const struct ticket *ticket, struct directory_walk *w)
{
	static struct msg m;

	m = (struct msg){ .type = MSG_MATCH };
	m.u.match.ticket = *ticket;
	m.u.match.n_values = 2;
	m.u.match.values[0].field = house_field(&house.proofs[0]);
	put(&m.u.match.values[0].value, "06-12345678");
	m.u.match.values[1].field = house_field(&house.proofs[1]);
	put(&m.u.match.values[1].value, "1-10-1984");
	ask(&m);
	w->matched = reply.u.matched;
}

/* Not where OpenLDAP's dialect would wait for a second to pass. */
static bool
is_past(const char *mark)
{
	return mark[0] != '\0' && when_generalized(strchr(mark, ' ') + 1) < clock_now() - 2;
}

static void
ask_password(const struct ticket *ticket, struct directory_walk *w)
{
	static struct msg m;

	m = (struct msg){ .type = MSG_JUDGE };
	m.u.password.ticket = *ticket;
	put(&m.u.password.password, "Een lange zin met 1 cijfer, en nog wat");
	ask(&m);
	w->judged = reply.u.judged;
	w->asked_to_set = is_past(w->judged.mark);
	if (!w->asked_to_set)
		return;
	m.type = MSG_SET;
	m.u.password.by = clock_ms() + 10000;
	m.u.password.must_change = script.n_writes % 2 == 1;
	memcpy(m.u.password.mark, w->judged.mark, sizeof m.u.password.mark);
	now.done = 0;
	ask(&m);
	w->set = reply.u.done;
}

static void
ask_state(const struct ticket *ticket, const char *mark)
{
	static struct msg m;

	m = (struct msg){ .type = MSG_STATE };
	m.u.state_of.ticket = *ticket;
	memcpy(m.u.state_of.mark, mark, sizeof m.u.state_of.mark);
	ask(&m);
}

static void
ask_rest(const struct ticket *ticket, struct directory_walk *w)
{
	static const enum msg_type types[] = { MSG_WAYS, MSG_RULES, MSG_UNLOCK };
	static struct msg m;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		m = (struct msg){ .type = types[i] };
		m.u.ticket.ticket = *ticket;
		ask(&m);
		if (types[i] == MSG_RULES)
			w->rules = reply.u.rules;
	}
}

void
directory_walk(const uint8_t *data, size_t size, struct directory_walk *w)
{
	static struct msg m;

	memset(w, 0, sizeof *w);
	read_script(data, size);
	m = (struct msg){ .type = MSG_FIND };
	put(&m.u.find.name, "anna");
	ask(&m);
	w->found = reply.u.found;
	if (w->found.verdict != VERDICT_OK)
		return;
	ask_match(&w->found.ticket, w);
	if (w->matched.verdict != VERDICT_OK)
		return;
	/* One or the other: twice as many inputs are tried in the same time. */
	if (size % 2 == 0) {
		ask_password(&w->matched.ticket, w);
		ask_state(&w->matched.ticket, w->judged.mark);
	} else {
		ask_rest(&w->matched.ticket, w);
	}
}

/* ---- Settings ------------------------------------------------------------------------ */

static void
tell_fault(void *ctx, int line, const char *setting, const char *text)
{
	(void)ctx;
	(void)line;
	(void)setting;
	fuzz_broken("settings", line, text);
}

static void
read_settings(const char *more)
{
	char conf[2048], path[128];
	int n = snprintf(conf, sizeof conf, "organisation = \"Linde\";\n"
	    "public_url = \"https://linde.nl\"; young_number_days = 30;\n"
	    "proofs = ( { field = \"mobile\"; attribute = \"mobile\"; kind = \"phone\"; },\n"
	    "  { field = \"birthdate\"; attribute = \"birthDate\"; kind = \"date\"; } );\n"
	    "registrar = { deadline = 60; writes_per_hour = 1000000; proof_key = \"%s/key\";\n"
	    "  ticket_keys = ( \"%s/key\" ); account_key = \"%s/key\";\n"
	    "  directory = { uris = ( \"ldapi://fuzz\" );\n"
	    "  base = \"dc=linde,dc=nl\"; %s }; };\n", fuzz_folder(), fuzz_folder(), fuzz_folder(),
	    more);

	MUST(n > 0 && n < (int)sizeof conf);
	fuzz_write("latchkey.conf", conf, (size_t)n);
	snprintf(path, sizeof path, "%s/latchkey.conf", fuzz_folder());
	MUST(conf_read(path, registrar_sections, tell_fault, NULL) == 0);
}

void
directory_start(const char *more, const char *const *attributes)
{
	static const struct secret password = { 6, "geheim" };
	char key[64], why[256];

	names = attributes;
	memset(key, '7', sizeof key);
	fuzz_write("key", key, sizeof key);
	read_settings(more);
	MUST(ticket_load(why, sizeof why) == 0 && hash_load(why, sizeof why) == 0);
	guard_share();
	servers_share();
	MUST((dir = dir_new(&registrar.directory, &password)) != NULL);
	snprintf(dir->uri, sizeof dir->uri, "%s", registrar.directory.uris[0]);
	fuzz_quiet();
}
