/*
 * phrase.h - which English text says a word of the wire.
 *
 * The tables hold the title or sentence of each step, reason, rule and field, and
 * catalogues make other languages of it.  Pages add to it by {{#reason_...}} and
 * {{#outcome_...}}; rules that a browser can judge are judged once more in script.js.
 */
#ifndef PORTAL_PHRASE_H
#define PORTAL_PHRASE_H

#include "wire/msg.h"

/** phrase_title(step): what the page is called. */
const char *phrase_title(const struct msg_step *);

/** phrase_missing(): the title where there is no such page. */
const char *phrase_missing(void);

/** phrase_own_name(): "English", which each catalogue translates as its own language's name. */
const char *phrase_own_name(void);

/** phrase_reason(step): why the last answer was not it, and what to do; NULL if there is no reason.
 * {time} in it is when ${step->wait} is over. */
const char *phrase_reason(const struct msg_step *);

/** phrase_rule(rule): what it asks, with {number} in it, or the {time} that it means. */
const char *phrase_rule(enum rule);

/** phrase_label(field, kind), phrase_hint(field, kind): its name, how to fill it in (or NULL). */
const char *phrase_label(enum field, enum kind);
const char *phrase_hint(enum field, enum kind);

/** phrase_choice(choice field, id, channel): what one can choose. */
const char *phrase_choice(enum field, unsigned int id, enum channel);

/** phrase_choice_more(choice field, id): what comes of it; NULL if that is clear. */
const char *phrase_choice_more(enum field, unsigned int id);

/** phrase_each(each, ctx): tell every text of the tables. */
void phrase_each(void (*each)(const char *english, void *ctx), void *ctx);

#endif
