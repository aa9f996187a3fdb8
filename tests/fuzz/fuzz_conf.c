/* A settings file: what is taken is in range, and each mistake is told and counted. */
#include <stdbool.h>
#include <string.h>

#include "base/conf.h"
#include "fuzz.h"
#include "wire/house.h"

struct row { char name[8]; int size; };
struct all {
	char text[16];
	int number, word;
	bool flag;
	unsigned int words;
	char texts[3][8];
	size_t n_texts;
	struct row rows[2];
	size_t n_rows;
	struct inner { char phone[16]; } inner;
};

static const char *const colours[] = { "red", "green", "blue", NULL };
static const struct setting row_table[] = {
	CONF_IS_TEXT("name", struct row, name, 1, NULL, "a name"),
	CONF_IS_NUMBER("size", struct row, size, 0, 9, "5", "a size"),
	{ .name = NULL },
};
static const struct setting inner_table[] = {
	CONF_IS_TEXT("phone", struct inner, phone, 0, "none", "a phone"),
	{ .name = NULL },
};
static const struct setting table[] = {
	CONF_IS_TEXT("text", struct all, text, 1, "some", "some text"),
	CONF_IS_NUMBER("number", struct all, number, 1, 100, "42", "a number"),
	CONF_IS_WORD("colour", struct all, word, colours, "green", "a colour"),
	CONF_IS_BOOL("flag", struct all, flag, "true", "a flag"),
	CONF_IS_WORDS("colours", struct all, words, colours, "red blue", "some colours"),
	CONF_IS_TEXTS("texts", struct all, texts, n_texts, 1, "a b", "some texts"),
	CONF_IS_ROWS("rows", struct all, rows, n_rows, 0, row_table, "some rows"),
	CONF_IS_GROUP("inner", struct all, inner, inner_table, "a group"),
	{ .name = NULL },
};

/* libconfig does not free all of a text that it cannot read, and nothing here allocates. */
const char *__asan_default_options(void);

const char *
__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void
tell(void *ctx, int line, const char *setting, const char *text)
{
	int *told = ctx;

	MUST(line >= 0 && setting != NULL && text[0] != '\0');
	(*told)++;
}

static void
check(const struct all *a)
{
	MUST(memchr(a->text, '\0', sizeof a->text) != NULL && a->text[0] != '\0');
	MUST(a->number >= 1 && a->number <= 100);
	MUST(a->word >= 0 && a->word <= 2 && a->words <= 7);
	MUST(a->n_texts >= 1 && a->n_texts <= 3 && a->n_rows <= 2);
	for (size_t i = 0; i < a->n_texts; i++)
		MUST(memchr(a->texts[i], '\0', sizeof a->texts[i]) != NULL);
	for (size_t i = 0; i < a->n_rows; i++)
		MUST(a->rows[i].name[0] != '\0' && a->rows[i].size >= 0 && a->rows[i].size <= 9);
	MUST(memchr(a->inner.phone, '\0', sizeof a->inner.phone) != NULL);
	MUST(house.n_proofs <= PROOFS_MOST);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct all a;
	const struct conf_section sections[] = {
		{ .name = NULL, .table = house_settings, .out = &house },
		{ .name = "all", .table = table, .out = &a },
		{ .name = "other", .table = NULL },
		CONF_END,
	};
	char path[32];
	int told = 0;

	/* Which files there are to be included is this machine's affair. */
	if (memmem(data, size, "include", 7) != NULL)
		return 0;
	memset(&a, 0, sizeof a);
	memset(&house, 0, sizeof house);
	fuzz_file(data, size, path);
	MUST(conf_read(path, sections, tell, &told) == told);
	if (told == 0)
		check(&a);
	return 0;
}
