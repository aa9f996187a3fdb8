#include "portal/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "portal/cookie.h"

struct visit *
visit_new(struct http *h, const struct request *r)
{
	struct visit *v = calloc(1, sizeof *v);
	char tag[LANG_LONGEST + 1];

	if (v == NULL)
		fatalx("no memory for a request");
	v->http = h;
	v->langs = lang_hold();
	snprintf(v->path, sizeof v->path, "%s", r->head.path);
	cookie_flow(r->head.value[HEADER_COOKIE], v->flow, sizeof v->flow);
	cookie_lang(r->head.value[HEADER_COOKIE], tag, sizeof tag);
	v->lang = lang_find(tag);
	v->chosen = v->lang != NULL;
	if (!v->chosen)
		v->lang = lang_accepted(r->head.value[HEADER_ACCEPT_LANGUAGE]);
	return v;
}

void
visit_free(struct visit *v)
{
	if (v->typed != NULL)
		explicit_bzero(v->typed, sizeof *v->typed);
	free(v->typed);
	lang_release(v->langs);
	free(v);
}
