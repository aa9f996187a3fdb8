#include "portal/page/preview.h"

#include <stdio.h>
#include <string.h>

#include "portal/page/page.h"
#include "portal/page/view.h"
#include "portal/settings.h"
#include "wire/house.h"

/* ---- The states ------------------------------------------------------------------- */

#define AT(r, f) .reason = REASON_##r, .at_field = true, .at = FIELD_##f
#define TOP(r) .reason = REASON_##r
#define OPENING(w) .step = STEP_NAME, .opening = true, .wish = WISH_##w
#define NAME .step = STEP_NAME, .wish = WISH_RESET
#define PRICE .step = STEP_PRICE, .wish = WISH_RESET
#define CHOOSE .step = STEP_WISH
#define PROOF .step = STEP_PROOF, .wish = WISH_RESET
#define CODE .step = STEP_CODE, .wish = WISH_RESET
#define SECOND .step = STEP_SECOND, .wish = WISH_RESET
#define PASSWORD .step = STEP_PASSWORD, .wish = WISH_RESET
#define END(o, w) .step = STEP_END, .outcome = OUTCOME_##o, .wish = WISH_##w
#define STUCK .refused = true

static const struct preview_state states[] = {
	{ "name", "The first page", OPENING(NONE) },
	{ "name-reset", "The first page, by a link for a forgotten password", OPENING(RESET) },
	{ "name-unlock", "The first page, by a link for a locked account", OPENING(UNLOCK) },
	{ "name-activate", "The first page, by a link for a new account", OPENING(ACTIVATE) },
	{ "name-long", "The first page of an organisation with a long name", OPENING(NONE),
	    .house = HOUSE_LONG },
	{ "name-empty", "No name was typed", NAME, AT(EMPTY, USERNAME) },
	{ "name-too-long", "The name is too long", NAME, AT(TOO_LONG, USERNAME) },
	{ "name-bad", "The name holds characters that no name has", NAME, AT(BAD_VALUE, USERNAME) },
	{ "name-later", "The directory or the gateway is out of reach", NAME, TOP(TRY_LATER) },
	{ "name-busy", "Too many from that network have failed", NAME, TOP(BUSY_NETWORK) },
	{ "name-again", "The work behind the answer was lost", NAME, TOP(TRY_AGAIN) },

	{ "price", "The browser works", PRICE, .wait = 20 },
	{ "price-bad", "What the browser found is not right", PRICE, AT(BAD_VALUE, CAPTCHA),
	    .wait = 15 },
	{ "price-empty", "Nothing was sent", PRICE, AT(EMPTY, CAPTCHA), .wait = 15 },
	{ "price-too-long", "Too much was sent", PRICE, AT(TOO_LONG, CAPTCHA), .wait = 15 },
	{ "price-riddle", "Something to see or to hear", PRICE, .riddle = true, .wait = 120 },
	{ "price-riddle-wrong", "It was something else", PRICE, AT(BAD_VALUE, CAPTCHA), .riddle = true,
	    .wait = 105 },
	{ "price-riddle-empty", "Nothing was typed", PRICE, AT(EMPTY, CAPTCHA), .riddle = true,
	    .wait = 105 },
	{ "price-riddle-over", "So many were not solved that there are no more", PRICE,
	    AT(BAD_VALUE, CAPTCHA), .riddle = true, .over = true, .wait = 15 },

	{ "wish", "What is going wrong?", CHOOSE },
	{ "wish-empty", "Nothing was chosen", CHOOSE, AT(EMPTY, WISH) },
	{ "wish-bad", "What was chosen is not offered", CHOOSE, AT(BAD_VALUE, WISH) },
	{ "wish-long", "What was chosen is no choice", CHOOSE, AT(TOO_LONG, WISH) },

	{ "proof", "What only the person knows", PROOF },
	{ "proof-long", "With long names and labels", PROOF, .house = HOUSE_LONG },
	{ "proof-no-mobile", "No number was typed", PROOF, AT(EMPTY, MOBILE), .typed = true },
	{ "proof-no-date", "No date was typed", PROOF, AT(EMPTY, BIRTHDATE), .typed = true },
	{ "proof-bad-mobile", "What was typed is no number", PROOF, AT(BAD_VALUE, MOBILE),
	    .typed = true },
	{ "proof-bad-date", "What was typed is no date", PROOF, AT(BAD_VALUE, BIRTHDATE),
	    .typed = true },
	{ "proof-too-long", "What was typed is too long", PROOF, AT(TOO_LONG, MOBILE), .typed = true },
	{ "proof-later", "The directory or the gateway is out of reach", PROOF, TOP(TRY_LATER),
	    .typed = true },
	{ "proof-again", "The work behind the answer was lost", PROOF, TOP(TRY_AGAIN) },

	{ "code", "A code is on its way; another can be sent in a while", CODE, .wait = 60 },
	{ "code-again", "Another code can be sent", CODE },
	{ "code-mail", "It went by mail, which people may choose", CODE, .by_mail = true,
	    .choice = true },
	{ "code-choice", "It can be sent by mail instead", CODE, .choice = true },
	{ "code-unlock", "The code for a locked account", .step = STEP_CODE, .wish = WISH_UNLOCK },
	{ "code-activate", "The code for a new account", .step = STEP_CODE, .wish = WISH_ACTIVATE },
	{ "code-young", "Numbers that were changed lately do not count", CODE, .house = HOUSE_FULL },
	{ "code-bare", "Without a service desk", CODE, .house = HOUSE_BARE },
	{ "code-late", "The code is nearly too old", CODE, .life = 45 },
	{ "code-empty", "No code was typed", CODE, AT(EMPTY, CODE) },
	{ "code-bad", "What was typed is no code", CODE, AT(BAD_VALUE, CODE) },
	{ "code-too-long", "What was typed is too long", CODE, AT(TOO_LONG, CODE) },
	{ "code-wrong", "A wrong code", CODE, AT(WRONG_CODE, CODE), .left = 3 },
	{ "code-one-left", "A wrong code, and one try left", CODE, AT(WRONG_CODE, CODE), .left = 1 },
	{ "code-too-soon", "Another code was asked for too soon", CODE, TOP(TOO_SOON), .wait = 40 },
	{ "code-no-more", "No more codes are sent", CODE, TOP(TOO_MANY) },
	{ "code-later", "The directory or the gateway is out of reach", CODE, TOP(TRY_LATER) },

	{ "second", "A second code is on its way", SECOND, .wait = 60 },
	{ "second-unlock", "The same for a locked account", .step = STEP_SECOND, .wish = WISH_UNLOCK },
	{ "second-bare", "Without a service desk", SECOND, .house = HOUSE_BARE },
	{ "second-long", "Of an organisation with a long name", SECOND, .house = HOUSE_LONG },
	{ "second-empty", "No code was typed", SECOND, AT(EMPTY, CODE) },
	{ "second-bad", "What was typed is no code", SECOND, AT(BAD_VALUE, CODE) },
	{ "second-too-long", "What was typed is too long", SECOND, AT(TOO_LONG, CODE) },
	{ "second-wrong", "A wrong code", SECOND, AT(WRONG_CODE, CODE), .left = 3 },
	{ "second-one-left", "A wrong code, and one try left", SECOND, AT(WRONG_CODE, CODE), .left = 1 },
	{ "second-too-soon", "Another code was asked for too soon", SECOND, TOP(TOO_SOON), .wait = 40 },
	{ "second-no-more", "No more codes are sent", SECOND, TOP(TOO_MANY) },
	{ "second-looking", "The directory takes its time to say where it goes", SECOND, .wait = 1,
	    .unsent = true },
	{ "second-later", "It cannot be sent now", SECOND, TOP(TRY_LATER), .unsent = true },

	{ "password", "The rules, none judged yet", PASSWORD },
	{ "password-met", "The rules hold", PASSWORD, .rules = MET_YES, TOP(TRY_AGAIN) },
	{ "password-no-rules", "The rules are not known", PASSWORD, .rules = PREVIEW_NO_RULES },
	{ "password-long", "Of an organisation with a long name", PASSWORD, .house = HOUSE_LONG },
	{ "password-activate", "The first password", .step = STEP_PASSWORD, .wish = WISH_ACTIVATE },
	{ "password-empty", "Nothing was typed", PASSWORD, AT(EMPTY, PASSWORD) },
	{ "password-once", "It was typed once", PASSWORD, AT(EMPTY, PASSWORD_AGAIN) },
	{ "password-not-same", "The two are not the same", PASSWORD, AT(NOT_SAME, PASSWORD_AGAIN) },
	{ "password-too-long", "Longer than any may be", PASSWORD, AT(TOO_LONG, PASSWORD) },
	{ "password-length", "Too short", PASSWORD, AT(RULE_LENGTH, PASSWORD), .rules = MET_NO },
	{ "password-longest", "Too long", PASSWORD, AT(RULE_LONGEST, PASSWORD), .rules = MET_NO },
	{ "password-classes", "Too few kinds of characters", PASSWORD, AT(RULE_CLASSES, PASSWORD),
	    .rules = MET_NO },
	{ "password-name", "A name is in it", PASSWORD, AT(RULE_NAME, PASSWORD), .rules = MET_NO },
	{ "password-history", "Used before", PASSWORD, AT(RULE_HISTORY, PASSWORD), .rules = MET_NO },
	{ "password-age", "Changed meanwhile, too short ago", PASSWORD, AT(RULE_AGE, PASSWORD),
	    .rules = MET_NO },
	{ "password-quality", "A check of the server's own", PASSWORD, AT(RULE_QUALITY, PASSWORD),
	    .rules = MET_NO },
	{ "password-young", "Changed too short ago: none can be chosen yet", PASSWORD, TOP(RULE_AGE),
	    .wait = 90000 },
	{ "password-young-bare", "The same without a service desk", PASSWORD, TOP(RULE_AGE),
	    .wait = 90000, .house = HOUSE_BARE },
	{ "password-gone", "The old one is gone, and the new one was refused", PASSWORD,
	    AT(RULE_HISTORY, PASSWORD), .rules = MET_NO, .gone = true },
	{ "password-later", "The directory is out of reach", PASSWORD, TOP(TRY_LATER) },

	{ "setting", "A password is being set", .step = STEP_SETTING, .wish = WISH_RESET, .wait = 1 },
	{ "setting-unlock", "An account is being unlocked", .step = STEP_SETTING,
	    .wish = WISH_UNLOCK, .wait = 1 },

	{ "end-reset", "The new password is set", END(RESET, RESET) },
	{ "end-reset-full", "With a list and a place to sign in", END(RESET, RESET),
	    .house = HOUSE_FULL },
	{ "end-reset-bare", "Without a list, and nowhere to sign in", END(RESET, RESET),
	    .house = HOUSE_BARE },
	{ "end-reset-long", "With long names", END(RESET, RESET), .house = HOUSE_LONG },
	{ "end-unlocked", "The account is unlocked", END(UNLOCKED, UNLOCK) },
	{ "end-unlocked-bare", "The same, and nowhere to sign in", END(UNLOCKED, UNLOCK),
	    .house = HOUSE_BARE },
	{ "end-activated", "The first password is set", END(ACTIVATED, ACTIVATE) },
	{ "end-activated-bare", "The same, and nowhere to sign in", END(ACTIVATED, ACTIVATE),
	    .house = HOUSE_BARE },
	{ "end-unknown", "Nobody knows whether the password was set", END(UNKNOWN, RESET) },
	{ "end-unknown-unlock", "Nobody knows whether it was unlocked", END(UNKNOWN, UNLOCK) },
	{ "end-unknown-bare", "The same without a service desk", END(UNKNOWN, RESET),
	    .house = HOUSE_BARE },
	{ "end-stopped", "Stopped", END(STOPPED, RESET) },
	{ "end-stopped-bare", "Stopped, without a service desk", END(STOPPED, RESET), TOP(TOO_MANY),
	    .house = HOUSE_BARE },
	{ "end-too-many", "Too many tries", END(STOPPED, RESET), TOP(TOO_MANY) },
	{ "end-expired", "It took too long", END(STOPPED, RESET), TOP(EXPIRED) },
	{ "end-refused", "It can't be done here", END(STOPPED, RESET), TOP(REFUSED) },
	{ "end-too-often", "It was done too often today", END(STOPPED, RESET), TOP(TOO_OFTEN) },
	{ "end-no-other-way", "A second code is asked, and cannot go another way", END(STOPPED, RESET),
	    TOP(NO_OTHER_WAY) },
	{ "end-later", "The directory can't be reached", END(STOPPED, UNLOCK), TOP(TRY_LATER) },
	{ "end-gone", "Stopped, and the old password is gone", END(STOPPED, RESET), TOP(REFUSED),
	    .gone = true },
	{ "end-left", "The person stopped", END(LEFT, RESET) },
	{ "end-left-gone", "The person stopped, and the old password is gone", END(LEFT, RESET),
	    .gone = true },

	{ "stuck-missing", "404: there is no such page", STUCK, .missing = true },
	{ "stuck-unreadable", "400, 405, 415: what came can't be read", STUCK, TOP(BAD_REQUEST) },
	{ "stuck-unknown", "403, 404: the page is of a way that has ended", STUCK, TOP(UNKNOWN_FLOW) },
	{ "stuck-expired", "404: it took too long", STUCK, TOP(EXPIRED) },
	{ "stuck-refused", "403: it can't be done here", STUCK, TOP(REFUSED) },
	{ "stuck-step", "409: another step", STUCK, TOP(WRONG_STEP) },
	{ "stuck-seq", "409: an earlier page", STUCK, TOP(WRONG_SEQ) },
	{ "stuck-large", "413: too large", STUCK, TOP(TOO_LARGE) },
	{ "stuck-too-many", "429: too many tries", STUCK, TOP(TOO_MANY) },
	{ "stuck-too-soon", "429: too soon", STUCK, TOP(TOO_SOON) },
	{ "stuck-later", "503: not now", STUCK, TOP(TRY_LATER) },
	{ "stuck-again", "503: something went wrong", STUCK, TOP(TRY_AGAIN) },
	{ "stuck-bare", "503, without a service desk", STUCK, TOP(TRY_LATER), .house = HOUSE_BARE },
};

