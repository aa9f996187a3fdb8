#include "portal/page/page.h"

#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "portal/cookie.h"
#include "portal/page/asset.h"
#include "portal/page/fill.h"
#include "portal/page/phrase.h"
#include "portal/page/template.h"
#include "portal/page/view.h"
#include "portal/settings.h"
#include "wire/house.h"

/* One page a step, and one for where there is none. */
static struct template *pages[STEP__COUNT + 1];
static struct template *const *const stuck = &pages[STEP__COUNT];
static json_t *from_settings;		/* what is the same on every page */

/* How a browser is to treat a field. */
static const struct { const char *type, *inputmode; } kinds[KIND__COUNT] = {
	[KIND_TEXT]	= { "text", NULL },
	[KIND_PHONE]	= { "tel", "tel" },
	/* Not numeric: people write 1 oktober 1984 or 1-10-1984. */
	[KIND_DATE]	= { "text", NULL },
	[KIND_CODE]	= { "text", "numeric" },
	[KIND_PASSWORD]	= { "password", NULL },
	[KIND_CHOICE]	= { "text", NULL },
	[KIND_WORK]	= { "hidden", NULL },
	[KIND_RIDDLE]	= { "text", NULL },
};

static const char *const autocompletes[FIELD__COUNT] = {
	[FIELD_USERNAME] = "username", [FIELD_MOBILE] = "tel", [FIELD_BIRTHDATE] = "bday",
	[FIELD_CODE] = "one-time-code", [FIELD_PASSWORD] = "new-password",
	[FIELD_PASSWORD_AGAIN] = "new-password", [FIELD_OLD_PASSWORD] = "current-password",
	[FIELD_ADDRESS] = "email",
};

/* ---- The values that pages may use ---------------------------------------------- */

static const char *const names[] = {
	/* the step, as the API tells it */
	"seq", "step", "title", "reason", "reason_text", "fields", "choices", "rules", "left",
	"wait", "life", "done", "outcome", "reference",
	/* of each field, choice, rule */
	"name", "kind", "label", "longest", "id", "channel", "hint", "more", "text", "type",
	"inputmode", "autocomplete", "value", "field_hint", "error", "described", "is_password", "is_code",
	"first", "rule", "number", "met_yes", "met_no",
	/* the page */
	"lang", "organisation", "action", "opening", "flow", "csrf", "style_url", "script_url",
	"logo_url", "languages", "tag", "url", "current", "places", "place", "progress", "is_done",
	"is_now", "minutes", "one_left", "terms", "missing", "at_field", "again_later", "kept", "note",
	"can_continue", "has_valid_for", "can_type", "young_days", "gone", "challenge", "puzzles",
	"bits", "price_url", "by_mail", "is_mail", "riddle", "image", "sound",
	/* from the settings */
	"sign_in_url", "valid_for", "desk", "desk_phone", "desk_phone_url", "desk_mail",
	"desk_mail_url", "desk_hours", "desk_url",
};

/* reason_wrong_code and the like: true if it is the one. */
static const struct family {
	const char		*prefix;
	const char *const	*words;
	size_t			 count;
} families[] = {
	{ "reason_", word_reason, REASON__COUNT },
	{ "outcome_", word_outcome, OUTCOME__COUNT },
	{ "wish_", word_wish, WISH__COUNT },
	{ "step_", word_step, STEP__COUNT },
};

/* Pages may use a value of that name. */
static bool
is_known(const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const struct family *f = &families[i];
		size_t len = strlen(f->prefix);

		if (strncmp(name, f->prefix, len) == 0 &&
		    word_find(f->words, f->count, name + len) != -1)
			return true;
	}
	return false;
}

static void
set_text(json_t *o, const char *name, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(o, name, json_string(text));
}

static void
set_flag(json_t *o, const char *name, bool on)
{
	json_object_set_new(o, name, json_boolean(on));
}

