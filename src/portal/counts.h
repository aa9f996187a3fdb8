/*
 * counts.h - what portal counts, since it started.
 *
 * Every label is of a closed list: nothing that a visitor sends can become one.
 */
#ifndef PORTAL_COUNTS_H
#define PORTAL_COUNTS_H

#include "wire/metric.h"

/** counts_start(): from now on. */
void counts_start(void);

/** counts_reply(path, status): a request was answered; ${path} is NULL where it was not read. */
void counts_reply(const char *path, int status);

/** counts_refusal(status): it was refused unheard. */
void counts_refusal(int status);

/** counts_connection(come): one has come, or gone. */
void counts_connection(bool come);

/** counts_crowded(): one had to end to make room. */
void counts_crowded(void);

/** counts_bytes(in, n): so many were read of requests, or written of replies. */
void counts_bytes(bool in, size_t n);

/** counts_silence(): keeper gave no answer to a person's question. */
void counts_silence(void);

/** counts_now(keeper_is_up): all of them, as they stand now. */
const struct metrics *counts_now(bool keeper_is_up);

#endif