enum { STATES = sizeof states / sizeof states[0] };

const struct preview_state *
preview_at(size_t i)
{
	return i < STATES ? &states[i] : NULL;
}

/* ---- What keeper would send ----------------------------------------------------------- */

static void
add_field(struct msg_step *s, enum field name, enum kind kind, const char *label)
{
	s->fields[s->n_fields].name = name;
	s->fields[s->n_fields].kind = kind;
	s->fields[s->n_fields].longest = 128;
	snprintf(s->fields[s->n_fields++].label, sizeof s->fields[0].label, "%s", label);
}

static void
add_name(const struct preview_state *state, struct msg_step *s)
{
	(void)state;
	add_field(s, FIELD_USERNAME, KIND_TEXT, "");
}

static void
add_price(const struct preview_state *state, struct msg_step *s)
{
	if (state->over)
		return;
	if (state->riddle) {
		add_field(s, FIELD_CAPTCHA, KIND_RIDDLE, "");
		s->riddle = (struct riddle){ "KHXPM", "48213" };
		return;
	}
	add_field(s, FIELD_CAPTCHA, KIND_WORK, "");
	snprintf(s->work.challenge, sizeof s->work.challenge, "preview");
	s->work.puzzles = 32;
	s->work.bits = 13;
}

static void
add_wish(const struct preview_state *state, struct msg_step *s)
{
	(void)state;
	add_field(s, FIELD_WISH, KIND_CHOICE, "");
	for (unsigned int wish = WISH_NONE + 1; wish < WISH__COUNT; wish++) {
		s->choices[s->n_choices].field = FIELD_WISH;
		s->choices[s->n_choices++].id = wish;
	}
}

