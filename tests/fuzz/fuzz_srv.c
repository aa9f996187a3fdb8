/* An answer of the DNS: whatever it holds, only names of hosts come out. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "registrar/ldap/srv.h"

enum { MOST = 8 };

static unsigned int
draw(unsigned int most)
{
	return most / 2;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct srv records[MOST];
	size_t n;
	/* Of just this size, so that a step beyond it is seen. */
	uint8_t *copy = malloc(size > 0 ? size : 1);

	MUST(copy != NULL);
	memcpy(copy, data, size);
	n = srv_read(copy, size, records, MOST);
	MUST(n <= MOST);
	srv_order(records, n, draw);
	for (size_t i = 0; i < n; i++) {
		MUST(records[i].port != 0 && records[i].host[0] != '\0');
		MUST(strpbrk(records[i].host, " ,/:?%[]@") == NULL);
		MUST(i == 0 || records[i - 1].priority <= records[i].priority);
	}
	free(copy);
	return 0;
}
