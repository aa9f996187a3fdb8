/*
 * outage.h - while nothing can be put on disk.
 *
 * Then nothing may be decided: every question of a person is answered at once with "try
 * later", and keeper tries each second whether it can write again.
 */
#ifndef KEEPER_OUTAGE_H
#define KEEPER_OUTAGE_H

#include "keeper/keeper.h"
#include "wire/link.h"

/** outage_begin(keeper, why): the store was closed, or never opened. */
void outage_begin(struct keeper *, const char *why);

/** outage_try(keeper): open the store, if it can be written (again); called each second. */
void outage_try(struct keeper *);

/**
 * outage_hears(keeper, link, msg):
 * There is no store, and this message asks for something that needs one: it was answered.
 */
bool outage_hears(struct keeper *, struct link *, const struct msg *);

#endif
