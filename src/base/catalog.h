/*
 * catalog.h - the texts of one language: a compiled gettext catalogue (.mo).
 *
 * Our own small reader, because gettext() is one language for a whole process and
 * wants the system's locales; here it is one pointer a request.
 */
#ifndef BASE_CATALOG_H
#define BASE_CATALOG_H

#include <stddef.h>

struct catalog;

/**
 * catalog_load(path, why, size):
 * Read and check the .mo file at ${path}.  Return it, to be freed with
 * catalog_free, or NULL with a sentence for the admin in ${why}.
 */
struct catalog *catalog_load(const char *path, char *why, size_t size);

/** catalog_text(catalog, english): the text in this language, or ${english} if it has none. */
const char *catalog_text(const struct catalog *, const char *english);

/** catalog_each(catalog, each, ctx): tell every English text that this catalogue has. */
void catalog_each(const struct catalog *, void (*each)(const char *english, void *ctx), void *ctx);

/** catalog_free(catalog): NULL is allowed. */
void catalog_free(struct catalog *);

#endif
