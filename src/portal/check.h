/*
 * check.h - are the settings any good?
 */
#ifndef PORTAL_CHECK_H
#define PORTAL_CHECK_H

/** check_all(): report what is wrong with the settings, and read what they point to. */
void check_all(void);

/** check_read(): read anew what the settings point to; what has a fault stays as it was. */
void check_read(void);

#endif
