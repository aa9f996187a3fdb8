/*
 * code.h - what is made of the code key: codes, and the names of flows.
 *
 * Nothing here is stored: a code is computed when it is sent and again when it is
 * judged, and a flow's name is known to its owner alone.
 */
#ifndef KEEPER_CODE_H
#define KEEPER_CODE_H

#include "base/seal.h"
#include "keeper/store/store.h"

enum { CODE_DIGITS = 8 };

/* What an opening name says about the flow that does not exist yet. */
struct opening {
	int64_t		at;
	enum journey	journey;
	enum wish	wish;
	char		lang[LANG_LONGEST + 1];
};

/** code_open(key, opening, name): a name that keeper recognises without having stored it. */
void code_open(const struct key *, const struct opening *, char name[FLOW_LONGEST + 1]);

/** code_opened(key, name, opening): 0 if ${name} was made by code_open with this key, else -1. */
int code_opened(const struct key *, const char *name, struct opening *);

/** code_next_name(key, handle, name): the name that the flow has after the right code. */
void code_next_name(const struct key *, const struct handle *, char name[FLOW_LONGEST + 1]);

/** code_handle(name, handle): under which the flow of that name is kept. */
void code_handle(const char *name, struct handle *);

/** code_reference(key, handle, reference): what people call the flow that was opened as ${handle}. */
void code_reference(const struct key *, const struct handle *, struct reference *);

/** code_riddle(key, handle, n, length, riddle): the one that a flow is given after ${n} others. */
void code_riddle(const struct key *, const struct handle *, unsigned int n, unsigned int length,
    struct riddle *);

/** code_challenge(key, handle, challenge): what a flow's work begins with; see struct work. */
void code_challenge(const struct key *, const struct handle *,
    char challenge[CHALLENGE_LONGEST + 1]);

/** code_make(key, handle, code): the code of a flow. */
void code_make(const struct key *, const struct handle *, struct secret *);

/** code_typed(typed, code): the digits of what was typed; -1 if it is no code at all. */
int code_typed(const struct secret *typed, struct secret *);

#endif
