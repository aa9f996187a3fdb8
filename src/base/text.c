#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

size_t
text_json(char *out, size_t size, const char *text)
{
	size_t o = 0;

	if (size < 3)
		goto err;
	out[o++] = '"';
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (o + 8 > size)
			goto err;
		if (c == '"' || c == '\\') {
			out[o++] = '\\';
			out[o++] = *p;
		} else if (c < 0x20 || c == 0x7f) {
			o += (size_t)snprintf(out + o, 7, "\\u%04x", c);
		} else {
			out[o++] = *p;
		}
	}
	out[o++] = '"';
	out[o] = '\0';
	return o;
err:
	if (size > 0)
		out[0] = '\0';
	return 0;
}

void
text_hex(char *out, const unsigned char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[data[i] >> 4];
		*out++ = digits[data[i] & 15];
	}
	*out = '\0';
}

bool
text_utf8(const char *text, size_t len)
{
	return u8_check((const uint8_t *)text, len) == NULL && memchr(text, '\0', len) == NULL;
}

static bool
is_plain(ucs4_t c)
{
	return !uc_is_property_iso_control(c) && !uc_is_property_bidi_control(c);
}

bool
text_plain(const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	ucs4_t c;

	if (!text_utf8(text, strlen(text)))
		return false;
	while ((p = u8_next(&c, p)) != NULL)
		if (!is_plain(c))
			return false;
	return true;
}

void
text_harmless(char *out, size_t size, const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	size_t left = strlen(text), o = 0;
	ucs4_t c;

	while (left > 0) {
		int n = u8_mbtoucr(&c, p, left);
		bool plain = n > 0 && is_plain(c);
		size_t len = n > 0 ? (size_t)n : 1, room = plain ? len : 4 * len;

		if (o + room >= size)
			break;
		if (plain)
			memcpy(out + o, p, len);
		for (size_t i = 0; !plain && i < len; i++)
			snprintf(out + o + 4 * i, 5, "\\x%02x", p[i]);
		o += room;
		p += len;
		left -= len;
	}
	out[o] = '\0';
}

int
text_fold(char *out, size_t size, const char *text)
{
	size_t len = size - 1;
	uint8_t *folded;
	int r = -1;

	if (!text_utf8(text, strlen(text)))
		return -1;
	folded = u8_casefold((const uint8_t *)text, strlen(text), NULL, UNINORM_NFKC, NULL, &len);
	if (folded != NULL && len < size) {
		memcpy(out, folded, len);
		out[len] = '\0';
		r = 0;
	}
	free(folded);
	return r;
}

size_t
text_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), row[64];

	if (la > 60 || lb > 60)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			row[j] = change < row[j] ? change : row[j];
		}
	}
	return row[lb];
}

void
text_guess(struct guess *g, const char *word, size_t distance)
{
	if (distance > strlen(word) / 3 + 1 || (g->best != NULL && distance >= g->distance))
		return;
	g->best = word;
	g->distance = distance;
}
