/*
 * desk.h - hears keeper, hands letters to gateways, and answers how it went.
 */
#ifndef COURIER_DESK_H
#define COURIER_DESK_H

/** desk_run(): work until told to stop; return the exit status. */
int desk_run(void);

#endif
