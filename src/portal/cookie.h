/*
 * cookie.h - what a browser keeps between two pages: its flow, and a language.
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
