#include "portal/api.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/log.h"
#include "base/text.h"
#include "portal/page/view.h"

static void *
must_alloc(size_t size)
{
	void *p = malloc(size);

	if (p == NULL)
		fatalx("no memory for JSON");
	return p;
}

void
api_start(void)
{
	json_set_alloc_funcs(must_alloc, free);
}

/* ---- Reading -------------------------------------------------------------------- */

/* Only these names, and no more; no name that is needed may be missing. */
struct member {
	const char	*name;
	json_type	 type;
	bool		 needed;	/* else it may also be null */
};

static bool
fits(const json_t *object, const struct member *members)
{
	size_t found = 0;

	for (const struct member *m = members; m->name != NULL; m++) {
		const json_t *v = json_object_get(object, m->name);

		if (v != NULL)
			found++;
		if (v == NULL || (json_is_null(v) && !m->needed)) {
			if (m->needed)
				return false;
		} else if (json_typeof(v) != m->type) {
			return false;
		}
	}
	return found == json_object_size(object);
}

/* NULL if it is not an object of these members. */
static json_t *
read_object(const char *data, size_t len, const struct member *members)
{
	json_t *o = json_loadb(data, len, JSON_REJECT_DUPLICATES, NULL);

	if (o != NULL && json_is_object(o) && fits(o, members))
		return o;
	json_decref(o);
	return NULL;
}

/* A member as text; "" if it is absent or null.  Return -1 if it does not fit, or is not plain. */
static int
copy_text(char *out, size_t size, const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);
	const char *text = json_is_string(v) ? json_string_value(v) : "";

	if ((size_t)snprintf(out, size, "%s", text) < size && text_plain(out))
		return 0;
	out[0] = '\0';
	return -1;
}

static int
copy_word(const json_t *object, const char *name, const char *const *words, size_t count)
{
	return word_find(words, count, json_string_value(json_object_get(object, name)));
}

enum reason
api_read_open(struct msg *m, const char *data, size_t len, const char *lang)
{
	static const struct member members[] = {
		{ "journey", JSON_STRING, true }, { "wish", JSON_STRING, false },
		{ "lang", JSON_STRING, false }, { NULL, JSON_NULL, false },
	};
	json_t *o = read_object(data, len, members);
	int journey, wish = WISH_NONE;
	const struct lang *wanted;
	char tag[64];
	enum reason r = REASON_BAD_REQUEST;

	memset(m, 0, sizeof *m);
	m->type = MSG_OPEN;
	if (o == NULL)
		return REASON_BAD_REQUEST;
	if ((journey = copy_word(o, "journey", word_journey, JOURNEY__COUNT)) == -1 ||
	    copy_text(tag, sizeof tag, o, "lang") == -1)
		goto out;
	if (json_is_string(json_object_get(o, "wish")) &&
	    (wish = copy_word(o, "wish", word_wish, WISH__COUNT)) <= WISH_NONE)
		goto out;
	/* A language that we lack is no mistake: the person gets the best that we have. */
	wanted = tag[0] != '\0' ? lang_accepted(tag) : NULL;
	m->u.open.journey = (enum journey)journey;
	m->u.open.wish = (enum wish)wish;
	snprintf(m->u.open.lang, sizeof m->u.open.lang, "%s", wanted != NULL ? wanted->tag : lang);
	r = REASON_NONE;
out:
	json_decref(o);
	return r;
}

static enum reason
read_fields(struct msg_answer *a, json_t *fields)
{
	const char *name;
	json_t *value;

	json_object_foreach(fields, name, value) {
		int field = word_find(word_field, FIELD__COUNT, name);

		if (field == -1 || !json_is_string(value) || a->n_fields == FIELDS_MOST)
			return REASON_BAD_REQUEST;
		/* It holds no NUL: jansson does not let one through. */
		if (secret_set(&a->fields[a->n_fields].value, json_string_value(value),
		    json_string_length(value)) == -1)
			return REASON_TOO_LARGE;
		a->fields[a->n_fields++].name = (enum field)field;
	}
	return REASON_NONE;
}

