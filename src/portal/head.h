/*
 * head.h - the head of an HTTP/1.1 request, read strictly.
 *
 * What two readers could understand in two ways is refused: a second Host or
 * Content-Length, any Transfer-Encoding, a folded line, a bare LF, a NUL, a blank
 * before a colon.  Our pages and API need none of it.
 */
#ifndef PORTAL_HEAD_H
#define PORTAL_HEAD_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HEAD_LONGEST	= 16384,	/* bytes, the empty line included */
	BODY_LONGEST	= 16384
};

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_OTHER };

/* The lines that anything here looks at; NULL where the request has none. */
enum header {
	HEADER_HOST, HEADER_CONTENT_LENGTH, HEADER_CONTENT_TYPE, HEADER_CONNECTION, HEADER_EXPECT,
	HEADER_COOKIE, HEADER_ACCEPT_LANGUAGE, HEADER_IF_NONE_MATCH, HEADER_SEC_FETCH_SITE,
	HEADER_FORWARDED_FOR, HEADER__COUNT
};

struct head {
	enum method	 method;
	const char	*path;		/* begins with a slash; not decoded */
	const char	*query;		/* what follows the question mark, or "" */
	const char	*value[HEADER__COUNT];
	size_t		 body;		/* its length */
	bool		 keep_alive;
};

/**
 * head_parse(head, data, len):
 * Read the ${len} bytes of a whole head.  They are cut up, and must live as long as
 * ${head}.  Return 0, or the HTTP status of the refusal; then nobody knows where a
 * next request would begin, and the connection must end.
 */
int head_parse(struct head *, char *data, size_t len);

/** head_is_type(head, type): the body is said to be of that type, whatever its charset. */
bool head_is_type(const struct head *, const char *type);

#endif
