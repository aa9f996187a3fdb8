/* A message by a translator's text: it holds the code as it is, or it is not written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "courier/letter.h"
#include "courier/settings.h"
#include "fuzz.h"
#include "wire/house.h"

static const char english[] = "{code} is your recovery code for {organisation}, valid for {minutes} "
    "minutes. Never give it to anyone.\n\n@{host} #{code}";
static char *said;
static size_t said_size;

static void
start(void)
{
	char path[128];

	snprintf(path, sizeof path, "%s/locale", fuzz_folder());
	MUST(mkdir(path, 0700) == 0);
	snprintf(settings.share, sizeof settings.share, "%s", fuzz_folder());
	strcpy(settings.languages[0], "nl");
	settings.n_languages = 1;
	strcpy(house.organisation, "Linde & {code}");
	strcpy(house.public_url, "https://linde.nl:444/x");
	MUST((stderr = open_memstream(&said, &said_size)) != NULL);
}

/* A catalogue of one text; what stands in it is two tables of a row, and the texts. */
static void
write_catalog(const uint8_t *data, size_t size)
{
	static char file[8192];
	const uint32_t at = 44, behind = at + sizeof english;
	const uint32_t head[11] = {
		0x950412deU, 0, 1, 28, 36, 0, 44, sizeof english - 1, at, (uint32_t)size, behind
	};

	memcpy(file, head, sizeof head);
	memcpy(file + at, english, sizeof english);
	memcpy(file + behind, data, size);
	file[behind + size] = '\0';
	fuzz_write("locale/nl.mo", file, behind + size + 1);
}

static void
check(const struct msg_send *m)
{
	static struct letter l;

	if (letter_write(&l, m) == 0) {
		MUST(strcmp(l.to.text, "+31612345678") == 0);
		MUST(strstr(l.text.text, "12345678") != NULL && strlen(l.text.text) == l.text.len);
		MUST(text_utf8(l.text.text, l.text.len));
		letter_is_gsm(l.text.text);
	}
	letter_wipe(&l);
	MUST(l.text.len == 0 && l.text.text[0] == '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct msg_send m = { .address = "+31612345678", .lang = "nl", .minutes = 10 };

	if (size > 4096)
		return 0;
	if (said == NULL)
		start();
	MUST(secret_set(&m.code, "12345678", 8) == 0);
	write_catalog(data, size);
	rewind(stderr);
	letter_prepare();
	fflush(stderr);
	/* An empty translation, or one with a NUL in it, is another text. */
	if (said_size == 0)
		check(&m);
	letter_forget();
	return 0;
}
