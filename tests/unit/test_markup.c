/* Pages: values are escaped for the place where they stand, and mistakes are told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "portal/page/template.h"
#include "portal/settings.h"

static char folder[] = "/tmp/latchkey-pages-XXXXXX";
static char told[1024];
static struct lang lang;

static bool
knows(const char *name)
{
	return strlen(name) == 1;	/* a, b, ... */
}

static void
tell(const char *file, int line, const char *text)
{
	(void)file;
	snprintf(told + strlen(told), sizeof told - strlen(told), "%d: %s\n", line, text);
}

static void
write_page(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.html", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct template *
load(const char *text)
{
	const struct template_source source = { { "", folder }, knows, tell };

	told[0] = '\0';
	write_page("page", text);
	return template_load(&source, "page");
}

static int
start(void **state)
{
	char why[600];

	(void)state;
	strcpy(lang.tag, "nl");
	lang.catalog = catalog_load("share/locale/nl.mo", why, sizeof why);
	return lang.catalog == NULL || mkdtemp(folder) == NULL;
}

static int
stop(void **state)
{
	static const char *const names[] = { "page", "part", "loop" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(path, sizeof path, "%s/%s.html", folder, names[i]);
		unlink(path);
	}
	catalog_free(lang.catalog);
	return rmdir(folder);
}

static void
expect(const char *page, const char *values, const char *result)
{
	struct template *t = load(page);
	struct evbuffer *out = evbuffer_new();
	json_t *o = json_loads(values, 0, NULL);

	if (t == NULL)
		fail_msg("%s: %s", page, told);
	assert_non_null(o);
	template_draw(t, out, o, &lang);
	evbuffer_add(out, "", 1);
	assert_string_equal((char *)evbuffer_pullup(out, -1), result);
	evbuffer_free(out);
	json_decref(o);
	template_free(t);
}

static void
test_escape(void **state)
{
	(void)state;
	expect("<p>{{a}}</p>", "{\"a\":\"<b>&\\\"'\"}", "<p>&lt;b&gt;&amp;&quot;&#39;</p>");
	expect("<p title=\"x {{a}}\">", "{\"a\":\"\\\" onclick=\\\"\"}",
	    "<p title=\"x &quot; onclick=&quot;\">");
	expect("{{a}}|{{b}}|{{c}}", "{\"a\":7,\"b\":null}", "7||");
	expect("a {{! {b} }}b", "{}", "a b");
}

static void
test_urls(void **state)
{
	static const char *const bad[] = {
		"javascript:alert(1)", " javascript:x", "data:text/html,x", "//evil.example", "/\\\\evil", "x",
		"JaVaScRiPt:x", "vbscript:x",
	};
	char values[128];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		snprintf(values, sizeof values, "{\"a\":\"%s\"}", bad[i]);
		expect("<a href=\"{{a}}\">", values, "<a href=\"#\">");
	}
	expect("<a href=\"{{a}}\">", "{\"a\":\"/step/code?a=b&c\"}", "<a href=\"/step/code?a=b&amp;c\">");
	expect("<a HREF=\"{{a}}\">", "{\"a\":\"tel:+31\"}", "<a HREF=\"tel:+31\">");
	expect("<a href=\"{{a}}\">", "{\"a\":\"./nl/code.html\"}", "<a href=\"./nl/code.html\">");
	expect("<a href=\"{{a}}\">", "{\"a\":\"https://x/\"}", "<a href=\"https://x/\">");
}

static void
test_sections(void **state)
{
	expect("{{#a}}<i>{{b}}</i>{{/a}}", "{\"a\":[{\"b\":1},{\"b\":2},{}],\"b\":3}",
	    "<i>1</i><i>2</i><i>3</i>");
	expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":\"\"}", "no");
	expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":0}", "no");
	expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":[]}", "no");
	expect("{{#a}}yes{{/a}}{{^a}}no{{/a}}", "{\"a\":true}", "yes");
	expect("<p class=\"x{{#a}} y{{/a}}\"{{#b}} title=\"{{b}}\"{{/b}}>", "{\"a\":1,\"b\":\"z\"}",
	    "<p class=\"x y\" title=\"z\">");
	(void)state;
}