static void
add_proof(const struct preview_state *state, struct msg_step *s)
{
	(void)state;
	for (size_t i = 0; i < house.n_proofs; i++)
		add_field(s, house_field(&house.proofs[i]), house_kind(&house.proofs[i]),
		    house.proofs[i].label);
}

static void
add_channel(struct msg_step *s, enum channel channel, const char *hint)
{
	s->choices[s->n_choices].field = FIELD_CHOICE;
	s->choices[s->n_choices].id = channel;
	s->choices[s->n_choices].channel = channel;
	snprintf(s->choices[s->n_choices++].hint, sizeof s->choices[0].hint, "%s", hint);
}

static void
add_code(const struct preview_state *state, struct msg_step *s)
{
	add_field(s, FIELD_CODE, KIND_CODE, "");
	if (state->by_mail)
		add_channel(s, CHANNEL_MAIL, "");
	add_channel(s, CHANNEL_SMS, "78");
	if (state->choice && !state->by_mail)
		add_channel(s, CHANNEL_MAIL, "");
}

/* One that cannot be sent yet cannot be typed. */
static void
add_second(const struct preview_state *state, struct msg_step *s)
{
	if (state->unsent)
		return;
	add_field(s, FIELD_CODE, KIND_CODE, "");
	add_channel(s, CHANNEL_MAIL, "");
}

