/*
 * confine.h - what the portal takes from itself before it hears anybody.
 */
#ifndef PORTAL_CONFINE_H
#define PORTAL_CONFINE_H

/** confine(): from here on it reads its pages and certificates, and listens where it does. */
void confine(void);

#endif
