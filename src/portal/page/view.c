#include "portal/page/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/clock.h"
#include "base/log.h"
#include "portal/counts.h"
#include "portal/page/fill.h"
#include "portal/page/moment.h"
#include "portal/page/phrase.h"
#include "portal/page/picture.h"
#include "portal/page/voice.h"
#include "wire/house.h"

static json_t *
text_or_null(const char *text)
{
	return text != NULL && text[0] != '\0' ? json_string(text) : json_null();
}

/*
 * ${english} in the language of the page, its {names} filled in; null for NULL.
 * {time} is so many seconds from now.
 */
static json_t *
said(const struct lang *lang, const char *english, long long number)
{
	char text[512], time[128] = "";
	json_t *values;

	if (english == NULL)
		return json_null();
	if (strstr(english, "{time}") != NULL)
		moment_text(lang, clock_now() + number, time, sizeof time);
	values = json_pack("{s:I, s:s, s:s}", "number", (json_int_t)number, "organisation",
	    house.organisation, "time", time);
	fill_text(text, sizeof text, lang_text(lang, english), values);
	json_decref(values);
	return json_string(text);
}

static json_t *
view_fields(const struct msg_step *s, const struct lang *lang)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < s->n_fields; i++) {
		const char *own = s->fields[i].label;
		json_t *label = own[0] != '\0' ? json_string(own) :
		    said(lang, phrase_label(s->fields[i].name, s->fields[i].kind), 0);

		json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:I}",
		    "name", word_field[s->fields[i].name], "kind", word_kind[s->fields[i].kind],
		    "label", label, "longest", (json_int_t)s->fields[i].longest));
	}
	return list;
}

static json_t *
view_choices(const struct msg_step *s, const struct lang *lang)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < s->n_choices; i++) {
		bool wish = s->choices[i].field == FIELD_WISH;
		char id[16];

		/* What is to be sent back as the field's value. */
		if (wish)
			snprintf(id, sizeof id, "%s", word_wish[s->choices[i].id]);
		else
			snprintf(id, sizeof id, "%u", s->choices[i].id);
		json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:o}", "id", id,
		    "channel", wish ? json_null() : json_string(word_channel[s->choices[i].channel]),
		    "hint", text_or_null(s->choices[i].hint),
		    "label", said(lang, phrase_choice(s->choices[i].field, s->choices[i].id,
		    s->choices[i].channel), 0)));
	}
	return list;
}

int
view_choice(const char *id)
{
	int channel = id[0] - '0';

	return channel >= 0 && channel < CHANNEL__COUNT && id[1] == '\0' ? channel : -1;
}

static json_t *
reference_or_null(const struct reference *r)
{
	char text[REFERENCE_TEXT];

	reference_text(r, text);
	return text_or_null(text);
}

/* A rule is named as the reason that says that it is broken. */
static json_t *
view_rules(const struct msg_step *s, const struct lang *lang)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < s->n_rules; i++)
		json_array_append_new(list, json_pack("{s:s, s:o, s:o}",
		    "name", word_reason[word_rule_reason(s->rules[i].rule)],
		    "text", said(lang, phrase_rule(s->rules[i].rule), s->rules[i].number),
		    "met", s->rules[i].met == MET_OPEN ? json_null() :
		    json_boolean(s->rules[i].met == MET_YES)));
	return list;
}

void
view_refusal(struct msg_step *s, enum reason reason)
{
	memset(s, 0, sizeof *s);
	s->refused = true;
	s->reason = reason;
}

/* Whoever hammers on a house without keeper must not fill the log. */
static bool
may_tell(void)
{
	enum { LINES_A_SECOND = 10 };
	static int64_t second;
	static int lines;

	if (second != clock_now()) {
		second = clock_now();
		lines = 0;
	}
	return lines++ < LINES_A_SECOND;
}

void
view_away(struct msg_step *s)
{
	view_refusal(s, REASON_TRY_LATER);
	counts_silence();
	if (!may_tell())
		return;
	reference_new(&s->reference);
	log_about(&s->reference);
	log_info("keeper gave no answer; a person was told to try later");
	log_about(NULL);
}

static json_t *
view_work(const struct work *w)
{
	if (w->puzzles == 0)
		return json_null();
	return json_pack("{s:s, s:I, s:I}", "challenge", w->challenge, "puzzles",
	    (json_int_t)w->puzzles, "bits", (json_int_t)w->bits);
}

/* What a browser shows, or plays, as it stands there. */
static json_t *
data_url(const char *type, struct evbuffer *data)
{
	size_t len = evbuffer_get_length(data), head = strlen(type) + sizeof "data:;base64," - 1;
	char *url = malloc(head + len / 3 * 4 + 5);
	json_t *text;

	if (url == NULL)
		fatal("no memory");
	snprintf(url, head + 1, "data:%s;base64,", type);
	EVP_EncodeBlock((unsigned char *)url + head, evbuffer_pullup(data, -1), (int)len);
	text = json_string(url);
	free(url);
	evbuffer_drain(data, len);
	return text;
}

static json_t *
view_riddle(const struct riddle *r, const struct lang *lang)
{
	struct evbuffer *data;
	json_t *image, *sound;

	if (r->letters[0] == '\0')
		return json_null();
	if ((data = evbuffer_new()) == NULL)
		fatal("no memory");
	picture_draw(r, data);
	image = data_url("image/png", data);
	sound = voice_say(r, lang, data) == 0 ? data_url("audio/wav", data) : json_null();
	evbuffer_free(data);
	return json_pack("{s:o, s:o}", "image", image, "sound", sound);
}

json_t *
view_step(const struct msg_step *s, const struct lang *lang)
{
	/* A refusal for want of a flow stands at no step. */
	bool somewhere = s->flow[0] != '\0';
	bool done = somewhere && s->outcome != OUTCOME_NONE;

	return json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:b, s:o, s:o,"
	    "s:o, s:o}",
	    "flow", text_or_null(s->flow),
	    "seq", (json_int_t)s->seq,
	    "step", somewhere ? json_string(word_step[s->step]) : json_null(),
	    "title", said(lang, phrase_title(s), 0),
	    "reason", s->reason != REASON_NONE ? json_string(word_reason[s->reason]) : json_null(),
	    "reason_text", said(lang, phrase_reason(s), s->wait),
	    "fields", view_fields(s, lang),
	    "choices", view_choices(s, lang),
	    "rules", view_rules(s, lang),
	    "left", (json_int_t)s->left,
	    "wait", (json_int_t)s->wait,
	    "life", (json_int_t)s->life,
	    "done", done,
	    "outcome", done ? json_string(word_outcome[s->outcome]) : json_null(),
	    "reference", reference_or_null(&s->reference),
	    "work", view_work(&s->work),
	    "riddle", view_riddle(&s->riddle, lang));
}
