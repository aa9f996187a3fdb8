/*
 * promise.h - what may leave keeper, held against what is true.
 */
#ifndef EXPLORE_PROMISE_H
#define EXPLORE_PROMISE_H

#include "explore/world.h"

/** promise_question(walk, msg): registrar is asked it. */
void promise_question(struct walk *, const struct msg *);

/** promise_send(walk, send): courier is to send it. */
void promise_send(struct walk *, const struct msg_send *);

/** promise_step(ask, step): portal is told it. */
void promise_step(const struct ask *, const struct msg_step *);

/** promise_store(walk): what is stored of it is what will be told: that is to be true as well. */
void promise_store(struct walk *);

/** promise_proven(walk): keeper has been told all that lets somebody in, and has committed it. */
bool promise_proven(const struct walk *);

/** promise_silence(): nothing has left, because nothing is committed. */
void promise_silence(void);

#endif
