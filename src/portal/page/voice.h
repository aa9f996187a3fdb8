/*
 * voice.h - the digits of a riddle as a sound, for whoever cannot see its picture.
 *
 * Of each language that has a folder in share/sound, a recording of each digit is read
 * at start; a voice that hurries, drawls and pauses says them.
 */
#ifndef PORTAL_VOICE_H
#define PORTAL_VOICE_H

#include <event2/buffer.h>

#include "portal/page/lang.h"
#include "wire/msg.h"

/** voice_start(): read the recordings, again after a reload; 0, or -1 with what is wrong told. */
int voice_start(void);

/** voice_say(riddle, lang, out): append the sound, a WAV; -1: nobody speaks that language here. */
int voice_say(const struct riddle *, const struct lang *, struct evbuffer *out);

#endif
