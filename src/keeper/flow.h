/*
 * flow.h - one person's way through a journey, as it is kept between answers.
 *
 * No name, number, birth date or password is in it: the ticket lets registrar
 * find the person again, the hint is two digits, and ${who} is sealed for the
 * audit under a key of that person's own.
 */
#ifndef KEEPER_FLOW_H
#define KEEPER_FLOW_H

#include "keeper/store/store.h"

struct keeper;

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
	bool		gone;		/* the old password is no more, and no new one is set */
	bool		moved;		/* the right code was given: the flow has its next name */
	unsigned int	left;		/* tries at the code */
	unsigned int	sends;
	int64_t		sent_at, code_until;
	int64_t		set_at;		/* when SET was ordered */
	uint32_t	broken;		/* rules that the last password broke, a bit each */
	char		hint[4];	/* the last digits of the number as typed */
	char		mark[MARK_LONGEST + 1];	/* of the account before it is set */
	bool		suspicious;	/* so many have tried this name, or from there, that it has a price */
	int64_t		charged_at;	/* counts since then as one that failed, */
	struct handle	charged_to;	/* for the network that this stands for; see budget.h */
	struct reference reference;	/* names the flow to people, and in the audit and the logs */
	unsigned char	account[ACCOUNT_SIZE];
	struct ticket	ticket;
	struct sealed	who;
	uint32_t	proved;		/* what registrar compared and found right: a bit a field */
	uint32_t	code_key_id;
	const struct key *code_key;	/* that it was opened with, and keeps */
	unsigned int	price, paid;	/* what it was asked last, and what it has paid */
	int64_t		price_until;	/* or has paid by waiting until then */
	bool		by_riddle;	/* it is asked one, rather than its browser's work */
	unsigned int	riddles;	/* that it was given and did not solve */
	enum channel	by;		/* the code goes, when it is sent again */
	unsigned int	carried;	/* a bit for each channel that it went by */
	unsigned int	second;		/* likewise that a second code may take; 0: none is asked */
	unsigned int	carried_before;	/* what had carried the first, when it was typed */
};

/* How long after its end a flow can still be shown as over. */
enum { FLOW_GRACE = 900, OPENING_LIFE = 900 };

/* However slow a person is: registrar's tickets (registrar/ticket.h) live longer than this. */
enum { FLOW_LIFE = 3000 };

/*
 * How far ahead a moment may lie that was stored, in seconds; beyond that the clock was set back
 * since, nobody knows for how long it is still good, and it is over.
 */
enum { STEP_LIFE_MOST = 900, CODE_LIFE_MOST = 600, SET_BACK_MOST = 60 };

/** flow_is_late(flow): its step is over, or of a time that is yet to come. */
bool flow_is_late(const struct flow *);

/** flow_code_is_late(flow): likewise its code. */
bool flow_code_is_late(const struct flow *);

/** flow_may_send(flow, channel): the code that it is asked for may go that way, if people choose so. */
bool flow_may_send(const struct flow *, enum channel);

/** flow_asks_code(flow): there is one to type, because it was sent, or would have been. */
bool flow_asks_code(const struct flow *);

/** flow_promise_code(flow): one is sent now, for as long as the settings say and the flow lives. */
void flow_promise_code(struct flow *);

/**
 * flow_is_unsent(flow):
 * The first code was right, and whether a second can be sent is still to be found out.
 */
bool flow_is_unsent(const struct flow *);

/**
 * flow_load(keeper, name, flow):
 * The flow of that name, stored or just opened; -1: there is none.  From here on the
 * log is about it.
 */
int flow_load(struct keeper *, const char *name, struct flow *);

/** flow_load_handle(keeper, handle, flow): likewise, for work that goes on behind an answer. */
int flow_load_handle(struct keeper *, const struct handle *, struct flow *);

/** flow_pack(flow, state, size): as it is stored; return its length. */
size_t flow_pack(const struct flow *, unsigned char *, size_t);

/** flow_unpack(flow, state, len): likewise the other way, without its handle; -1: it is none. */
int flow_unpack(struct flow *, unsigned char *, size_t);

/** flow_save(keeper, flow): put it into the batch. */
void flow_save(struct keeper *, const struct flow *);

/** flow_go(keeper, flow, step, reason): to the next step, or the same once more; saves it. */
void flow_go(struct keeper *, struct flow *, enum step, enum reason);

/** flow_end(keeper, flow, outcome, reason): to the last page; saves it. */
void flow_end(struct keeper *, struct flow *, enum outcome, enum reason);

/** flow_move(keeper, flow, name): give it its next name, and leave a stone at the old one. */
void flow_move(struct keeper *, struct flow *, char name[FLOW_LONGEST + 1]);

#endif
