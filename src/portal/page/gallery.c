#include "portal/page/gallery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/program.h"
#include "portal/page/asset.h"
#include "portal/page/lang.h"
#include "portal/page/page.h"
#include "portal/page/preview.h"
#include "portal/page/template.h"
#include "portal/settings.h"

const char *gallery_folder;

/* ---- Files ------------------------------------------------------------------------ */

static bool
is_empty(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	if (d == NULL)
		return false;
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n == 2;	/* itself, and the one above */
}

/* A folder that others filled is theirs. */
static int
make_folder(const char *path)
{
	if (mkdir(path, 0755) == 0 || (errno == EEXIST && is_empty(path)))
		return 0;
	if (errno == EEXIST)
		log_warnx("%s is there and is no empty folder; name one that is new or empty", path);
	else
		log_warn("the folder %s can't be made; name one where you may write", path);
	return -1;
}

static int
write_file(const char *path, struct evbuffer *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), n = 0;

	while (fd != -1 && evbuffer_get_length(text) > 0 && (n = evbuffer_write(text, fd)) > 0)
		continue;
	if (fd == -1 || n == -1 || close(fd) == -1) {
		log_warn("%s can't be written", path);
		return -1;
	}
	return 0;
}

static int
write_assets(void)
{
	const struct asset *a;
	char path[4096];
	int r;

	snprintf(path, sizeof path, "%s/static", gallery_folder);
	r = make_folder(path);
	for (size_t i = 0; r == 0 && (a = asset_at(i)) != NULL; i++) {
		struct evbuffer *text = evbuffer_new();

		snprintf(path, sizeof path, "%s/static/%s", gallery_folder, a->name);
		evbuffer_add(text, a->data, a->len);
		r = write_file(path, text);
		evbuffer_free(text);
	}
	return r;
}

/* ---- Pages ------------------------------------------------------------------------- */

/* Where an address of the portal leads to on disk; what is asked by a form leads nowhere. */
static void
add_address(struct evbuffer *out, const char *url, size_t len, const struct preview_state *state)
{
	const char *lang = memmem(url, len, "lang=", 5), *wish = memmem(url, len, "wish=", 5);

	if (len > 8 && strncmp(url, "/static/", 8) == 0)
		evbuffer_add_printf(out, "..%.*s", (int)len, url);
	else if (lang != NULL)
		evbuffer_add_printf(out, "../%.*s/%s.html", (int)(url + len - lang) - 5, lang + 5,
		    state->name);
	else if (wish != NULL)
		evbuffer_add_printf(out, "name-%.*s.html", (int)(url + len - wish) - 5, wish + 5);
	else if (len == 1)
		evbuffer_add_printf(out, "name.html");
	else if (len == 5 && strncmp(url, "/left", 5) == 0)
		evbuffer_add_printf(out, "end-left.html");
	else
		evbuffer_add(out, "#", 1);
}

/* Every address within the house begins with a slash, behind a quote. */
static struct evbuffer *
on_disk(struct evbuffer *page, const struct preview_state *state)
{
	struct evbuffer *out = evbuffer_new();
	const char *text, *at;

	evbuffer_add(page, "", 1);
	text = (const char *)evbuffer_pullup(page, -1);
	while ((at = strstr(text, "=\"/")) != NULL) {
		size_t len = strcspn(at + 2, "\"");

		evbuffer_add(out, text, (size_t)(at - text) + 2);
		add_address(out, at + 2, len, state);
		text = at + 2 + len;
	}
	evbuffer_add(out, text, strlen(text));
	return out;
}

static int
write_page(const struct lang *lang, const struct preview_state *state)
{
	struct evbuffer *drawn = evbuffer_new(), *page;
	struct msg_answer answer;
	struct msg_step step;
	char path[4096];
	int r;

	preview_enter(state);
	preview_step(state, &step);
	snprintf(path, sizeof path, "/step/%s", word_step[step.step]);
	page_draw(&(struct page){ .step = &step, .lang = lang, .path = state->opening ? "/" : path,
	    .opening = state->opening, .missing = state->missing,
	    .typed = preview_typed(state, &answer) }, drawn);
	preview_leave();
	snprintf(path, sizeof path, "%s/%s/%s.html", gallery_folder, lang->tag, state->name);
	page = on_disk(drawn, state);
	r = write_file(path, page);
	evbuffer_free(page);
	evbuffer_free(drawn);
	return r;
}

