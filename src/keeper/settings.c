#include "keeper/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/finding.h"
#include "base/network.h"
#include "keeper/flow.h"
#include "keeper/price.h"
#include "wire/house.h"

struct keeper_settings settings;
struct keeper_courier keeper_courier;

static const char *const wishes[] = { "reset", "unlock", "activate", NULL };

#define S struct limits
#define LIMIT(n, def, hlp) CONF_IS_NUMBER(#n, S, n, 1, 10000000, def, hlp)
static const struct setting limit_settings[] = {
	LIMIT(address_hour, "30",
	    "failed flows an hour from one address (of IPv6 one /56), before its flows have a price"),
	LIMIT(address_most_hour, "300",
	    "failed flows an hour from one address, before nobody there may begin another"),
	CONF_IS_TEXTS("shared", S, shared, n_shared, 0, "",
	    "addresses with many people behind them, also 10.1.0.0/16: never refused for the others"),
	LIMIT(name_day, "10", "flows a day for one name, before they have a price"),
	LIMIT(account_hour, "10", "messages an hour for one account"),
	LIMIT(account_day, "20", "messages a day for one account"),
	LIMIT(account_from_hour, "5", "messages an hour for one account that one address asks for"),
	LIMIT(number_hour, "10", "messages an hour to one number"),
	LIMIT(number_day, "20", "messages a day to one number"),
	LIMIT(country_hour, "100", "messages an hour to all numbers of another country"),
	LIMIT(country_day, "300", "messages a day to all numbers of another country"),
	LIMIT(messages_hour, "2000", "messages an hour to all people together"),
	LIMIT(messages_day, "10000", "messages a day to all people together"),
	LIMIT(resets_day, "3", "new passwords a day for one account"),
	LIMIT(unlocks_day, "5", "unlocks a day for one account"),
	LIMIT(wrong_codes_hour, "200",
	    "wrong codes an hour, where one was sent, before recovery halts until an admin's word"),
	{ .name = NULL },
};
#undef LIMIT
#undef S

#define S struct keeper_settings
static const struct setting table[] = {
	CONF_IS_TEXT("state", S, state, 1, "/var/lib/latchkey", "the folder of the store"),
	CONF_IS_TEXT("code_key", S, code_key_file, 1, "code.key",
	    "the key file that codes and flows are made with"),
	CONF_IS_TEXT("audit_key", S, audit_key_file, 1, "audit.key",
	    "the key file that seals names and addresses in the audit"),
	CONF_IS_WORDS("wishes", S, wishes, wishes, "reset unlock", "what people may ask for"),
	CONF_IS_NUMBER("slot_ms", S, slot_ms, 1, 1000, "30",
	    "answers before the right code leave at multiples of so many milliseconds"),
	CONF_IS_NUMBER("code_life", S, code_life, 60, CODE_LIFE_MOST, "600",
	    "how many seconds a code stays valid"),
	CONF_IS_NUMBER("code_tries", S, code_tries, 1, 5, "5", "how often a code may be typed"),
	CONF_IS_NUMBER("sends", S, sends, 1, 10, "3", "how often one code may be sent"),
	CONF_IS_NUMBER("send_wait", S, send_wait, 1, 600, "60",
	    "how many seconds lie between two sendings"),
	CONF_IS_NUMBER("step_life", S, step_life, 60, STEP_LIFE_MOST, "600",
	    "how many seconds a person may take for one page"),
	CONF_IS_NUMBER("request_life", S, request_life, 3, 120, "12",
	    "how many seconds a registrar may take; at least two more than registrar.deadline"),
	CONF_IS_BOOL("must_change", S, must_change, "false",
	    "whether a password that was set here has to be changed at the next sign-in"),
	CONF_IS_GROUP("limits", S, limits, limit_settings, "how much of what there is, for whom"),
	CONF_IS_TEXT("audit_file", S, audit_file, 0, "",
	    "each row of the audit is also written to this file, as a line of JSON; empty: to none"),
	CONF_IS_BOOL("audit_file_names", S, audit_file_names, "false",
	    "whether that file tells names and addresses, which no erasure reaches there"),
	CONF_IS_NUMBER("audit_days", S, audit_days, 0, 36500, "400",
	    "how many days the audit keeps its rows; 0: for ever"),
	CONF_IS_NUMBER("audit_change_days", S, audit_change_days, 0, 36500, "2557",
	    "likewise those of a password that was set, an account that was unlocked, and admins"),
	CONF_IS_NUMBER("audit_nobody_days", S, audit_nobody_days, 0, 36500, "90",
	    "how many days typed names can be read that nobody has; 0: as long as their rows"),
	CONF_IS_WORD("price", S, price, price_words, "suspicious",
	    "when something has to be paid, by the browser or by patience, before proofs are asked for"),
	CONF_IS_NUMBER("price_wait", S, price_wait, 1, 450, "20",
	    "how many seconds of waiting are as good as the browser's work"),
	CONF_IS_WORD("price_by", S, price_by, price_by_words, "work",
	    "what else is asked: the browser's work, or of people a riddle to see or to hear"),
	CONF_IS_NUMBER("riddle_wait", S, riddle_wait, 1, 450, "120",
	    "how many seconds of waiting are as good as a riddle"),
	CONF_IS_WORDS("codes", S, codes, word_channel, "sms",
	    "what a code may go by: sms, and what people may choose instead once it was sent"),
	CONF_IS_WORDS("notices", S, notices, word_channel, "mail",
	    "by what people are told of what was done, where a gateway is there for it"),
	CONF_IS_BOOL("notice_same", S, notice_same, "false",
	    "tell it to the number or address that the code went to, where there is no other"),
	{ .name = NULL },
};
#undef S

