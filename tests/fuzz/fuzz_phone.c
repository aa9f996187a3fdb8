/* A telephone number: the result is one, and reads as itself. */
#include <stdlib.h>
#include <string.h>

#include "base/phone.h"
#include "fuzz.h"

static const char *const countries[] = { "31", "32", "39", "1", "7", "44", "358" };
enum { N_COUNTRIES = sizeof countries / sizeof countries[0] };

static void
check(const char *number, const char *country)
{
	size_t digits = strspn(number + 1, "0123456789");
	char again[PHONE_SIZE];

	MUST(number[0] == '+' && number[1] != '0');
	MUST(digits >= 8 && digits <= 15 && number[1 + digits] == '\0');
	MUST(phone_read(number, country, again, sizeof again) == 0);
	MUST(strcmp(number, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), number[PHONE_SIZE];

	for (size_t i = 0; i < N_COUNTRIES; i++) {
		if (phone_read(text, countries[i], number, sizeof number) == 0)
			check(number, countries[i]);
		else
			MUST(number[0] == '\0');
	}
	free(text);
	return 0;
}
