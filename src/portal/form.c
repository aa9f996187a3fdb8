#include "portal/form.h"

#include <string.h>

#include <openssl/crypto.h>

#include "base/text.h"

/*
 * Undo the encoding of ${len} bytes into ${out}.  Return the length, -1 for a
 * broken escape, NUL or broken UTF-8, -2 if there is no room.
 */
static int
decode(char *out, size_t size, const char *data, size_t len)
{
	size_t o = 0;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)data[i], high, low;

		if (c == '%') {
			if (len - i < 3 ||
			    (high = OPENSSL_hexchar2int((unsigned char)data[i + 1])) == -1 ||
			    (low = OPENSSL_hexchar2int((unsigned char)data[i + 2])) == -1)
				return -1;
			c = high << 4 | low;
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		if (o + 1 >= size)
			return -2;
		out[o++] = (char)c;
	}
	out[o] = '\0';
	return text_utf8(out, o) ? (int)o : -1;
}

/* One "name=value". */
static int
take(struct form *f, const char *pair, size_t len)
{
	const char *equals = memchr(pair, '=', len);
	size_t name = equals == NULL ? 0 : (size_t)(equals - pair);
	int r;

	if (name == 0 || f->n == FORM_FIELDS_MOST)
		return -1;
	if ((r = decode(f->fields[f->n].name, sizeof f->fields[0].name, pair, name)) < 0)
		return r;
	if (form_find(f, f->fields[f->n].name) != NULL)
		return -1;
	r = decode(f->fields[f->n].value.text, sizeof f->fields[0].value.text, equals + 1,
	    len - name - 1);
	f->fields[f->n].value.len = r < 0 ? 0 : (size_t)r;
	f->n++;
	return r < 0 ? r : 0;
}

int
form_parse(struct form *f, const char *data, size_t len)
{
	const char *end = data + len;
	int r;

	f->n = 0;
	while (data < end) {
		const char *amp = memchr(data, '&', (size_t)(end - data));
		size_t pair = (size_t)((amp != NULL ? amp : end) - data);

		if ((r = take(f, data, pair)) != 0)
			return r;
		data += pair + (amp != NULL);
		if (amp != NULL && data == end)
			return -1;
	}
	return 0;
}

const struct secret *
form_find(const struct form *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i].value;
	return NULL;
}

const char *
form_text(const struct form *f, const char *name)
{
	const struct secret *value = form_find(f, name);

	return value != NULL ? value->text : "";
}

void
form_wipe(struct form *f)
{
	/* Also the one behind the last: it may be half filled. */
	for (size_t i = 0; i <= f->n && i < FORM_FIELDS_MOST; i++)
		explicit_bzero(f->fields[i].value.text, sizeof f->fields[i].value.text);
	f->n = 0;
}
