/*
 * draw.h - a flow as portal is to show it: which page, which fields, what is left.
 */
#ifndef KEEPER_DRAW_H
#define KEEPER_DRAW_H

#include "keeper/flow.h"

/**
 * draw_flow(flow, name, rules, step):
 * Fill in ${step}.  ${name} is what the asker calls the flow; ${rules} is NULL
 * where the directory's rules are not needed, or could not be had.
 */
void draw_flow(const struct flow *, const char *name, const struct msg_rules *, struct msg_step *);

#endif