static void
set_word(json_t *o, const struct family *f, unsigned int word)
{
	char name[64];

	snprintf(name, sizeof name, "%s%s", f->prefix, f->words[word]);
	set_flag(o, name, true);
}

static void
add_words(json_t *o, const struct msg_step *s)
{
	set_word(o, &families[0], s->reason);
	set_word(o, &families[1], s->outcome);
	set_word(o, &families[2], s->wish);
	set_word(o, &families[3], s->step);
}

/* ---- Fields, choices, rules -------------------------------------------------------- */

/* Who mistyped a date need not type the number again; what nobody may see is typed again. */
static void
add_value(json_t *o, const struct msg_step *s, unsigned int i, const struct msg_answer *typed)
{
	if (typed == NULL || s->fields[i].kind == KIND_PASSWORD ||
	    s->fields[i].kind == KIND_CODE || s->fields[i].kind == KIND_RIDDLE)
		return;
	for (unsigned int j = 0; j < typed->n_fields; j++)
		if (typed->fields[j].name == s->fields[i].name)
			set_text(o, "value", typed->fields[j].value.text);
}

static void
add_field(json_t *o, const struct msg_step *s, unsigned int i, const struct page *p)
{
	enum field name = s->fields[i].name;
	const char *hint = phrase_hint(name, s->fields[i].kind);
	bool wrong = s->at_field && s->at == name && s->reason != REASON_NONE;
	char described[128], text[256];
	json_t *values = json_pack("{s:s}", "organisation", house.organisation);

	set_text(o, "type", kinds[s->fields[i].kind].type);
	set_text(o, "inputmode", kinds[s->fields[i].kind].inputmode);
	set_text(o, "autocomplete", autocompletes[name] != NULL ? autocompletes[name] : "off");
	set_flag(o, "is_password", s->fields[i].kind == KIND_PASSWORD);
	set_flag(o, "is_code", s->fields[i].kind == KIND_CODE);
	add_value(o, s, i, p->typed);
	if (hint != NULL) {
		fill_text(text, sizeof text, lang_text(p->lang, hint), values);
		set_text(o, "field_hint", text);
	}
	if (wrong)
		set_text(o, "error", lang_text(p->lang, phrase_reason(s)));
	snprintf(described, sizeof described, "%s%s%s%s%s", wrong ? "error-" : "",
	    wrong ? word_field[name] : "", hint != NULL ? " hint-" : "",
	    hint != NULL ? word_field[name] : "",
	    name == FIELD_PASSWORD && s->n_rules > 0 ? " rules" : "");
	set_text(o, "described", described);
	json_decref(values);
}

static void
add_choice(json_t *o, const struct msg_step *s, unsigned int i, const struct page *p)
{
	const char *more = phrase_choice_more(s->choices[i].field, s->choices[i].id);

	set_text(o, "name", word_field[s->choices[i].field]);
	set_flag(o, "first", i == 0);
	set_flag(o, "is_mail", s->choices[i].channel == CHANNEL_MAIL);
	if (more != NULL)
		set_text(o, "more", lang_text(p->lang, more));
}

static void
add_rule(json_t *o, const struct msg_step *s, unsigned int i)
{
	set_text(o, "rule", word_rule[s->rules[i].rule]);
	json_object_set_new(o, "number", json_integer(s->rules[i].number));
	set_flag(o, "met_yes", s->rules[i].met == MET_YES);
	set_flag(o, "met_no", s->rules[i].met == MET_NO);
}

/* What the script needs to tick RULE_NAME: the terms, as a JSON list in an attribute. */
static void
add_terms(json_t *o, const struct msg_step *s)
{
	json_t *list = json_array();
	char text[TERMS_MOST * (6 * TERM_LONGEST + 3) + 3];
	size_t len;

	for (unsigned int i = 0; i < s->n_terms; i++)
		json_array_append_new(list, json_string(s->terms[i]));
	len = json_dumpb(list, text, sizeof text - 1, JSON_COMPACT);
	text[len < sizeof text ? len : 0] = '\0';
	set_text(o, "terms", text);
	json_decref(list);
}

