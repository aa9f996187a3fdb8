/*
 * mail.h - one letter as one mail, and what is said about it with a mail server.
 */
#ifndef COURIER_MAIL_H
#define COURIER_MAIL_H

#include "courier/letter.h"
#include "courier/settings.h"
#include "courier/template.h"

/* What is said to the server once it has let us in, each with its answer. */
enum mail_stage { MAIL_FROM, MAIL_TO, MAIL_DATA, MAIL_LETTER, MAIL__COUNT };

/* It may hold secrets: wipe it. */
struct mail {
	char		url[1024 + ADDRESS_LONGEST + 2];	/* with what we call ourselves */
	char		from[ADDRESS_LONGEST + 16], to[ADDRESS_LONGEST + 16];	/* MAIL, RCPT */
	struct draft	letter;		/* all of it, and the dot that ends it */
};

/** mail_check(gateway, setting): report each mistake of a gateway for mail, under ${setting}. */
void mail_check(const struct gateway_settings *, const char *setting);

/**
 * mail_write(mail, gateway, letter):
 * Fill in ${mail}.  Return 0, or -1 if the letter's address is none that may be written
 * to a server, or something does not fit.
 */
int mail_write(struct mail *, const struct gateway_settings *, const struct letter *);

/** mail_said(mail, stage): what is sent then. */
const char *mail_said(const struct mail *, enum mail_stage);

/**
 * mail_reply(data, len):
 * The status of the server's answer in ${data}; 0: it is not all there yet; -1: it is none.
 */
long mail_reply(const char *data, size_t len);

/**
 * mail_judge(stage, status):
 * OK: say what comes next.  Anything else is the end: what is to be thought of that
 * ${status}, or of none (0), at this stage or, for MAIL__COUNT, before the first.
 */
enum verdict mail_judge(enum mail_stage, long status);

/** mail_wipe(mail): overwrite it. */
void mail_wipe(struct mail *);

#endif