enum reason
api_read_answer(struct msg *m, const char *data, size_t len)
{
	static const struct member members[] = {
		{ "flow", JSON_STRING, true }, { "seq", JSON_INTEGER, true },
		{ "step", JSON_STRING, true }, { "fields", JSON_OBJECT, true },
		{ NULL, JSON_NULL, false },
	};
	json_t *o = read_object(data, len, members);
	json_int_t seq;
	int step;
	enum reason r;

	memset(m, 0, sizeof *m);
	m->type = MSG_ANSWER;
	if (o == NULL)
		return REASON_BAD_REQUEST;
	seq = json_integer_value(json_object_get(o, "seq"));
	if (copy_text(m->u.answer.flow, sizeof m->u.answer.flow, o, "flow") == -1)
		r = REASON_UNKNOWN_FLOW;
	else if (seq < 0 || seq > UINT32_MAX)
		r = REASON_WRONG_SEQ;
	else if ((step = copy_word(o, "step", word_step, STEP__COUNT)) == -1)
		r = REASON_BAD_REQUEST;
	else if ((r = read_fields(&m->u.answer, json_object_get(o, "fields"))) == REASON_NONE) {
		m->u.answer.seq = (uint32_t)seq;
		m->u.answer.step = (enum step)step;
	}
	json_decref(o);
	return r;
}

/* Where a code is sent once more, perhaps by another of the channels that were told. */
static enum reason
read_choice(struct msg_flow *f, const json_t *object)
{
	const char *id = json_string_value(json_object_get(object, "choice"));
	int channel = id == NULL ? -1 : view_choice(id);

	f->chosen = channel != -1;
	f->choice = f->chosen ? (enum channel)channel : CHANNEL_SMS;
	return id == NULL || f->chosen ? REASON_NONE : REASON_BAD_REQUEST;
}

enum reason
api_read_flow(struct msg *m, const char *data, size_t len)
{
	static const struct member members[] = {
		{ "flow", JSON_STRING, true }, { NULL, JSON_NULL, false },
	}, again[] = {
		{ "flow", JSON_STRING, true }, { "choice", JSON_STRING, false },
		{ NULL, JSON_NULL, false },
	};
	json_t *o = read_object(data, len, m->type == MSG_AGAIN ? again : members);
	enum reason r;

	memset(&m->u.flow, 0, sizeof m->u.flow);
	if (o == NULL)
		return REASON_BAD_REQUEST;
	r = copy_text(m->u.flow.flow, sizeof m->u.flow.flow, o, "flow") == -1 ?
	    REASON_UNKNOWN_FLOW : read_choice(&m->u.flow, o);
	json_decref(o);
	return r;
}

/* ---- Writing ----------------------------------------------------------------------- */

int
api_status(const struct msg_step *s)
{
	static const struct { enum reason reason; int status; } table[] = {
		{ REASON_TOO_LARGE, 413 }, { REASON_UNKNOWN_FLOW, 404 }, { REASON_EXPIRED, 404 },
		{ REASON_WRONG_STEP, 409 }, { REASON_WRONG_SEQ, 409 }, { REASON_TRY_LATER, 503 },
		{ REASON_TRY_AGAIN, 503 }, { REASON_TOO_MANY, 429 }, { REASON_TOO_SOON, 429 },
		{ REASON_REFUSED, 403 },
	};

	if (!s->refused)
		return 200;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (table[i].reason == s->reason)
			return table[i].status;
	return 400;
}

static int
add(const char *data, size_t len, void *out)
{
	return evbuffer_add(out, data, len);
}

void
api_write(struct evbuffer *out, const struct msg_step *s, const struct lang *lang)
{
	json_t *view = view_step(s, lang);

	json_dump_callback(view, add, out, JSON_COMPACT);
	json_decref(view);
}