static void
add_parts(json_t *o, const struct page *p)
{
	const struct msg_step *s = p->step;
	bool at_shown = false;

	for (unsigned int i = 0; i < s->n_fields; i++) {
		add_field(json_array_get(json_object_get(o, "fields"), i), s, i, p);
		at_shown = at_shown || (s->at_field && s->at == s->fields[i].name &&
		    s->fields[i].kind != KIND_WORK);
	}
	for (unsigned int i = 0; i < s->n_choices; i++)
		add_choice(json_array_get(json_object_get(o, "choices"), i), s, i, p);
	for (unsigned int i = 0; i < s->n_rules; i++)
		add_rule(json_array_get(json_object_get(o, "rules"), i), s, i);
	add_terms(o, s);
	/* Beside its field the reason needs no place of its own. */
	set_flag(o, "at_field", at_shown);
	set_flag(o, "note", !at_shown && s->reason != REASON_NONE && s->n_fields > 0);
	if (s->n_choices > 0)
		set_text(o, "hint", s->choices[0].hint);
	set_flag(o, "by_mail", s->n_choices > 0 && s->choices[0].channel == CHANNEL_MAIL);
}

/* What the script is to solve; of no use where it has been tried. */
static void
add_work(json_t *o, const struct msg_step *s)
{
	if (s->work.puzzles == 0 || s->reason != REASON_NONE)
		return;
	set_text(o, "challenge", s->work.challenge);
	json_object_set_new(o, "puzzles", json_integer(s->work.puzzles));
	json_object_set_new(o, "bits", json_integer(s->work.bits));
}

/* ---- Around them ------------------------------------------------------------------------ */

static void
add_languages(json_t *o, const struct page *p)
{
	json_t *list = json_array();
	const struct lang *l;
	char url[128];

	for (size_t i = 0; (l = lang_at(i)) != NULL; i++) {
		if (p->opening && p->step->wish != WISH_NONE)
			snprintf(url, sizeof url, "%s?wish=%s&lang=%s", p->path, word_wish[p->step->wish],
			    l->tag);
		else
			snprintf(url, sizeof url, "%s?lang=%s", p->path, l->tag);
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "tag", l->tag, "name",
		    lang_text(l, phrase_own_name()), "url", url, "current", l == p->lang));
	}
	/* With one language there is nothing to choose. */
	if (json_array_size(list) == 1)
		json_array_clear(list);
	json_object_set_new(o, "languages", list);
}

static void
add_progress(json_t *o, const struct msg_step *s)
{
	json_t *list = json_array();

	for (unsigned int i = 1; i <= s->places; i++)
		json_array_append_new(list, json_pack("{s:b, s:b}", "is_done", i < s->place, "is_now",
		    i == s->place));
	json_object_set_new(o, "progress", list);
	json_object_set_new(o, "place", json_integer(s->place));
	json_object_set_new(o, "places", json_integer(s->places));
}

/* "tel:" and digits: what a phone can dial. */
static void
add_phone(json_t *o, const char *phone)
{
	char url[80] = "tel:";
	size_t n = 4;

	for (const char *p = phone; *p != '\0' && n + 1 < sizeof url; p++)
		if ((*p >= '0' && *p <= '9') || (*p == '+' && n == 4))
			url[n++] = *p;
	url[n] = '\0';
	set_text(o, "desk_phone", phone);
	if (n > 4)
		set_text(o, "desk_phone_url", url);
}