/* courier/settings.c says more of these. */
static const struct setting gateway_table[] = {
	CONF_IS_WORD("channel", struct keeper_gateway, channel, word_channel, "sms", ""),
	{ .name = NULL },
};

static const struct setting courier_table[] = {
	CONF_IS_ROWS("gateways", struct keeper_courier, gateways, n_gateways, 0, gateway_table, ""),
	{ .name = NULL },
};

const struct conf_section keeper_sections[] = {
	{ .name = NULL, .table = house_settings, .out = &house, .size = sizeof house },
	{ .name = "keeper", .table = table, .out = &settings,
	    .size = sizeof settings },
	{ .name = "portal" }, { .name = "registrar" },
	{ .name = "courier", .table = courier_table, .out = &keeper_courier,
	    .size = sizeof keeper_courier, .part = true },
	CONF_END,
};

const char *const keeper_fixed[] = {
	"runtime", "users", "log", "keeper.state", "keeper.code_key", "keeper.audit_key",
	"keeper.audit_file", NULL,
};

static bool
allowed(enum wish wish)
{
	return wish != WISH_NONE && (settings.wishes & 1U << (wish - WISH_RESET)) != 0;
}

enum wish
settings_wish(enum wish asked)
{
	enum wish only = WISH_NONE;

	if (allowed(asked))
		return asked;
	for (int wish = WISH_NONE + 1; wish < WISH__COUNT; wish++) {
		if (!allowed((enum wish)wish))
			continue;
		if (only != WISH_NONE)
			return WISH_NONE;
		only = (enum wish)wish;
	}
	return only;
}

const struct key *
settings_code_key(uint32_t id)
{
	if (key_id(settings.code_key) == id)
		return settings.code_key;
	return settings.code_key_before != NULL && key_id(settings.code_key_before) == id ?
	    settings.code_key_before : NULL;
}

unsigned int
settings_gateways(void)
{
	unsigned int found = 0;

	for (size_t i = 0; i < keeper_courier.n_gateways; i++)
		found |= 1U << keeper_courier.gateways[i].channel;
	return found;
}

bool
settings_may_code(enum channel by)
{
	return (settings.codes & 1U << by) != 0;
}

static void
load(struct key **key, struct key **before, const char *path, const char *setting)
{
	struct key *old = secret_keep(sizeof *old);
	char why[512];
	int n;

	if (*key == NULL)
		*key = secret_keep(sizeof **key);
	if ((n = key_load_two(*key, old, path, why, sizeof why)) == -1)
		finding_fault(setting, "%s", why);
	secret_drop(*before);
	*before = old;
	if (n < 2) {
		secret_drop(old);
		*before = NULL;
	}
}

/* Each field once, or nobody could fill them in; and a number, or no code could be sent. */
static void
check_proofs(void)
{
	bool phone = false;

	for (size_t i = 0; i < house.n_proofs; i++) {
		phone = phone || house_kind(&house.proofs[i]) == KIND_PHONE;
		for (size_t j = 0; j < i; j++)
			if (house.proofs[i].field == house.proofs[j].field)
				finding_fault("proofs", "the field \"%s\" is there twice",
				    word_field[house_field(&house.proofs[i])]);
	}
	if (house.n_proofs == 1 && house_kind(&house.proofs[0]) == KIND_DATE)
		finding_fault("proofs", "a date is the only one: too many people know it; add a "
		    "number, to which the code goes");
	else if (!phone)
		finding_fault("proofs", "none is of kind \"phone\": codes are sent to the "
		    "number that was matched");
}

static void
check_second(const struct policy *p, const char *setting)
{
	for (int by = 0; by < CHANNEL__COUNT; by++)
		if ((p->second & ~settings_gateways() & 1U << by) != 0)
			finding_fault(setting, "a second code may go by \"%s\", and courier.gateways has "
			    "none of that channel: add one, or leave \"%s\" out here", word_channel[by],
			    word_channel[by]);
	if ((p->second & 1U << CHANNEL_SMS) != 0)
		finding_fault(setting, "a second code cannot go by \"sms\": the first one went there, and "
		    "it has to come another way; leave \"sms\" out here");
	if (p->second != 0 && (p->second & ~settings.codes) == 0)
		finding_advice(setting, "by all of these the first code may go too (keeper.codes): who lets "
		    "it go there has no other way for the second, and has to begin again");
	if (p->second == 1U << CHANNEL_MAIL)
		finding_advice(setting, "a second code goes by mail: whose mailbox opens with the very "
		    "password that was forgotten cannot read it.  It is for addresses that have a "
		    "password of their own");
}

