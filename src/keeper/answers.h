/*
 * answers.h - the questions that portal waits for, and when their answers leave.
 *
 * Up to the first right code an answer leaves at a fixed slot, whatever was found
 * out in the meantime, so that its time tells nothing.
 */
#ifndef KEEPER_ANSWERS_H
#define KEEPER_ANSWERS_H

#include "wire/link.h"

struct answers;
struct ask;		/* one question, to be answered exactly once */

enum pace { AT_SLOT, AT_ONCE };

struct answers *answers_new(struct event_base *, int slot_ms);
void answers_free(struct answers *);

/** answers_pace(answers, slot_ms): from here on; what is held leaves as it was to. */
void answers_pace(struct answers *, int slot_ms);

/** answers_ask(answers, link, id): ${link} waits for an answer to ${id}. */
struct ask *answers_ask(struct answers *, struct link *, uint32_t id);

/** answers_give(answers, ask, step, pace): answer it; ${ask} is gone afterwards. */
void answers_give(struct answers *, struct ask *, const struct msg_step *, enum pace);

/**
 * answers_behind(answers):
 * When, by clock_ms, an answer that is given at its slot about now has left, and no other
 * leaves: in the middle between two slots.
 */
int64_t answers_behind(const struct answers *);

/** answers_refuse(answers, ask, reason): the question was wrong; nothing has changed. */
void answers_refuse(struct answers *, struct ask *, enum reason);

/** answers_forget(answers, link): nobody waits at ${link} any more. */
void answers_forget(struct answers *, struct link *);

#endif
