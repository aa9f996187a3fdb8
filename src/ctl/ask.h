/*
 * ask.h - what a command needs to ask keeper, and to show what it heard.
 */
#ifndef CTL_ASK_H
#define CTL_ASK_H

#include <jansson.h>
#include <stdint.h>

#include "ctl/command.h"
#include "wire/msg.h"

/**
 * ask_house(call):
 * Read what stands at the top of the settings file, which all have in common.  Return
 * 0, or -1 when what is wrong has been said.
 */
int ask_house(const struct call *);

/**
 * ask_open(call):
 * Connect to the keeper of the settings file.  Return the connection, or -1 when
 * what is wrong has been said.
 */
int ask_open(const struct call *);

/** ask_send(fd, msg): return 0, or -1 when what is wrong has been said. */
int ask_send(int fd, const struct msg *);

/** ask_hear(fd, msg): wait for the next message; return likewise. */
int ask_hear(int fd, struct msg *);

/**
 * ask_audit(fd, audit, each, ctx):
 * Call ${each} for the rows that ${audit} asks for, oldest first, and leave it asking
 * for those after them.  Return how many there were, or -1 when what is wrong has been
 * said.
 */
int ask_audit(int fd, struct msg_audit *, void (*each)(const struct msg_audit_row *, void *), void *);

/**
 * ask_about(call, type, msg):
 * Ask keeper about the name that was typed.  EXIT_GOOD with the answer in ${msg}, or
 * another status when what is wrong has been said.
 */
int ask_about(const struct call *, enum msg_type, struct msg *);

/** ask_cause(verdict): what keeps keeper, or the directory, from doing what was asked. */
const char *ask_cause(enum verdict);

/** ask_standing(verdict): how the directory has a person, in words; NULL: it can't be asked. */
const char *ask_standing(enum verdict);

/** ask_row_json(row): all of it; the caller's reference. */
json_t *ask_row_json(const struct msg_audit_row *);

enum { TIME_TEXT = 32 };

/**
 * ask_time(at, form, out):
 * Write a moment into ${out}, and return that: here where the admin is, as strftime's
 * ${form} says; with NULL in UTC, for programs.
 */
const char *ask_time(int64_t at, const char *form, char out[TIME_TEXT]);

/** ask_print_json(object): as a line on standard output; ${object} is freed. */
void ask_print_json(json_t *);

#endif
