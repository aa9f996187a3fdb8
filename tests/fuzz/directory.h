/*
 * directory.h - a server of LDAP without a socket, that says what libFuzzer invents.
 *
 * It has one entry, which answers every search: libldap takes from it the attributes
 * that were asked for.
 */
#ifndef FUZZ_DIRECTORY_H
#define FUZZ_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "registrar/ldap/ldap.h"
#include "wire/msg.h"

enum { DIRECTORY_VALUES_MOST = 48, DIRECTORY_WRITES_MOST = 6, DIRECTORY_SEARCHES_MOST = 16 };

/* What registrar asks in turn of a person's way, and what came of it. */
struct directory_walk {
	struct msg_found	found;
	struct msg_matched	matched;
	struct msg_rules	rules;
	struct msg_judged	judged;
	struct msg_done		set;
	bool			asked_to_set;
};

/**
 * directory_start(settings, attributes):
 * Make registrar ready, with ${settings} in its section "directory".  In an input
 * attributes are named by their place in ${attributes}, which end with NULL.
 */
void directory_start(const char *settings, const char *const *attributes);

/**
 * directory_walk(data, size, walk):
 * Let registrar answer keeper about somebody of whom the directory says this, from FIND
 * on: as for a new password, or as for a code and a lock.  What it answers must be as the
 * wire allows.
 */
void directory_walk(const uint8_t *, size_t, struct directory_walk *);

/** directory_value(attribute, i, len): the i-th value that was served, or NULL. */
const uint8_t *directory_value(const char *attribute, size_t i, size_t *len);

/** directory_done(): how many writes have succeeded since SET was asked for. */
size_t directory_done(void);

#endif