static void
add_rule(struct msg_step *s, enum rule rule, uint32_t number, int met)
{
	s->rules[s->n_rules].rule = rule;
	s->rules[s->n_rules].number = number;
	s->rules[s->n_rules++].met = (enum met)met;
}

/* Of a refused password one rule is broken and the rest hold, but for what was not looked at. */
static int
met(const struct preview_state *state, enum rule rule)
{
	if (state->rules != MET_NO)
		return state->rules;
	return word_rule_reason(rule) == state->reason ? MET_NO :
	    rule == RULE_HISTORY ? MET_OPEN : MET_YES;
}

static void
add_password(const struct preview_state *state, struct msg_step *s)
{
	static const uint32_t numbers[RULE__COUNT] = {
		[RULE_LENGTH] = 12, [RULE_LONGEST] = 64, [RULE_CLASSES] = 3, [RULE_HISTORY] = 5,
	};

	if (state->wait > 0) {
		add_rule(s, RULE_AGE, state->wait, MET_NO);
		return;
	}
	add_field(s, FIELD_PASSWORD, KIND_PASSWORD, "");
	add_field(s, FIELD_PASSWORD_AGAIN, KIND_PASSWORD, "");
	for (int rule = 0; rule < RULE__COUNT && state->rules != PREVIEW_NO_RULES; rule++)
		if (rule != RULE_AGE)
			add_rule(s, (enum rule)rule, numbers[rule], met(state, (enum rule)rule));
	snprintf(s->terms[s->n_terms++], sizeof s->terms[0], "jansen");
}

