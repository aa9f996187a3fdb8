/*
 * reload.h - an admin has all programs read their settings again.
 */
#ifndef KEEPER_RELOAD_H
#define KEEPER_RELOAD_H

#include "wire/link.h"

struct keeper;

/**
 * reload_all(keeper, link, id):
 * Read our own, and ask courier and a registrar worker, which tells its parent; portals
 * are asked by reload_portal.  ${link} is told of each, keeper last.  Return 0, or -1 if
 * one is under way already.
 */
int reload_all(struct keeper *, struct link *, uint32_t id);

/** reload_portal(portal): ask this one too, as part of the one that is under way. */
void reload_portal(struct link *);

/** reload_heard(portal, verdict): how it went there. */
void reload_heard(struct link *, enum verdict);

/** reload_forget(link): it has hung up. */
void reload_forget(struct link *);

#endif
