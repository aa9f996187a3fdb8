#include "keeper/budget.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/network.h"
#include "base/phone.h"
#include "base/text.h"
#include "keeper/halt.h"
#include "keeper/keeper.h"
#include "keeper/meter.h"
#include "keeper/settings.h"
#include "keeper/wish.h"
#include "wire/house.h"

enum {
	KNOWN_DAYS = 90,	/* that a network stays known to be a person's own */
	WARN_PART = 5,		/* of a total: a fifth is left when the log says so */
	WRONG_OF_ONE = 5	/* wrong codes for one account that count for all */
};

enum budget {
	BUDGET_ADDRESS, BUDGET_NAME, BUDGET_ACCOUNT, BUDGET_ACCOUNT_FROM, BUDGET_NUMBER,
	BUDGET_COUNTRY, BUDGET_MESSAGES, BUDGET_RESETS, BUDGET_UNLOCKS, BUDGET_WRONG_CODES,
	BUDGET_WRONG_HERE, BUDGET_KNOWN,
	BUDGET__COUNT
};

/* The names are what the audit says; the limits are settings, and NULL is none. */
static const struct {
	const char	*name;
	const int	*limit[SPAN__COUNT];
} budgets[BUDGET__COUNT] = {
	[BUDGET_ACCOUNT] = { "account",
	    { &settings.limits.account_hour, &settings.limits.account_day } },
	[BUDGET_ACCOUNT_FROM] = { "account from there", { &settings.limits.account_from_hour } },
	[BUDGET_NUMBER] = { "number",
	    { &settings.limits.number_hour, &settings.limits.number_day } },
	[BUDGET_COUNTRY] = { "country",
	    { &settings.limits.country_hour, &settings.limits.country_day } },
	[BUDGET_MESSAGES] = { "messages",
	    { &settings.limits.messages_hour, &settings.limits.messages_day } },
	[BUDGET_RESETS] = { "resets", { [SPAN_DAY] = &settings.limits.resets_day } },
	[BUDGET_UNLOCKS] = { "unlocks", { [SPAN_DAY] = &settings.limits.unlocks_day } },
	[BUDGET_NAME] = { "name", { [SPAN_DAY] = &settings.limits.name_day } },
	[BUDGET_ADDRESS] = { "address", { &settings.limits.address_hour } },
	[BUDGET_WRONG_CODES] = { "wrong codes", { &settings.limits.wrong_codes_hour } },
	[BUDGET_WRONG_HERE] = { "wrong codes here", { NULL } },
	[BUDGET_KNOWN] = { "known", { NULL } },
};

/* ---- One of them -------------------------------------------------------------------- */

/* What is spent of one budget, for one person, number, network or name. */
struct purse {
	enum budget		 budget;
	struct handle		 key;
	const unsigned char	*whose;		/* goes with a pardon for this account; or NULL */
	struct meter		 meter;
};

/* Nobody learns from the store who or where: the key is a keyed hash. */
static void
name_key(enum budget budget, const struct piece *subject, size_t n, struct handle *key)
{
	unsigned char kind = (unsigned char)budget, mac[HASH_SIZE];
	struct piece pieces[5] = { { "budget", 6 }, { &kind, 1 } };

	for (size_t i = 0; i < n; i++)
		pieces[2 + i] = subject[i];
	seal_hmac(settings.code_key, pieces, 2 + n, mac);
	memcpy(key->byte, mac, HANDLE_SIZE);
}

static void
read_spent(struct keeper *k, struct purse *p)
{
	unsigned char bytes[METER_PACKED];
	size_t len = store_get_budget(k->store, &p->key, bytes, sizeof bytes);

	memset(&p->meter, 0, sizeof p->meter);
	if (len > 0 && meter_unpack(&p->meter, bytes, len) == -1)
		memset(&p->meter, 0, sizeof p->meter);
}

