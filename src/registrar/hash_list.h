/*
 * hash_list.h - the birth dates of a personnel system, hashed for the directory.
 */
#ifndef REGISTRAR_HASH_LIST_H
#define REGISTRAR_HASH_LIST_H

/* The field whose proof it is; empty: that of kind date. */
extern const char *hash_list_field;

/**
 * hash_list_run():
 * Read lines of "username,date" from standard input and write LDIF that gives these
 * people their hashes.  What is wrong with a line is logged by its number alone, and
 * the others are done.  Return the exit status: 1 if any was wrong.
 */
int hash_list_run(void);

#endif
