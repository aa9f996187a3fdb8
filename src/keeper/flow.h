/*
 * flow.h - one person's way through a journey, as it is kept between answers.
 *
 * No name, number, birth date or password is in it: the ticket lets registrar
 * find the person again, the hint is two digits, and ${who} is sealed for the
 * audit under a key of that person's own.
 */
#ifndef KEEPER_FLOW_H
#define KEEPER_FLOW_H

#include "keeper/store.h"

struct desk;

/* Work behind the answer that a crash would lose, because its input is not stored. */
enum behind { BEHIND_NOTHING, BEHIND_FIND, BEHIND_MATCH, BEHIND__COUNT };

struct flow {
	struct handle	handle;
	bool		fresh;		/* was not stored when it was loaded: just opened */
	enum journey	journey;
	enum wish	wish;
	bool		asks_wish;	/* the link did not say it: there is a page for it */
	char		lang[LANG_LONGEST + 1];
	enum step	step;
	uint32_t	seq;
	int64_t		born, until;	/* until: of this step */
	enum reason	reason;		/* why the last answer did not do, and where */
	enum field	at;
	bool		at_field;
	enum outcome	outcome;
	enum behind	behind;
	bool		matched;	/* registrar confirmed the person's proofs */
	bool		moved;		/* the right code was given: the flow has its next name */
	unsigned int	left;		/* tries at the code */
	unsigned int	sends;
	int64_t		sent_at, code_until;
	uint32_t	broken;		/* rules that the last password broke, a bit each */
	char		hint[4];	/* the last digits of the number as typed */
	char		mark[MARK_LONGEST + 1];	/* of the account before it is set */
	unsigned char	trace[8];	/* names the flow in the audit; random, of no use as a key */
	unsigned char	account[ACCOUNT_SIZE];
	struct ticket	ticket;
	struct sealed	who;
};

/* How long after its end a flow can still be shown as over. */
enum { FLOW_GRACE = 900, OPENING_LIFE = 900 };

/** flow_load(desk, name, flow): the flow of that name, stored or just opened; -1: there is none. */
int flow_load(struct desk *, const char *name, struct flow *);

/** flow_load_handle(desk, handle, flow): likewise, for work that goes on behind an answer. */
int flow_load_handle(struct desk *, const struct handle *, struct flow *);

/** flow_save(desk, flow): put it into the batch. */
void flow_save(struct desk *, const struct flow *);

/** flow_go(desk, flow, step, reason): to the next step, or the same once more; saves it. */
void flow_go(struct desk *, struct flow *, enum step, enum reason);

/** flow_end(desk, flow, outcome, reason): to the last page; saves it. */
void flow_end(struct desk *, struct flow *, enum outcome, enum reason);

/** flow_move(desk, flow, name): give it its next name, and leave a stone at the old one. */
void flow_move(struct desk *, struct flow *, char name[FLOW_LONGEST + 1]);

#endif
