/*
 * moment.h - a day and a time in words.
 */
#ifndef PORTAL_MOMENT_H
#define PORTAL_MOMENT_H

#include <stddef.h>
#include <stdint.h>

#include "portal/page/lang.h"

/**
 * moment_text(lang, at, out, size):
 * "Sunday 22 November 14:30", where the portal is.  What lies between two minutes
 * is told as the later one, so that nobody comes too early.
 */
void moment_text(const struct lang *, int64_t at, char *out, size_t size);

#endif
