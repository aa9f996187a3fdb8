/*
 * findings.h - what the four programs say about their settings, as one list.
 */
#ifndef CTL_FINDINGS_H
#define CTL_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ctl/command.h"

struct findings;

/**
 * findings_collect(call, facts):
 * Let each program check its own settings, and show what it finds as it finds it, in
 * words or, with --json, as a JSON object a line.  ${facts}: also what asks for nothing.
 * Never NULL.
 */
struct findings *findings_collect(const struct call *, bool facts);

/**
 * findings_bar(call, outcome):
 * Collect them, for what needs settings without a mistake.  Return true if there is one,
 * when all of it has been said, with ${outcome}: "nothing was started".
 */
bool findings_bar(const struct call *, const char *outcome);

/** findings_new(call, facts): none yet, and to be shown in the same way.  Never NULL. */
struct findings *findings_new(const struct call *, bool facts);

/** findings_read(findings, room, in): those that a program wrote, a JSON object a line. */
void findings_read(struct findings *, int room, FILE *in);

/** findings_faults(findings), findings_advice(findings): how many there are of each. */
size_t findings_faults(const struct findings *);
size_t findings_advice(const struct findings *);

/** findings_free(findings): NULL is allowed. */
void findings_free(struct findings *);

#endif
