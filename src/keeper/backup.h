/*
 * backup.h - latchkeyd --backup and --restore: a copy on standard output, one from standard input.
 *
 * Both are run by latchkey(8), who opens the file; what they write in keeper's folder is
 * keeper's own.
 */
#ifndef KEEPER_BACKUP_H
#define KEEPER_BACKUP_H

/**
 * backup_become_owner():
 * Whoever opened the store as root would leave files there that keeper may not read: from here on
 * this process is the user whose folder it is.
 */
void backup_become_owner(void);

/** backup_run(): write a copy of the store; keeper may be at work.  Return the exit status. */
int backup_run(void);

/** restore_run(): put one in place of the store; keeper may not be.  Return likewise. */
int restore_run(void);

#endif
