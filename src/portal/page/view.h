/*
 * view.h - a step in words: what the API answers and what the pages are drawn from.
 */
#ifndef PORTAL_VIEW_H
#define PORTAL_VIEW_H

#include <jansson.h>

#include "portal/page/lang.h"
#include "wire/msg.h"

/** view_choice(id): the channel that a choice of a step is told as, or -1. */
int view_choice(const char *id);

/** view_step(step, lang): the step as share/api/openapi.json describes it; json_decref frees it. */
json_t *view_step(const struct msg_step *, const struct lang *);

/** view_refusal(step, reason): make ${step} one that says that the question was wrong. */
void view_refusal(struct msg_step *, enum reason);

/**
 * view_away(step):
 * Likewise, because keeper gave no answer.  It has a reference of its own, which the
 * log has too; or none, if that happens to many at once.
 */
void view_away(struct msg_step *);

#endif
