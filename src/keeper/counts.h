/*
 * counts.h - what keeper counts, since it started.
 */
#ifndef KEEPER_COUNTS_H
#define KEEPER_COUNTS_H

#include "wire/metric.h"

/* By the rows KEPT_* of wire/metric.c; those that only stand are filled in when asked for. */
extern struct metrics counts;

/**
 * counts_verdict(verdict):
 * As it may be counted: how the directory does, and nothing of the person; for them all OK.
 */
enum verdict counts_verdict(enum verdict);

/** counts_add(which, a, b): one more, for the a-th and b-th words of its labels. */
void counts_add(unsigned int which, unsigned int a, unsigned int b);

#endif
