/*
 * wording.h - what messages to people say, in English; catalogues have other languages.
 */
#ifndef COURIER_WORDING_H
#define COURIER_WORDING_H

#include <stdbool.h>

#include "wire/msg.h"

struct wording {
	/*
	 * The last line of a code lets the browser that shows the page, and no other site,
	 * fill it in by itself; so it has to be the last, and to stand alone.
	 */
	const char	*sms;
	const char	*subject;	/* shown on locked screens: never with a code */
	const char	*mail;
	bool		 brings_code;
};

extern const struct wording wording[TEXT__COUNT];

/* What stands below each mail that brings a code, and that tells what was done. */
extern const char wording_below_code[], wording_below_notice[];

/* Whom to tell, where the settings name neither number nor address. */
extern const char wording_desk[];

/** wording_each(each, ctx): tell every text. */
void wording_each(void (*each)(const char *, void *), void *ctx);

#endif
