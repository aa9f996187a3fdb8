/*
 * api.h - the JSON dress of the conversation.
 */
#ifndef PORTAL_API_H
#define PORTAL_API_H

#include <event2/buffer.h>

#include "portal/page/lang.h"
#include "wire/msg.h"

/** api_start(): from here on no memory for a JSON value ends the process. */
void api_start(void);

/*
 * Each reads a body of ${len} bytes into ${msg}.  Return REASON_NONE, or why it is
 * refused: a wrong type, a doubled, unknown or missing name, a value too long.  In
 * each case ${msg} may hold a secret.
 */
enum reason api_read_open(struct msg *, const char *data, size_t len, const char *lang);
enum reason api_read_answer(struct msg *, const char *data, size_t len);
enum reason api_read_flow(struct msg *, const char *data, size_t len);

/** api_status(step): the HTTP status that goes with it. */
int api_status(const struct msg_step *);

/** api_write(out, step, lang): the answer. */
void api_write(struct evbuffer *out, const struct msg_step *, const struct lang *);

#endif