static void
check_policies(void)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char setting[64];

	for (size_t i = 0; i < house.n_policies; i++) {
		const struct policy *p = &house.policies[i];

		snprintf(setting, sizeof setting, "policies[%zu]", i);
		if (p->name[strspn(p->name, letters)] != '\0')
			finding_fault(setting, "\"%s\" is no name of a policy: letters, digits, and - _ .",
			    p->name);
		for (size_t j = 0; j < i; j++)
			if (strcmp(p->name, house.policies[j].name) == 0)
				finding_fault(setting, "the name \"%s\" is there twice", p->name);
		check_second(p, setting);
		if (p->group[0] == '\0' && p->below[0] == '\0' && i + 1 < house.n_policies)
			finding_fault(setting, "is for everybody, so those behind it are for nobody: put it "
			    "last");
	}
}

static void
check_country(void)
{
	size_t digits = strspn(house.country, "0123456789");

	if (digits == 0 || digits > 3 || house.country[digits] != '\0' || house.country[0] == '0')
		finding_fault("country", "\"%s\" is no country code: one to three digits, such as "
		    "\"31\"", house.country);
}

static void
check_limits(void)
{
	const struct limits *l = &settings.limits;
	char name[64];
	int codes = 1;

	for (size_t i = 0; i < house.n_policies; i++)
		if (house.policies[i].second != 0)
			codes = 2;

	for (size_t i = 0; i < l->n_shared; i++) {
		snprintf(name, sizeof name, "keeper.limits.shared[%zu]", i);
		if (!network_is_range(l->shared[i]))
			finding_fault(name, "\"%s\" is no address; it is written like 10.1.2.3, or "
			    "10.1.0.0/16 for all that begin so", l->shared[i]);
	}
	if (l->address_most_hour < l->address_hour)
		finding_fault("keeper.limits.address_most_hour", "is less than address_hour: flows "
		    "from there would be refused before they have a price");
	if (l->account_hour < settings.sends * codes)
		finding_fault("keeper.limits.account_hour", "is less than %d: one flow may ask for more "
		    "messages (keeper.sends, for each code) than an account gets", settings.sends * codes);
}

/* Its folder, because the file itself may not be there yet, or no more. */
static void
check_audit_file(void)
{
	char folder[sizeof settings.audit_file];
	char *slash;

	if (settings.audit_file[0] == '\0')
		return;
	snprintf(folder, sizeof folder, "%s", settings.audit_file);
	if (folder[0] != '/' || (slash = strrchr(folder, '/')) == folder || slash[1] == '\0') {
		finding_fault("keeper.audit_file", "\"%s\" is not the whole path of a file in a folder "
		    "of its own, such as /var/log/latchkey/audit.jsonl", settings.audit_file);
		return;
	}
	*slash = '\0';
	if (access(folder, W_OK | X_OK) == -1)
		finding_fault("keeper.audit_file", "%s cannot be written to: %s; "
		    "make it with: install -d -o latchkey -m 0750 %s", folder, strerror(errno), folder);
}

static void
check_channels(void)
{
	if (!settings_may_code(CHANNEL_SMS))
		finding_fault("keeper.codes", "has to name \"sms\": a code goes to the number that "
		    "was proved, and elsewhere only if people choose so");
	for (int by = 0; by < CHANNEL__COUNT; by++)
		if (settings_may_code((enum channel)by) && (settings_gateways() & 1U << by) == 0)
			finding_fault("keeper.codes", "codes may go by \"%s\", and courier.gateways "
			    "has none of that channel: add one, or leave \"%s\" out here",
			    word_channel[by], word_channel[by]);
	if (settings_may_code(CHANNEL_MAIL))
		finding_advice("keeper.codes", "codes may go by mail: whoever can read the mailbox, "
		    "or knows its password, gets them; and where the mailbox opens with the very "
		    "password that was forgotten, its owner does not.  It is for addresses that "
		    "have a password of their own, in an attribute (registrar.directory."
		    "mail_attribute) that people cannot write themselves");
}

void
keeper_check(void)
{
	check_channels();
	check_proofs();
	check_policies();
	check_limits();
	check_country();
	load(&settings.code_key, &settings.code_key_before, settings.code_key_file, "keeper.code_key");
	load(&settings.audit_key, &settings.audit_key_before, settings.audit_key_file,
	    "keeper.audit_key");
	if (memcmp(settings.code_key, settings.audit_key, sizeof *settings.code_key) == 0)
		finding_fault("keeper.audit_key", "is the same key as keeper.code_key; "
		    "make another with: openssl rand -hex 32");
	check_audit_file();
	if (settings.wishes == 0)
		finding_fault("keeper.wishes", "names nothing that people may ask for");
	if (access(settings.state, W_OK | X_OK) == -1)
		finding_fault("keeper.state", "%s cannot be written to: %s; "
		    "make it with: install -d -o latchkey -m 0700 %s", settings.state,
		    strerror(errno), settings.state);
}
