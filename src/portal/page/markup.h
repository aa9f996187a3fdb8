/*
 * markup.h - where in a piece of HTML one stands, and what must be escaped there.
 */
#ifndef PORTAL_MARKUP_H
#define PORTAL_MARKUP_H

#include <event2/buffer.h>
#include <stdbool.h>
#include <stddef.h>

enum markup_place {
	MARKUP_TEXT,		/* between tags, or in a quoted attribute: escape */
	MARKUP_URL,		/* at the begin of an address: look where it leads */
	MARKUP_IN_URL,		/* behind the begin of one: can't be judged */
	MARKUP_NOWHERE		/* in a tag, a script, a remark: can't be made safe */
};

struct markup {
	enum markup_state {
		IN_TEXT, IN_TAG_NAME, IN_TAG, IN_NAME, BEFORE_VALUE, IN_QUOTED, IN_UNQUOTED,
		IN_REMARK, IN_CODE
	}	state;
	char	tag[16], name[16];	/* of the tag and the attribute, lower case */
	size_t	value;			/* bytes of the attribute's value so far */
	char	tail[20];		/* the last bytes, to see where a remark or script ends */
};

/** markup_begin(markup): at the begin of a page. */
void markup_begin(struct markup *);

/** markup_read(markup, text, len): walk over this. */
void markup_read(struct markup *, const char *text, size_t len);

/** markup_place(markup): what kind of place this is for a value. */
enum markup_place markup_place(const struct markup *);

/** markup_filled(markup): a value was put here. */
void markup_filled(struct markup *);

/** markup_same(a, b): the same kind of place. */
bool markup_same(const struct markup *, const struct markup *);

/** markup_url_is_safe(url): a place to go to, not a script. */
bool markup_url_is_safe(const char *url);

/** markup_escape(out, text): append ${text} so that it is nothing but text. */
void markup_escape(struct evbuffer *out, const char *text);

#endif
