/*
 * octets.h - numbers as others write them into octets.
 */
#ifndef BASE_OCTETS_H
#define BASE_OCTETS_H

#include <stddef.h>
#include <stdint.h>

/** octets_little(octets, n): a number in ${n} octets, the lowest first. */
uint64_t octets_little(const unsigned char *, size_t n);

#endif
