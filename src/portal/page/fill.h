/*
 * fill.h - a text's {names}, filled in.
 */
#ifndef PORTAL_FILL_H
#define PORTAL_FILL_H

#include <jansson.h>
#include <stddef.h>

/**
 * fill_text(out, size, text, values):
 * ${text} with each {name} replaced by that member of the object ${values}; a
 * name that it does not have stays as it is.  The text ends before a value that does
 * not fit whole.
 */
void fill_text(char *out, size_t size, const char *text, const json_t *values);

#endif