static void
look_up(struct keeper *k, struct purse *p, enum budget budget, const unsigned char *whose,
    const struct piece *subject, size_t n)
{
	p->budget = budget;
	p->whose = whose;
	name_key(budget, subject, n, &p->key);
	read_spent(k, p);
}

static void
write_spent(struct keeper *k, const struct purse *p, int64_t until)
{
	unsigned char bytes[METER_PACKED];

	meter_pack(&p->meter, bytes);
	store_put_budget(k->store, &p->key, p->whose, until, bytes, sizeof bytes);
}

static void
spend(struct keeper *k, struct purse *p)
{
	int64_t now = clock_now();

	meter_add(&p->meter, now);
	write_spent(k, p, meter_until(now));
}

static bool
is_spent(const struct purse *p)
{
	int64_t now = clock_now();

	for (int span = 0; span < SPAN__COUNT; span++) {
		const int *limit = budgets[p->budget].limit[span];

		if (limit != NULL && meter_count(&p->meter, (enum span)span, now) >= (uint32_t)*limit)
			return true;
	}
	return false;
}

static void
give_back(struct keeper *k, struct purse *p, int64_t at)
{
	meter_take_back(&p->meter, at);
	write_spent(k, p, meter_until(clock_now()));
}

/* ---- Before it is known who asks ------------------------------------------------------ */

static bool
is_shared(const char *addr)
{
	for (size_t i = 0; i < settings.limits.n_shared; i++)
		if (network_has(addr, settings.limits.shared[i]))
			return true;
	return false;
}

/* Who has no address that is one shares one budget: it comes over a UNIX socket. */
static void
look_up_address(struct keeper *k, const char *addr, struct purse *p)
{
	unsigned char network[NETWORK_SIZE] = { 0 };

	network_of(addr, network);
	look_up(k, p, BUDGET_ADDRESS, NULL, (struct piece[]){ { network, sizeof network } }, 1);
}

static void
look_up_name(struct keeper *k, const char *name, struct purse *p)
{
	char folded[4 * NAME_LONGEST + 1];

	if (text_fold(folded, sizeof folded, name) == -1)
		folded[0] = '\0';
	look_up(k, p, BUDGET_NAME, NULL, (struct piece[]){ { folded, strlen(folded) } }, 1);
	explicit_bzero(folded, sizeof folded);
}

enum reason
budget_welcome(struct keeper *k, const char *addr)
{
	struct purse there;

	look_up_address(k, addr, &there);
	return !is_shared(addr) && meter_count(&there.meter, SPAN_HOUR, clock_now()) >=
	    (uint32_t)settings.limits.address_most_hour ? REASON_BUSY_NETWORK : REASON_NONE;
}

void
budget_come(struct keeper *k, struct flow *f, const char *addr)
{
	struct purse there;

	look_up_address(k, addr, &there);
	spend(k, &there);
	f->charged_at = clock_now();
	f->charged_to = there.key;
}

bool
budget_begin(struct keeper *k, const struct secret *name, const char *addr)
{
	struct purse there, called;
	bool suspicious;

	look_up_address(k, addr, &there);
	look_up_name(k, name->text, &called);
	suspicious = is_spent(&there) || is_spent(&called);
	spend(k, &called);
	return suspicious;
}

/* ---- Messages ------------------------------------------------------------------------- */

static void
look_up_total(struct keeper *k, enum budget budget, struct purse *p)
{
	look_up(k, p, budget, NULL, NULL, 0);
}

/* Once, when it comes to it: not a line a message. */
static void
warn_if_nearly_spent(const struct purse *p)
{
	int64_t now = clock_now();

	for (int span = 0; span < SPAN__COUNT; span++) {
		uint32_t limit = (uint32_t)*budgets[p->budget].limit[span];

		if (meter_count(&p->meter, (enum span)span, now) == limit - limit / WARN_PART)
			log_warnx("of the %u messages that may leave in %s a fifth is left: see "
			    "keeper.limits.messages_%s", limit, span == SPAN_HOUR ? "an hour" : "a day",
			    span == SPAN_HOUR ? "hour" : "day");
	}
}