static json_t *
read_settings(void)
{
	const struct portal_desk *d = &settings.service_desk;
	json_t *o = json_object(), *list = json_array();
	char mail[160];

	add_phone(o, d->phone);
	set_text(o, "desk_mail", d->mail);
	snprintf(mail, sizeof mail, "mailto:%s", d->mail);
	set_text(o, "desk_mail_url", d->mail[0] != '\0' ? mail : "");
	set_text(o, "desk_hours", d->hours);
	set_text(o, "desk_url", d->url);
	set_flag(o, "desk", d->phone[0] != '\0' || d->mail[0] != '\0' || d->url[0] != '\0');
	set_text(o, "sign_in_url", settings.sign_in_url);
	for (size_t i = 0; i < settings.n_valid_for; i++)
		json_array_append_new(list, json_pack("{s:s}", "name", settings.valid_for[i]));
	json_object_set_new(o, "valid_for", list);
	set_flag(o, "has_valid_for", settings.n_valid_for > 0);
	set_text(o, "organisation", house.organisation);
	if (house.young_number_days > 0)
		json_object_set_new(o, "young_days", json_integer(house.young_number_days));
	set_text(o, "style_url", asset_url("style.css"));
	set_text(o, "script_url", asset_url("script.js"));
	set_text(o, "logo_url", asset_url("logo.svg"));
	set_text(o, "price_url", asset_url("price.js"));
	return o;
}

void
page_settle(void)
{
	json_decref(from_settings);
	from_settings = read_settings();
}

static void
add_form(json_t *o, const struct page *p)
{
	const struct msg_step *s = p->step;
	char csrf[CSRF_SIZE], action[64];

	cookie_csrf(s->flow, csrf);
	set_text(o, "csrf", csrf);
	snprintf(action, sizeof action, "%s%s", p->opening ? "/" : "/step/",
	    p->opening ? "" : word_step[s->step]);
	set_text(o, "action", action);
	set_flag(o, "opening", p->opening);
	/* Elsewhere the cookie has it, and the page need not. */
	if (!p->opening)
		json_object_del(o, "flow");
	json_object_set_new(o, "minutes", json_integer((s->life + 59) / 60));
	set_flag(o, "can_type", s->n_fields > 0);
	set_flag(o, "gone", s->gone);
	set_flag(o, "one_left", s->left == 1);
	set_flag(o, "again_later", s->reason == REASON_TRY_LATER || s->reason == REASON_TRY_AGAIN);
	set_flag(o, "can_continue", strncmp(p->path, "/step/", 6) == 0);
}

void
page_draw(const struct page *p, struct evbuffer *out)
{
	const struct msg_step *s = p->step;
	bool none = s->refused || p->missing;
	json_t *o = view_step(s, p->lang);

	add_words(o, s);
	add_parts(o, p);
	add_work(o, s);
	add_languages(o, p);
	add_progress(o, s);
	json_object_update(o, from_settings);
	add_form(o, p);
	set_text(o, "lang", p->lang->tag);
	set_text(o, "step", word_step[s->step]);
	if (p->missing)
		set_text(o, "title", lang_text(p->lang, phrase_missing()));
	set_flag(o, "missing", p->missing);
	set_flag(o, "kept", p->typed != NULL);
	template_draw(none ? *stuck : pages[s->step], out, o, p->lang);
	json_decref(o);
}

/* ---- Start --------------------------------------------------------------------------------- */

static void
page_fault(const char *file, int line, const char *text)
{
	finding_fault("portal.pages", "%s:%d: %s", file, line, text);
}

int
page_start(void)
{
	char folder[300];
	const struct template_source source = {
		.folders = { settings.pages, folder }, .knows = is_known, .fault = page_fault,
	};
	struct template *new[STEP__COUNT + 1];
	int r = 0;

	snprintf(folder, sizeof folder, "%s/pages", settings.share);
	for (int i = 0; i <= STEP__COUNT; i++)
		if ((new[i] = template_load(&source, i < STEP__COUNT ? word_step[i] : "stuck")) == NULL)
			r = -1;
	for (int i = 0; i <= STEP__COUNT; i++) {
		template_free(r == 0 ? pages[i] : new[i]);
		if (r == 0)
			pages[i] = new[i];
	}
	if (r == 0)
		page_settle();
	return r;
}

void
page_each_text(void (*each)(const char *, void *), void *ctx)
{
	for (int i = 0; i <= STEP__COUNT; i++)
		template_each_text(pages[i], each, ctx);
}
