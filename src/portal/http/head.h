/*
 * head.h - the head of an HTTP/1.1 request, read strictly.
 *
 * What two readers could understand in two ways is refused: a second Host or
 * Content-Length, any Transfer-Encoding or Upgrade, a folded line, a bare LF, a NUL, a
 * blank before a colon or a second one behind it, an address whose host is not Host, a
 * path with dots, doubled slashes or escapes that one reader undoes.  Our pages and API
 * need none of it.
 *
 * RFC 9112 lets a server take some of these.  Two things it asks of every server are
 * not done: an empty line in front of a request is refused, and so is HTTP/1.0 without
 * Host.  Bytes above ASCII are refused too, but in Cookie, where a browser sends what
 * any site of the domain has set.
 */
#ifndef PORTAL_HEAD_H
#define PORTAL_HEAD_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HEAD_LONGEST	= 16384,	/* bytes, the empty line included */
	BODY_LONGEST	= 16384
};

enum method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD__COUNT };

/* The lines that anything here looks at; NULL where the request has none. */
enum header {
	HEADER_HOST, HEADER_CONTENT_LENGTH, HEADER_CONTENT_TYPE, HEADER_CONNECTION, HEADER_EXPECT,
	HEADER_COOKIE, HEADER_ACCEPT_LANGUAGE, HEADER_ACCEPT_ENCODING, HEADER_IF_NONE_MATCH,
	HEADER_SEC_FETCH_SITE, HEADER__COUNT
};

/* The only line that several may write, one below the other. */
enum { FORWARDED_MOST = 8 };

struct forwarded {
	const char	*value[FORWARDED_MOST];
	size_t		 n;
};

/* How far a head has come; all zero before its first byte. */
struct head_scan {
	size_t	seen;		/* bytes; its length, once it is whole */
	bool	begun;		/* a line has */
	bool	cr;		/* the last byte was CR */
};

enum head_part { HEAD_MORE, HEAD_WHOLE, HEAD_ODD };

struct head {
	enum method	 method;
	const char	*path;		/* begins with a slash; not decoded */
	const char	*query;		/* what follows the question mark, or "" */
	const char	*origin;	/* the host that stood before the path, or NULL */
	const char	*value[HEADER__COUNT];
	struct forwarded forwarded;	/* X-Forwarded-For, in the order of the lines */
	size_t		 body;		/* its length */
	bool		 keep_alive;
	bool		 expects;	/* it waits to be told to send the body */
};

/**
 * head_scan(scan, data, len):
 * Look at the next ${len} bytes of a head: is this its end, or is there a byte in it
 * that no head has?  Then nothing that follows can mend it.
 */
enum head_part head_scan(struct head_scan *, const char *data, size_t len);

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