static void
test_texts(void **state)
{
	(void)state;
	expect("{{t Cancel}}", "{}", "Annuleren");
	expect("{{t Nobody translated <this> }}", "{}", "Nobody translated &lt;this&gt;");
	expect("{{t a\n  {a} and {b}}}!", "{\"a\":\"<1>\",\"b\":2}", "a &lt;1&gt; and 2!");
}

static void
test_parts(void **state)
{
	(void)state;
	write_page("part", "<b title=\"{{a}}\">");
	expect("x{{>part}}y", "{\"a\":\"1\"}", "x<b title=\"1\">y");
	write_page("part", "<b title=\"");
	expect("{{>part}}{{a}}\">", "{\"a\":\"1\"}", "<b title=\"1\">");
	write_page("loop", "{{>loop}}");
	assert_null(load("{{>loop}}"));
	assert_non_null(strstr(told, "ends up in itself"));
}

static void
test_mistakes(void **state)
{
	static const struct { const char *page, *told; } cases[] = {
		{ "\n\n{{abc}}", "3: there is no value called \"abc\"" },
		{ "{{t Hello {abc}}}", "1: there is no value called \"abc\"" },
		{ "\n{{#a}}", "2: {{#a}} is never closed" },
		{ "{{/a}}", "1: {{/a}} closes nothing" },
		{ "{{#a}}{{#b}}{{/a}}{{/b}}", "1: {{/a}} closes nothing" },
		{ "\n{{a", "2: {{ is never closed" },
		{ "{{>none}}", "1: the page \"none\" is missing" },
		{ "{{A}}", "1: \"A\" is not a name" },
		{ "{{>../x}}", "1: \"../x\" is not a name" },
		{ "<p {{a}}>", "may stand only in text" },
		{ "<{{a}}>", "may stand only in text" },
		{ "<p title={{a}}>", "may stand only in text" },
		{ "<p title='{{a}}'>", "may stand only in text" },
		{ "<p onclick=\"{{a}}\">", "may stand only in text" },
		{ "<p STYLE=\"{{a}}\">", "may stand only in text" },
		{ "<script>{{a}}</script>", "may stand only in text" },
		{ "<script>'/style' > 1; {{a}}</script>", "may stand only in text" },
		{ "<script>'</scripts>' {{a}}</script>", "may stand only in text" },
		{ "<style></script>{{a}}</style>", "may stand only in text" },
		{ "<script><!--<script></script>{{a}}</script>", "may stand only in text" },
		{ "<style>{{a}}</style>", "may stand only in text" },
		{ "<!-- {{a}} -->", "may stand only in text" },
		{ "<a href=\"/x?{{a}}\">", "must be all of this address" },
		{ "<a href=\"{{a}}{{b}}\">", "must be all of this address" },
		{ "<p {{#a}}title=\"{{/a}}\">", "must stand in the same kind of place" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_null(load(cases[i].page));
		if (strstr(told, cases[i].told) == NULL)
			fail_msg("%s: %s", cases[i].page, told);
	}
	expect("<style>b{}</style >{{a}}<script></SCRIPT>{{a}}", "{\"a\":\"x\"}",
	    "<style>b{}</style >x<script></SCRIPT>x");
	expect("<script src=\"{{a}}\"></script><!-- x --><b>{{b}}", "{\"a\":\"/s\",\"b\":1}",
	    "<script src=\"/s\"></script><!-- x --><b>1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escape), cmocka_unit_test(test_urls), cmocka_unit_test(test_sections),
		cmocka_unit_test(test_texts), cmocka_unit_test(test_parts), cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
