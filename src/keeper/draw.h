/*
 * draw.h - a flow as portal is to show it: which page, which fields, what is left.
 */
#ifndef KEEPER_DRAW_H
#define KEEPER_DRAW_H

#include "keeper/flow.h"

/**
 * draw_flow(flow, name, rules, step):
 * Fill in ${step}.  ${name} is what the asker calls the flow; ${rules} may be NULL
 * anywhere but on the password page.
 */
void draw_flow(const struct flow *, const char *name, const struct msg_rules *, struct msg_step *);

#endif
