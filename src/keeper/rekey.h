/*
 * rekey.h - latchkeyd --rekey and --rekey-end: another code key, or audit key.
 */
#ifndef KEEPER_REKEY_H
#define KEEPER_REKEY_H

extern const char *rekey_name;		/* "code" or "audit" */

/** rekey_begin_run(): put a new key in front of the one of before; return the exit status. */
int rekey_begin_run(void);

/** rekey_end_run(): drop the one of before, unless something needs it still. */
int rekey_end_run(void);

#endif
