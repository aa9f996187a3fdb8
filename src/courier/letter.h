/*
 * letter.h - one message to one person, in that person's language.
 */
#ifndef COURIER_LETTER_H
#define COURIER_LETTER_H

#include <stdbool.h>

#include "wire/msg.h"

enum { SUBJECT_LONGEST = 255 };

struct letter {
	struct secret	to;		/* +31612345678, or an address of mail */
	struct secret	text;
	char		subject[SUBJECT_LONGEST + 1];	/* of a mail; else empty */
	char		lang[LANG_LONGEST + 1];		/* that it is written in */
	struct reference reference;	/* whose way it is part of, for the log */
};

/**
 * letter_prepare(): load the texts of every language of the settings, and report
 * each mistake in them.
 */
void letter_prepare(void);

/** letter_write(letter, send): write what keeper asks for.  Return 0, or -1 if it does not fit. */
int letter_write(struct letter *, const struct msg_send *);

/** letter_wipe(letter): overwrite it. */
void letter_wipe(struct letter *);

/**
 * letter_is_gsm(text):
 * True if a telephone can show ${text} with its basic alphabet, 160 characters a
 * message; otherwise it has to be sent as Unicode, 70 a message.
 */
bool letter_is_gsm(const char *text);

/** letter_forget(): free the texts. */
void letter_forget(void);

#endif
