/*
 * terms.h - what a house asks and forbids besides proofs and a code: a price, budgets that
 * run out, an admin who halts it; and that it does.
 */
#ifndef EXPLORE_TERMS_H
#define EXPLORE_TERMS_H

#include "wire/msg.h"

struct ask;
struct walk;

struct terms {
	bool	second;		/* people's policy asks a second code, by mail */
	bool	priced;		/* a riddle before the proofs, or waiting */
	bool	scarce;		/* there is little of each budget */
	bool	halted;		/* an admin halts it, and lets it go on */
};

/** terms_begin(): keeper's settings are those of the world's terms. */
void terms_begin(void);

/** terms_said(walk, ask, answer): it may be a price that is paid. */
void terms_said(struct walk *, struct ask *, const struct msg_answer *);

/** terms_step(ask, step): portal is told that. */
void terms_step(const struct ask *, const struct msg_step *);

/** terms_question(walk, type): registrar is asked that. */
void terms_question(const struct walk *, enum msg_type);

/** terms_send(): a message leaves. */
void terms_send(void);

/** terms_stored(walk, step): it stands there. */
void terms_stored(const struct walk *, enum step);

/** terms_done(type): the directory has carried out an order of that kind. */
void terms_done(enum msg_type);

/** terms_halted(): an admin is told that it is so. */
void terms_halted(void);

#endif
