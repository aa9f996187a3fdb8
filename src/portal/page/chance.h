/*
 * chance.h - what makes each riddle look and sound a little different, and the same riddle
 * always alike.  Nothing else: who knows one of these numbers knows them all.
 */
#ifndef PORTAL_CHANCE_H
#define PORTAL_CHANCE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/seal.h"
#include "wire/msg.h"

struct chance {
	uint64_t	at;
};

static inline struct chance
chance_of(const struct riddle *r)
{
	char text[sizeof r->letters + sizeof r->digits];
	unsigned char hash[HASH_SIZE];
	struct chance c;

	snprintf(text, sizeof text, "%s %s", r->letters, r->digits);
	seal_hash(text, strlen(text), hash);
	memcpy(&c.at, hash, sizeof c.at);
	return c;
}

/** chance_between(chance, low, high): a number between these. */
static inline double
chance_between(struct chance *c, double low, double high)
{
	/* Steele and Vigna's splitmix64. */
	uint64_t x = c->at += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return low + (high - low) * (double)((x ^ x >> 31) >> 11) / (double)(1ULL << 53);
}

#endif
