/*
 * picture.h - the letters of a riddle as a picture: bent, tilted and crossed out, so that
 * it takes more than a look-up to read them.
 *
 * What it is like goes by what it shows: a reload, or a second request, draws the same.
 */
#ifndef PORTAL_PICTURE_H
#define PORTAL_PICTURE_H

#include <event2/buffer.h>

#include "wire/msg.h"

/** picture_draw(riddle, out): append its picture, a PNG. */
void picture_draw(const struct riddle *, struct evbuffer *out);

#endif
