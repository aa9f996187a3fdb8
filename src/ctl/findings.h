/*
 * findings.h - what the four programs say about their settings, as one list.
 */
#ifndef CTL_FINDINGS_H
#define CTL_FINDINGS_H

#include <stddef.h>

#include "ctl/command.h"

struct findings;

/** findings_collect(call): let each program check its own settings.  Never NULL. */
struct findings *findings_collect(const struct call *);

/** findings_faults(findings), findings_advice(findings): how many there are of each. */
size_t findings_faults(const struct findings *);
size_t findings_advice(const struct findings *);

/** findings_print(findings, config): in words, on standard output. */
void findings_print(const struct findings *, const char *config);

/** findings_print_json(findings): a JSON object a line. */
void findings_print_json(const struct findings *);

/** findings_free(findings): NULL is allowed. */
void findings_free(struct findings *);

#endif
