/*
 * cookie.h - what a browser keeps between two pages: its flow, and a language.
 *
 * A form sends back a hash of the flow's name, which shows that whoever made the form has
 * seen the page.  It needs no key: a name is a MAC of keeper's, which nobody guesses, and who
 * knows it can do all that the form could.  A key would be a secret in the process that is
 * to hold none, and the same on every node and after every start.  The hash does not tell
 * the name, so a copy of a page is no copy of the cookie.
 *
 * The first form carries its flow, because a visitor has no cookie yet.  So another site
 * could make a browser that does not send Sec-Fetch-Site go on with a flow which that site
 * has opened, and knows by name.  It gains nothing: the right code gives the flow another name.
 */
#ifndef PORTAL_COOKIE_H
#define PORTAL_COOKIE_H

#include <stddef.h>

#include "wire/msg.h"

enum { CSRF_SIZE = 33 };

/** cookie_flow(header, out, size): the flow in a Cookie header (may be NULL), or "". */
void cookie_flow(const char *header, char *out, size_t size);

/** cookie_lang(header, out, size): likewise, the chosen language. */
void cookie_lang(const char *header, char *out, size_t size);

/** cookie_keep_flow(out, size, flow): a Set-Cookie line with its CRLF; "" for ${flow} forgets it. */
void cookie_keep_flow(char *out, size_t size, const char *flow);

/** cookie_keep_lang(out, size, tag): likewise. */
void cookie_keep_lang(char *out, size_t size, const char *tag);

/**
 * cookie_csrf(flow, out):
 * What a form of ${flow} must send back: only who was shown its page knows it, and
 * it does not tell the flow.
 */
void cookie_csrf(const char *flow, char out[CSRF_SIZE]);

#endif