static void (*const adds[STEP__COUNT])(const struct preview_state *, struct msg_step *) = {
	[STEP_NAME] = add_name, [STEP_PRICE] = add_price, [STEP_WISH] = add_wish,
	[STEP_PROOF] = add_proof, [STEP_CODE] = add_code, [STEP_SECOND] = add_second,
	[STEP_PASSWORD] = add_password,
};

/* Page 2 of 5: with no wish said yet there is a page for it, and unlocking takes no password. */
static void
place(const struct preview_state *state, struct msg_step *s)
{
	static const enum step pages[] = {
		STEP_NAME, STEP_WISH, STEP_PROOF, STEP_CODE, STEP_SECOND, STEP_PASSWORD, STEP_END
	};
	enum step at = state->step == STEP_SETTING ? STEP_PASSWORD :
	    state->step == STEP_PRICE ? STEP_NAME : state->step;

	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		if ((pages[i] == STEP_WISH && state->wish != WISH_NONE) ||
		    (pages[i] == STEP_SECOND && at != STEP_SECOND) ||
		    (pages[i] == STEP_PASSWORD && state->wish == WISH_UNLOCK && at != STEP_PASSWORD))
			continue;
		s->places++;
		if (pages[i] == at)
			s->place = s->places;
	}
}

void
preview_step(const struct preview_state *state, struct msg_step *s)
{
	view_refusal(s, state->reason);
	s->refused = state->refused;
	/* An example that is easy to tell from a real one; a page that is missing has none. */
	if (!state->missing)
		reference_read("PREV-1EW0", &s->reference);
	if (state->refused)
		return;
	snprintf(s->flow, sizeof s->flow, "preview");
	s->step = state->step;
	s->wish = state->wish;
	s->at_field = state->at_field;
	s->at = state->at;
	s->outcome = state->outcome;
	s->gone = state->gone;
	s->left = state->left;
	s->wait = state->wait;
	s->life = state->life != 0 ? state->life : 600;
	place(state, s);
	if (adds[state->step] != NULL)
		adds[state->step](state, s);
}