bool
budget_out_of_messages(struct keeper *k)
{
	struct purse total;

	look_up_total(k, BUDGET_MESSAGES, &total);
	return is_spent(&total);
}

static void
look_up_known(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], const char *addr,
    struct purse *p)
{
	unsigned char network[NETWORK_SIZE] = { 0 };

	network_of(addr, network);
	look_up(k, p, BUDGET_KNOWN, NULL,
	    (struct piece[]){ { account, ACCOUNT_SIZE }, { network, sizeof network } }, 2);
}

/* A number may be several people's: who was refused last is who can be pardoned. */
static const char *
refuse(struct keeper *k, const struct purse *p)
{
	write_spent(k, p, meter_until(clock_now()));
	return budgets[p->budget].name;
}

const char *
budget_message(struct keeper *k, const struct flow *f, const char *to, const char *addr,
    struct spent *spent)
{
	struct purse all[PURSES_MOST], known;
	char country[PHONE_COUNTRY_SIZE];
	unsigned char from[NETWORK_SIZE] = { 0 }, own;
	size_t n = 0;

	/* What strangers can spend is not what is kept for who came from there before. */
	look_up_known(k, f->account, addr, &known);
	own = known.meter.span[SPAN_DAY].newest != 0;
	network_of(addr, from);
	look_up(k, &all[n++], BUDGET_ACCOUNT, f->account,
	    (struct piece[]){ { f->account, ACCOUNT_SIZE }, { &own, 1 } }, 2);
	/* Nobody asks for a second code who has not had, and typed, a first. */
	if (f->step != STEP_SECOND)
		look_up(k, &all[n++], BUDGET_ACCOUNT_FROM, f->account,
	    (struct piece[]){ { f->account, ACCOUNT_SIZE }, { from, sizeof from } }, 2);
	/* Kept for her alone: others may have written her number into their own account. */
	look_up(k, &all[n++], BUDGET_NUMBER, f->account,
	    (struct piece[]){ { to, strlen(to) }, { &own, 1 },
	    { f->account, own ? ACCOUNT_SIZE : 0 } }, 3);
	phone_country(to, country);
	if (country[0] != '\0' && strcmp(country, house.country) != 0)
		look_up(k, &all[n++], BUDGET_COUNTRY, NULL,
		    (struct piece[]){ { country, strlen(country) } }, 1);
	look_up_total(k, BUDGET_MESSAGES, &all[n++]);
	for (size_t i = 0; i < n; i++)
		if (is_spent(&all[i]))
			return refuse(k, &all[i]);
	*spent = (struct spent){ .at = clock_now() };
	for (size_t i = 0; i < n; i++) {
		spend(k, &all[i]);
		spent->from[spent->n++] = all[i].key;
	}
	warn_if_nearly_spent(&all[n - 1]);
	return NULL;
}

void
budget_message_back(struct keeper *k, const struct spent *spent)
{
	for (unsigned int i = 0; i < spent->n; i++) {
		struct purse p = { .key = spent->from[i] };

		read_spent(k, &p);
		give_back(k, &p, spent->at);
	}
}

/* ---- After the right code ----------------------------------------------------------------- */

/* Or who knows the proofs of a few could have it halted for everybody. */
static bool
counts_for_all(struct keeper *k, const struct flow *f)
{
	struct purse here;

	look_up(k, &here, BUDGET_WRONG_HERE, f->account,
	    (struct piece[]){ { f->account, ACCOUNT_SIZE } }, 1);
	spend(k, &here);
	return meter_count(&here.meter, SPAN_HOUR, clock_now()) <= WRONG_OF_ONE;
}

