/*
 * supervisor.h - what a program and systemd, or "latchkey run", tell each other.
 *
 * By three variables of the environment and some text; see sd_notify(3) and
 * sd_listen_fds(3).  Without a supervisor all of it is nothing.
 */
#ifndef BASE_SUPERVISOR_H
#define BASE_SUPERVISOR_H

#include <stdint.h>

/** supervisor_tell(state): "READY=1" and the like. */
void supervisor_tell(const char *state);

/**
 * supervisor_patience_ms():
 * At least so often the loop that serves has to call supervisor_feed; 0: nobody watches.
 */
int64_t supervisor_patience_ms(void);

/** supervisor_feed(): tell a supervisor that watches that the loop goes round; cheap to call. */
void supervisor_feed(void);

/**
 * supervisor_passed(name, nth):
 * Of the listening sockets that it passed under ${name}, the ${nth}, from 0; -1 if there
 * are not so many.
 */
int supervisor_passed(const char *name, int nth);

#endif
