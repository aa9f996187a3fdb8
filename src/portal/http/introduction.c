#include "portal/http/introduction.h"

#include <arpa/inet.h>
#include <string.h>

/* No head of HTTP and no handshake of TLS begins like this. */
static const unsigned char mark[12] = "\r\n\r\n\0\r\nQUIT\n";

enum { AT_COMMAND = 12, AT_FAMILY, AT_LENGTH };
enum { COMMAND_LOCAL = 0x20, COMMAND_PROXY };	/* version and command in one byte */

/* Both addresses come first, then both ports. */
static const struct {
	unsigned char	code;		/* family and kind of socket in one byte */
	int		family;
	size_t		len;
} families[] = {
	{ 0x11, AF_INET, 4 + 4 + 2 + 2 },
	{ 0x21, AF_INET6, 16 + 16 + 2 + 2 },
};

static size_t
number(const unsigned char *p)
{
	return (size_t)p[0] << 8 | p[1];
}

size_t
introduction_length(const unsigned char *first)
{
	size_t len = INTRODUCTION_FIRST + number(first + AT_LENGTH);

	return memcmp(first, mark, sizeof mark) == 0 && len <= INTRODUCTION_LONGEST ? len : 0;
}

/* Each part is a type, a length and so many bytes, and the last one ends at the end. */
static int
skip_parts(const unsigned char *p, size_t len)
{
	while (len > 0) {
		if (len < 3 || len - 3 < number(p + 1))
			return -1;
		len -= 3 + number(p + 1);
		p += 3 + number(p + 1);
	}
	return 0;
}

int
introduction_read(const unsigned char *data, size_t len, char *out, size_t size)
{
	const unsigned char *rest = data + INTRODUCTION_FIRST;

	out[0] = '\0';
	if (len < INTRODUCTION_FIRST || introduction_length(data) != len)
		return -1;
	len -= INTRODUCTION_FIRST;
	/* Then whatever else it says is to be passed over. */
	if (data[AT_COMMAND] == COMMAND_LOCAL)
		return 0;
	if (data[AT_COMMAND] != COMMAND_PROXY)
		return -1;
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (data[AT_FAMILY] == families[i].code && len >= families[i].len &&
		    skip_parts(rest + families[i].len, len - families[i].len) == 0)
			return inet_ntop(families[i].family, rest, out, (socklen_t)size) != NULL ? 0 : -1;
	return -1;
}
