/*
 * A list of people and their birth dates.  Nothing of it is repeated, neither to the log
 * nor as a record, where no directory knows anybody: all that is said is in small
 * letters, and no line holds any here.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/hash_list.h"
#include "registrar/ldap/servers.h"
#include "registrar/settings.h"
#include "wire/house.h"

static char *said, *printed;
static size_t said_size, printed_size;

static void
start(void)
{
	char key[64];

	memset(key, '7', sizeof key);
	fuzz_write("key", key, sizeof key);
	snprintf(registrar.proof_key, sizeof registrar.proof_key, "%s/key", fuzz_folder());
	registrar.deadline = 10;
	strcpy(registrar.directory.mechanism, "EXTERNAL");
	house.n_proofs = 1;
	strcpy(house.proofs[0].attribute, "birthDate");
	/* As the settings count them: the second field, and the second kind. */
	house.proofs[0].field = house.proofs[0].kind = 1;
	servers_share();
	MUST((stderr = open_memstream(&said, &said_size)) != NULL);
	MUST((stdout = open_memstream(&printed, &printed_size)) != NULL);
}

static size_t
count_lines(const char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *list = malloc(size + 1);
	FILE *in;

	if (said == NULL)
		start();
	MUST(list != NULL);
	for (size_t i = 0; i < size; i++)
		list[i] = (char)toupper(data[i]);
	list[size] = '\n';
	MUST((in = fmemopen(list, size + 1, "r")) != NULL);
	stdin = in;
	rewind(stderr);
	hash_list_run();
	fflush(stderr);
	for (size_t i = 0; i < said_size; i++)
		MUST(said[i] == '\n' || (said[i] >= ' ' && !isupper((unsigned char)said[i])));
	MUST(count_lines(said, said_size) <= count_lines(list, size + 1) + 1);
	fflush(stdout);
	MUST(printed_size == 0);
	fclose(in);
	free(list);
	return 0;
}
