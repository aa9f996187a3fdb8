#include "wire/house.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/moment.h"

struct house house;

static const char *const log_forms[] = { "auto", "text", "json", NULL };
static const char *const proof_fields[] = { "mobile", "birthdate", "note", NULL };
static const enum field proof_field[] = { FIELD_MOBILE, FIELD_BIRTHDATE, FIELD_NOTE };
static const char *const proof_kinds[] = { "phone", "date", "text", NULL };
static const enum kind proof_kind[] = { KIND_PHONE, KIND_DATE, KIND_TEXT };

static const struct setting proof_settings[] = {
	CONF_IS_WORD("field", struct proof, field, proof_fields, NULL,
	    "the field that people fill in"),
	CONF_IS_TEXT("attribute", struct proof, attribute, 1, NULL,
	    "the directory attribute it is compared with"),
	CONF_IS_WORD("kind", struct proof, kind, proof_kinds, NULL, "how it is written"),
	CONF_IS_TEXT("label", struct proof, label, 0, "", "what the page calls it; empty: its usual name"),
	{ .name = NULL },
};

static const struct setting policy_settings[] = {
	CONF_IS_TEXT("name", struct policy, name, 1, NULL,
	    "what the audit and latchkey policy explain call it"),
	CONF_IS_TEXT("group", struct policy, group, 0, "",
	    "it is for members of this, also through other groups; empty: for anybody"),
	CONF_IS_TEXT("below", struct policy, below, 0, "",
	    "and for people below this entry; empty: anywhere"),
	CONF_IS_WORDS("second", struct policy, second, word_channel, "",
	    "after the code a second one, by one of these that the first did not go by; none: nothing"),
	{ .name = NULL },
};

#define USER(n, m, d, h) CONF_IS_TEXT(n, struct house_users, m, 1, d, h)
static const struct setting user_settings[] = {
	USER("portal", portal, "latchkey-portal", "the user that latchkey-portal runs as"),
	USER("keeper", keeper, "latchkey", "the user that latchkeyd runs as"),
	USER("registrar", registrar, "latchkey-registrar", "the user that latchkey-registrar runs as"),
	USER("courier", courier, "latchkey-courier", "the user that latchkey-courier runs as"),
	USER("admin", admin, "root", "the user who may use the latchkey command"),
	{ .name = NULL },
};
#undef USER

const struct setting house_settings[] = {
	CONF_IS_TEXT("organisation", struct house, organisation, 1, NULL,
	    "the name that people know you by, on pages and in text messages"),
	CONF_IS_TEXT("public_url", struct house, public_url, 8, NULL,
	    "the address that people open, such as https://recover.example.nl"),
	CONF_IS_TEXT("runtime", struct house, runtime, 1, "/run/latchkey",
	    "the folder of the sockets between the programs"),
	CONF_IS_WORD("log", struct house, log, log_forms, "auto",
	    "what log lines look like; auto: fields for the journal where it listens, else text"),
	CONF_IS_TEXT("country", struct house, country, 1, "31",
	    "the country code of phone numbers that are written without one"),
	CONF_IS_NUMBER("young_number_days", struct house, young_number_days, 0, 365, "0",
	    "no code is sent to a number that the directory has had for fewer days; 0: to any"),
	CONF_IS_TEXT("time_zone", struct house, time_zone, 0, "",
	    "whose clock people are told times by, such as Europe/Amsterdam; empty: the machine's"),
	CONF_IS_ROWS("proofs", struct house, proofs, n_proofs, 1, proof_settings,
	    "what a person must know before a code is sent"),
	CONF_IS_ROWS("policies", struct house, policies, n_policies, 0, policy_settings,
	    "what some people must show besides; the first that is for them counts"),
	CONF_IS_GROUP("users", struct house, users, user_settings,
	    "who may speak as which program; each program's own user always may"),
	{ .name = NULL },
};

void
house_zone(void)
{
	if (moment_zone(house.time_zone) == -1)
		finding_fault("time_zone", "\"%s\" is no time zone that this machine knows: write "
		    "one such as \"Europe/Amsterdam\", and see that tzdata is installed",
		    house.time_zone);
}

enum field
house_field(const struct proof *p)
{
	return proof_field[p->field];
}

enum kind
house_kind(const struct proof *p)
{
	return proof_kind[p->kind];
}

void
house_socket(enum role role, char *path, size_t size)
{
	snprintf(path, size, "%s/%s.sock", house.runtime,
	    role == ROLE_PORTAL ? "portal" : role == ROLE_REGISTRAR ? "registrar" :
	    role == ROLE_COURIER ? "courier" : "control");
}

bool
house_peer_is(int fd, enum role role)
{
	const struct house_users *u = &house.users;
	const char *name = role == ROLE_PORTAL ? u->portal : role == ROLE_KEEPER ? u->keeper :
	    role == ROLE_REGISTRAR ? u->registrar : role == ROLE_COURIER ? u->courier : u->admin;
	const struct passwd *pw;
	struct ucred who;
	socklen_t len = sizeof who;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == -1)
		return false;
	if (who.uid == geteuid())
		return true;
	if (who.uid == 0)
		return role == ROLE_CTL || role == ROLE_KEEPER;
	return (pw = getpwnam(name)) != NULL && pw->pw_uid == who.uid;
}