const struct msg_answer *
preview_typed(const struct preview_state *state, struct msg_answer *a)
{
	static const char *const samples[FIELD__COUNT] = {
		[FIELD_MOBILE] = "06 - 12 34 56 78", [FIELD_BIRTHDATE] = "31-2-1984",
	};

	if (!state->typed)
		return NULL;
	memset(a, 0, sizeof *a);
	a->step = state->step;
	for (size_t i = 0; i < house.n_proofs; i++) {
		enum field name = house_field(&house.proofs[i]);
		bool empty = state->reason == REASON_EMPTY && state->at == name;
		const char *sample = empty || samples[name] == NULL ? "" : samples[name];

		a->fields[a->n_fields].name = name;
		secret_set(&a->fields[a->n_fields++].value, sample, strlen(sample));
	}
	return a;
}

/* ---- The house that they stand in ------------------------------------------------------- */

static struct house house_as_set;
static struct portal_settings settings_as_set;

/* An example where the admin has said nothing. */
#define FILL(where, text) \
	do { \
		if ((where)[0] == '\0') \
			snprintf((where), sizeof(where), "%s", text); \
	} while (0)

static void
be_bare(void)
{
	memset(&settings.service_desk, 0, sizeof settings.service_desk);
	settings.sign_in_url[0] = '\0';
	settings.n_valid_for = 0;
	house.young_number_days = 0;
}

static void
be_full(void)
{
	FILL(settings.service_desk.phone, "010 123 45 67");
	FILL(settings.service_desk.mail, "servicedesk@example.nl");
	FILL(settings.service_desk.hours, "8:00 - 17:30");
	FILL(settings.service_desk.url, "https://example.nl/servicedesk");
	FILL(settings.sign_in_url, "https://example.nl/");
	if (settings.n_valid_for == 0) {
		snprintf(settings.valid_for[0], sizeof settings.valid_for[0], "Mail");
		snprintf(settings.valid_for[1], sizeof settings.valid_for[1], "VPN");
		settings.n_valid_for = 2;
	}
	if (house.young_number_days == 0)
		house.young_number_days = 7;
}

static void
be_long(void)
{
	static const char name[] = "Samenwerkingsverband Ziekenhuisapothekersorganisaties Brabant";

	be_full();
	snprintf(house.organisation, sizeof house.organisation, "%s", name);
	for (size_t i = 0; i < house.n_proofs; i++)
		snprintf(house.proofs[i].label, sizeof house.proofs[i].label,
		    "Zoals het in het personeelsinformatiesysteem staat");
	snprintf(settings.service_desk.mail, sizeof settings.service_desk.mail,
	    "servicedesk-informatievoorziening@ziekenhuisapothekersorganisaties.example.nl");
	snprintf(settings.service_desk.hours, sizeof settings.service_desk.hours,
	    "Maandag tot en met vrijdag 7:30 - 21:00, zaterdag en feestdagen 9:00 - 13:00");
	for (settings.n_valid_for = 0; settings.n_valid_for < VALID_FOR_MOST; settings.n_valid_for++)
		snprintf(settings.valid_for[settings.n_valid_for], sizeof settings.valid_for[0],
		    "%s", settings.n_valid_for % 2 == 0 ? "Elektronisch-patiëntendossier en agenda" :
		    "Mail");
}

void
preview_enter(const struct preview_state *state)
{
	static void (*const bes[])(void) = {
		[HOUSE_BARE] = be_bare, [HOUSE_FULL] = be_full, [HOUSE_LONG] = be_long,
	};

	house_as_set = house;
	settings_as_set = settings;
	if (state->house != HOUSE_AS_SET)
		bes[state->house]();
	page_settle();
}

void
preview_leave(void)
{
	house = house_as_set;
	settings = settings_as_set;
	page_settle();
}
