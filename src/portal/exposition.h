/*
 * exposition.h - metrics in the text that Prometheus reads, version 0.0.4.
 */
#ifndef PORTAL_EXPOSITION_H
#define PORTAL_EXPOSITION_H

#include <event2/buffer.h>

#include "wire/metric.h"

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/** exposition_write(metrics, out): append all of them. */
void exposition_write(const struct metrics *, struct evbuffer *);

#endif
