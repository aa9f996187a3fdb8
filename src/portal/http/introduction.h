/*
 * introduction.h - the header of the PROXY protocol, version 2 alone, in which a proxy
 * says for whom it connects.
 *
 * Read strictly: a stream over IPv4 or IPv6, with an address of the right length and
 * parts behind it that end where they say.  What is in those parts is of no use here.
 */
#ifndef PORTAL_INTRODUCTION_H
#define PORTAL_INTRODUCTION_H

#include <stddef.h>

enum {
	INTRODUCTION_FIRST	= 16,		/* so many bytes tell how many there are */
	INTRODUCTION_LONGEST	= 16 + 1024
};

/**
 * introduction_length(first):
 * How long the header is that begins with these INTRODUCTION_FIRST bytes; 0 if it is
 * none, or longer than we take.
 */
size_t introduction_length(const unsigned char *first);

/**
 * introduction_read(data, len, out, size):
 * Read a whole header.  Write to ${out} for whom the proxy connects, or "" if for itself:
 * it looks whether we live.  Return 0, or -1 if that is not to be understood.
 */
int introduction_read(const unsigned char *data, size_t len, char *out, size_t size);

#endif
