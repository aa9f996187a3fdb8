/*
 * loop.h - the event loop of a program, which hears its supervisor.
 *
 * SIGTERM and SIGINT end it, SIGHUP reads the settings again, and each round feeds the
 * watchdog: a loop that stands still starves it.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <event2/event.h>

/** loop_open(): the one loop of this process; there is always one, or the process ends. */
struct event_base *loop_open(void);

/**
 * loop_run(after):
 * Go round until told to stop.  ${after}, unless it is NULL, is called when all that had
 * happened in a round has been dealt with, and before the watchdog is fed.
 */
void loop_run(void (*after)(void));

/** loop_close(): free it; whatever was made with it is freed by now. */
void loop_close(void);

#endif
