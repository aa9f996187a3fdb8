/*
 * What people type as a proof, and what the directory holds: the one form in which they
 * are compared reads as itself, and nothing in it is left of what was not understood.
 */
#include <string.h>

#include "fuzz.h"
#include "registrar/proof.h"
#include "wire/house.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char nothing[SECRET_LONGEST + 1];
	static struct secret typed, plain, again;

	strcpy(house.country, "31");
	if (secret_set(&typed, data, size) == -1)
		return 0;
	for (enum kind kind = KIND_TEXT; kind <= KIND_DATE; kind++) {
		if (proof_plain(kind, typed.text, &plain) == -1) {
			MUST(plain.len == 0 && memcmp(plain.text, nothing, sizeof nothing) == 0);
			continue;
		}
		MUST(plain.len > 0 && strlen(plain.text) == plain.len);
		MUST(proof_plain(kind, plain.text, &again) == 0 && secret_equal(&plain, &again));
	}
	return 0;
}
