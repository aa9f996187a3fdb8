/*
 * wording.h - what messages to people say, in English; catalogues have other languages.
 */
#ifndef COURIER_WORDING_H
#define COURIER_WORDING_H

#include "wire/msg.h"

/*
 * The last line of each lets the browser that shows the page, and no other site, fill
 * in the code by itself; so it has to be the last, and to stand alone.
 */
extern const char *const wording[TEXT__COUNT];

#endif
