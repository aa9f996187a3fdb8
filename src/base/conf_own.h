/*
 * conf_own.h - what conf.c and conf_again.c know of a setting's place in its struct.
 */
#ifndef BASE_CONF_OWN_H
#define BASE_CONF_OWN_H

#include "base/conf.h"

/** conf_width(setting): how many bytes its value takes, other than a group's. */
size_t conf_width(const struct setting *);

/** conf_is_counted(setting): beside its value stands how many there are. */
bool conf_is_counted(const struct setting *);

#endif
