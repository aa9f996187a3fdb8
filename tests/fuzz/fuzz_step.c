/* What keeper says of a step: whatever the wire lets through, the JSON API can say. */
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "base/text.h"
#include "fuzz.h"
#include "portal/api.h"
#include "portal/settings.h"

static void
start(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/locale", fuzz_folder());
	MUST(mkdir(path, 0700) == 0);
	fuzz_catalog("locale/nl.mo");
	snprintf(settings.share, sizeof settings.share, "%s", fuzz_folder());
	strcpy(settings.languages[0], "nl");
	settings.n_languages = 1;
	MUST(lang_start() == 0);
	api_start();
}

static void
check_json(const struct msg_step *s, json_t *o)
{
	static const char *const always[] = {
		"flow", "seq", "step", "title", "reason", "reason_text", "fields", "choices", "left",
		"wait", "life", "done"
	};
	const char *flow;

	MUST(json_is_object(o));
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		MUST(json_object_get(o, always[i]) != NULL);
	MUST(json_array_size(json_object_get(o, "fields")) == s->n_fields);
	MUST(json_array_size(json_object_get(o, "choices")) == s->n_choices);
	MUST(json_integer_value(json_object_get(o, "seq")) == s->seq);
	flow = json_string_value(json_object_get(o, "flow"));
	MUST(flow == NULL ? s->flow[0] == '\0' : strcmp(flow, s->flow) == 0);
}

/* Keeper's texts are: the directory's names and the admin's labels were looked at there. */
static bool
is_utf8(const struct msg_step *s)
{
	bool is = text_utf8(s->flow, strlen(s->flow)) && text_utf8(s->lang, strlen(s->lang));

	for (size_t i = 0; i < s->n_fields; i++)
		is = is && text_utf8(s->fields[i].label, strlen(s->fields[i].label));
	for (size_t i = 0; i < s->n_choices; i++)
		is = is && text_utf8(s->choices[i].hint, strlen(s->choices[i].hint));
	for (size_t i = 0; i < s->n_terms; i++)
		is = is && text_utf8(s->terms[i], strlen(s->terms[i]));
	return is;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct evbuffer *out;
	static struct msg m;
	json_t *o;

	if (out == NULL) {
		MUST((out = evbuffer_new()) != NULL);
		start();
	}
	if (msg_unpack(&m, data, size, ROLE_KEEPER, ROLE_PORTAL) != MSG_GOOD || m.type != MSG_STEP)
		return 0;
	MUST(api_status(&m.u.step) == 200 ||
	    (api_status(&m.u.step) >= 400 && api_status(&m.u.step) <= 503));
	api_write(out, &m.u.step, lang_at(0));
	evbuffer_add(out, "", 1);
	o = json_loads((const char *)evbuffer_pullup(out, -1), 0, NULL);
	if (is_utf8(&m.u.step))
		check_json(&m.u.step, o);
	json_decref(o);
	evbuffer_drain(out, evbuffer_get_length(out));
	return 0;
}
