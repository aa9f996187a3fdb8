/* The admin's own pages: a page that is let through keeps a value what it is, text. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "portal/page/template.h"

/*
 * Each mark that could become markup, behind a letter that no page here has itself, nor can
 * have once a value or a section of it turns out to be empty.
 */
#define LETTER "\xc6\xa3"
static const char values[] =
    "{\"a\": \"" LETTER "<" LETTER ">" LETTER "&" LETTER "\\\"" LETTER "'\","
    " \"u\": \"javascript:" LETTER "()\", \"n\": 7, \"yes\": true, \"no\": false,"
    " \"list\": [{\"b\": \"" LETTER "<script>\"}, {\"b\": \"\"}], \"empty\": []}";
static const char part[] = "<p>{{a}}</p>";

static struct lang lang;
static json_t *shown;
static int told;

static bool
knows(const char *name)
{
	static const char *const names[] = { "a", "b", "u", "n", "yes", "no", "list", "empty" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void
tell(const char *file, int line, const char *text)
{
	MUST(file[0] != '\0' && line >= 0 && text[0] != '\0');
	told++;
}

static void
start(void)
{
	char why[256], path[128];

	fuzz_catalog("nl.mo");
	fuzz_write("part.html", part, sizeof part - 1);
	strcpy(lang.tag, "nl");
	strcat(strcat(strcpy(path, fuzz_folder()), "/"), "nl.mo");
	MUST((lang.catalog = catalog_load(path, why, sizeof why)) != NULL);
	MUST((shown = json_loads(values, 0, NULL)) != NULL);
}

/* An address that a browser would follow, and a script that it would run. */
static const char followed[] =
    "<[a-z]+( [a-z]+=\"[^\"<>]*\")* (href|src|action|formaction)=\"javascript:" LETTER;
static const char run[] = "(^|>)[^<]*<(script|style)([ /][^>]*)?>[^<]*" LETTER;

static bool
matches(const char *text, const char *expression)
{
	regex_t r;
	bool found;

	MUST(regcomp(&r, expression, REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0);
	found = regexec(&r, text, 0, NULL, 0) == 0;
	regfree(&r);
	return found;
}

static void
check_drawn(const char *text)
{
	static const char *const never[] = {
		LETTER "<", LETTER ">", LETTER "\"", LETTER "'"
	};

	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
		MUST(strstr(text, never[i]) == NULL);
	MUST(strstr(text, "javascript:") == NULL || !matches(text, followed));
	/* Between quotes and in a remark a tag is none; an expression can't tell. */
	if (strpbrk(text, "\"'") == NULL && strstr(text, "<!") == NULL)
		MUST(!matches(text, run));
}

static void
draw(const struct template *t)
{
	struct evbuffer *out = evbuffer_new();

	MUST(out != NULL);
	template_draw(t, out, shown, &lang);
	evbuffer_add(out, "", 1);
	check_drawn((const char *)evbuffer_pullup(out, -1));
	evbuffer_free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct template_source source = { { "", fuzz_folder() }, knows, tell };
	struct template *t;

	if (shown == NULL)
		start();
	if (memchr(data, LETTER[0], size) != NULL)
		return 0;
	fuzz_write("page.html", data, size);
	told = 0;
	t = template_load(&source, "page");
	MUST((t == NULL) == (told > 0));
	if (t != NULL)
		draw(t);
	template_free(t);
	return 0;
}