void
budget_wrong_code(struct keeper *k, const struct flow *f)
{
	uint32_t most = (uint32_t)settings.limits.wrong_codes_hour;
	struct purse total;
	uint32_t count;

	if (!counts_for_all(k, f))
		return;
	look_up_total(k, BUDGET_WRONG_CODES, &total);
	spend(k, &total);
	count = meter_count(&total.meter, SPAN_HOUR, clock_now());
	if (count == most / 2)
		log_warnx("%u wrong codes within an hour, half of what keeper.limits.wrong_codes_hour "
		    "allows: somebody may be guessing", count);
	if (count < most || halt_holds(k, HALT_RECOVER))
		return;
	log_warnx("%u wrong codes within an hour: recovery is halted; when you know why, run: "
	    "latchkey resume recover", count);
	halt_set(k, HALT_RECOVER, true);
}

void
budget_not_failed(struct keeper *k, struct flow *f)
{
	struct purse there = { .budget = BUDGET_ADDRESS, .key = f->charged_to };

	if (f->charged_at == 0)
		return;
	read_spent(k, &there);
	give_back(k, &there, f->charged_at);
	f->charged_at = 0;
}

void
budget_proved(struct keeper *k, struct flow *f, const char *addr)
{
	struct purse known;

	budget_not_failed(k, f);
	look_up_known(k, f->account, addr, &known);
	meter_add(&known.meter, clock_now());
	write_spent(k, &known, clock_now() + (int64_t)KNOWN_DAYS * DAY);
}

static void
look_up_wish(struct keeper *k, const struct flow *f, struct purse *p)
{
	look_up(k, p, wish_rows[f->wish].password ? BUDGET_RESETS : BUDGET_UNLOCKS, f->account,
	    (struct piece[]){ { f->account, ACCOUNT_SIZE } }, 1);
}

bool
budget_allows(struct keeper *k, const struct flow *f)
{
	struct purse done;

	look_up_wish(k, f, &done);
	return !is_spent(&done);
}

void
budget_order(struct keeper *k, const struct flow *f, int64_t at)
{
	struct purse done;

	look_up_wish(k, f, &done);
	meter_add(&done.meter, at);
	write_spent(k, &done, meter_until(at));
}

void
budget_take_back(struct keeper *k, const struct flow *f, int64_t at)
{
	struct purse done;

	look_up_wish(k, f, &done);
	give_back(k, &done, at);
}

/* ---- An admin's word ------------------------------------------------------------------------ */

static void
tell(struct msg_looked_up *out, const struct purse *p, enum span span, enum tally tally)
{
	out->tallies[tally].spent = meter_count(&p->meter, span, clock_now());
	out->tallies[tally].limit = (uint32_t)*budgets[p->budget].limit[span];
}

void
budget_tell(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], struct msg_looked_up *out)
{
	struct piece whose[2] = { { account, ACCOUNT_SIZE } };
	struct purse p;

	for (unsigned char known = 0; known <= 1; known++) {
		whose[1] = (struct piece){ &known, 1 };
		look_up(k, &p, BUDGET_ACCOUNT, account, whose, 2);
		tell(out, &p, SPAN_HOUR, known ? TALLY_KNOWN_HOUR : TALLY_MESSAGES_HOUR);
		tell(out, &p, SPAN_DAY, known ? TALLY_KNOWN_DAY : TALLY_MESSAGES_DAY);
	}
	look_up(k, &p, BUDGET_RESETS, account, whose, 1);
	tell(out, &p, SPAN_DAY, TALLY_RESETS_DAY);
	look_up(k, &p, BUDGET_UNLOCKS, account, whose, 1);
	tell(out, &p, SPAN_DAY, TALLY_UNLOCKS_DAY);
}

void
budget_forget_wrong_codes(struct keeper *k)
{
	struct purse total;

	look_up_total(k, BUDGET_WRONG_CODES, &total);
	store_drop_budget(k->store, &total.key);
}

void
budget_pardon(struct keeper *k, const unsigned char account[ACCOUNT_SIZE], const char *name)
{
	struct purse called;

	store_drop_budgets(k->store, account);
	look_up_name(k, name, &called);
	store_drop_budget(k->store, &called.key);
}
