/*
 * proof.h - does the person know what the directory knows of them?
 */
#ifndef REGISTRAR_PROOF_H
#define REGISTRAR_PROOF_H

#include "registrar/account.h"
#include "registrar/ticket.h"
#include "wire/msg.h"

/* The telephone number that was matched. */
struct proof_number {
	unsigned char	 way[WAY_SIZE];
	unsigned char	 hash[ACCOUNT_SIZE];	/* of this account's number, for keeper */
	const char	*attribute;		/* where the directory has it */
};

/**
 * proof_match(dir, id, asked, number):
 * Compare what was typed with what the entry holds, for every proof of the
 * settings.  OK, and ${number} tells which telephone number it was; NO_PROOF if the
 * entry lacks a value that can be read; NO_MATCH.  Either side may be written in
 * any way, and the entry's may be hashed (hash.h); of several values any may match.
 * All of it is always compared.
 */
enum verdict proof_match(struct dir *, const char *id, const struct msg_match *,
    struct proof_number *);

/**
 * proof_ways(dir, id, way, out):
 * Where messages to that person can go: first the number that was matched, then the rest.
 * NO_PROOF if that number is not there any more.  ${way} may be NULL: any number counts.
 */
enum verdict proof_ways(struct dir *, const char *id, const unsigned char way[WAY_SIZE],
    struct msg_ways *);

/**
 * proof_plain(kind, text, out):
 * ${text} in the one form in which it is compared.  Return 0, or -1 if it cannot be
 * read as ${kind}; then ${out} is empty.
 */
int proof_plain(enum kind, const char *text, struct secret *out);

#endif
