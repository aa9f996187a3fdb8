/*
 * pairs.h - for each message the two sides, which stand beside each other in the
 * pairs_*.c files; and the pieces that several of them hold.  Only msg.c calls them.
 */
#ifndef WIRE_PAIRS_H
#define WIRE_PAIRS_H

#include "wire/buf.h"
#include "wire/msg.h"

#define PAIR(name) \
	void pack_##name(struct buf *, const struct msg *); \
	void unpack_##name(struct buf *, struct msg *)

PAIR(hello);
PAIR(nothing);
PAIR(open);
PAIR(answer);
PAIR(flow);
PAIR(step);
PAIR(find);
PAIR(found);
PAIR(match);
PAIR(matched);
PAIR(ticket);
PAIR(ways);
PAIR(rules);
PAIR(password);
PAIR(judged);
PAIR(done);
PAIR(state_of);
PAIR(state);
PAIR(verdict);
PAIR(send);
PAIR(sent);
PAIR(status);
PAIR(metrics);
PAIR(audit);
PAIR(audit_row);
PAIR(reloaded);
PAIR(halt);
PAIR(name);
PAIR(looked_up);
PAIR(verified);
PAIR(erase);
PAIR(explained);

#undef PAIR

void put_ticket(struct buf *, const struct ticket *);
void get_ticket(struct buf *, struct ticket *);
void put_verdict(struct buf *, enum verdict);
enum verdict get_verdict(struct buf *);

void put_reference(struct buf *, const struct reference *);
void get_reference(struct buf *, struct reference *);

void put_terms(struct buf *, unsigned int n, const char terms[][TERM_LONGEST + 1]);
unsigned int get_terms(struct buf *, char terms[][TERM_LONGEST + 1]);

/** get_fixed(buf, out, size): a value of fixed size keeps its size on the wire too. */
void get_fixed(struct buf *, void *, size_t);

#endif