static int
write_pages(const struct lang *lang, int *written)
{
	const struct preview_state *state;
	char path[4096];
	int r;

	snprintf(path, sizeof path, "%s/%s", gallery_folder, lang->tag);
	r = make_folder(path);
	for (size_t i = 0; r == 0 && (state = preview_at(i)) != NULL; i++) {
		r = write_page(lang, state);
		*written += r == 0;
	}
	return r;
}

/* ---- What shows them ------------------------------------------------------------------ */

static const char *const group_texts[STEP__COUNT + 1] = {
	[STEP_NAME] = "Who are you?", [STEP_PRICE] = "What keeps robots out",
	[STEP_WISH] = "Forgot, or locked?",
	[STEP_PROOF] = "What only you know", [STEP_CODE] = "The code",
	[STEP_SECOND] = "A second code, where a policy asks it",
	[STEP_PASSWORD] = "The new password", [STEP_SETTING] = "While it is done",
	[STEP_END] = "How it ended", [STEP__COUNT] = "Where people get stuck",
};

static bool
is_known(const char *name)
{
	static const char *const names[] = {
		"groups", "text", "states", "name", "pages", "tag", "url",
	};

	return word_find(names, sizeof names / sizeof names[0], name) != -1;
}

static void
fault(const char *file, int line, const char *text)
{
	log_warnx("%s:%d: %s", file, line, text);
}

static json_t *
show_state(const struct preview_state *state)
{
	json_t *pages = json_array();
	const struct lang *l;
	char url[128];

	for (size_t i = 0; (l = lang_at(i)) != NULL; i++) {
		snprintf(url, sizeof url, "./%s/%s.html", l->tag, state->name);
		json_array_append_new(pages, json_pack("{s:s, s:s}", "tag", l->tag, "url", url));
	}
	/* It is shown in the first language. */
	snprintf(url, sizeof url, "./%s/%s.html", lang_at(0)->tag, state->name);
	return json_pack("{s:s, s:s, s:s, s:o}", "name", state->name, "text", state->text, "url", url,
	    "pages", pages);
}

static json_t *
show_group(int group)
{
	json_t *states = json_array();
	const struct preview_state *state;

	for (size_t i = 0; (state = preview_at(i)) != NULL; i++)
		if ((state->refused ? STEP__COUNT : (int)state->step) == group)
			json_array_append_new(states, show_state(state));
	return json_pack("{s:s, s:o}", "text", group_texts[group], "states", states);
}

static int
write_index(void)
{
	char folder[300], path[4096];
	const struct template_source source = {
		.folders = { settings.pages, folder }, .knows = is_known, .fault = fault,
	};
	struct template *t;
	struct evbuffer *out;
	json_t *groups, *all;
	int r;

	snprintf(folder, sizeof folder, "%s/pages", settings.share);
	if ((t = template_load(&source, "gallery")) == NULL)
		return -1;
	out = evbuffer_new();
	groups = json_array();
	for (int group = 0; group <= STEP__COUNT; group++)
		json_array_append_new(groups, show_group(group));
	all = json_pack("{s:o}", "groups", groups);
	template_draw(t, out, all, lang_at(0));
	snprintf(path, sizeof path, "%s/index.html", gallery_folder);
	r = write_file(path, out);
	json_decref(all);
	evbuffer_free(out);
	template_free(t);
	return r;
}

int
gallery_run(void)
{
	const struct lang *l;
	int r, written = 0;

	/* They are there to be shown around. */
	umask(S_IWGRP | S_IWOTH);
	r = make_folder(gallery_folder);
	if (r == 0)
		r = write_assets();
	for (size_t i = 0; r == 0 && (l = lang_at(i)) != NULL; i++)
		r = write_pages(l, &written);
	if (r == 0 && (r = write_index()) == 0)
		printf("%d pages; open %s/index.html\n", written, gallery_folder);
	return r == 0 ? 0 : 1;
}
