/*
 * desk.h - where keeper's peers are heard, and the batch.
 *
 * All messages that have arrived are handled in one transaction of the store; it
 * is committed once; only then does anything leave, to whichever peer.  So nobody
 * is ever told, or asked to do, what a crash could take back.
 */
#ifndef KEEPER_DESK_H
#define KEEPER_DESK_H

/** desk_run(): serve until told to stop; return the exit status. */
int desk_run(void);

/** desk_reload(): the settings have changed. */
void desk_reload(void);

#endif
