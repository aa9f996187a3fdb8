/*
 * rekey.h - the files of keys that can be changed: two lines, the new one first.
 */
#ifndef BASE_REKEY_H
#define BASE_REKEY_H

#include <stddef.h>
#include <stdint.h>

/** rekey_begin(path, why, size): put a new key in front; the file keeps its owner and mode. */
int rekey_begin(const char *path, char *why, size_t size);

/** rekey_end(path, why, size): leave the new one alone. */
int rekey_end(const char *path, char *why, size_t size);

/** rekey_since(path): when the file was changed last, seconds since 1970; 0: nobody knows. */
int64_t rekey_since(const char *path);

#endif
