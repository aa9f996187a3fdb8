/*
 * errand_stage.h - one errand from the inside, for the files that hold its stages.
 *
 * A stage is what is asked, and what its reply leads to.
 */
#ifndef KEEPER_ERRAND_STAGE_H
#define KEEPER_ERRAND_STAGE_H

#include <event2/event.h>

#include "keeper/budget.h"
#include "keeper/errand.h"

enum { WAITERS_MOST = 16 };

enum stage {
	/* behind the answer: errand_code.c */
	GO_FIND, GO_MATCH, GO_WAYS, GO_SEND,
	/* in front of it, too: */
	GO_SECOND,
	/* and errand_password.c */
	GO_RULES, GO_JUDGE, GO_SET, GO_STATE, GO_UNLOCK,
	STAGE__COUNT,	/* from GO_SECOND on somebody waits: see errand_join */
	GO_OVER = STAGE__COUNT
};

struct errand {
	struct handle	 handle;	/* first: the tree compares it */
	struct keeper	*keeper;
	enum stage	 stage;
	int64_t		 from;		/* by clock_ms: no stage is asked before, */
	bool		 pausing;	/* and it waits for that: the timer means: go on */
	bool		 resets;	/* a password was given: how it went is counted at the end */
	struct event	*timer;
	int64_t		 ordered;	/* by clock_ms: when SET was, or when it was asked after again */
	unsigned int	 sets;		/* orders to write that nobody could take */
	bool		 unsure;	/* an earlier order to unlock may have been carried out */
	unsigned int	 tries, unchanged;	/* questions about a fate that is unknown */
	char		 addr[ADDR_LONGEST + 1];
	struct secret	 name;		/* as typed */
	struct msg_answer answer;	/* proofs or passwords, */
	bool		 answered;	/* once they were given */
	struct msg_ways	 ways;
	unsigned int	 way;		/* the one of them that the code takes, */
	enum channel	 channel;	/* by this, */
	struct spent	 spent;		/* for it, */
	char		 gateway[GATEWAY_LONGEST + 1];	/* and who took it */
	struct msg_rules rules;
	struct {
		struct ask	*ask;
		char		 name[FLOW_LONGEST + 1];
	} waiters[WAITERS_MOST];
	unsigned int	 n_waiters;
};

/** errand_pause(errand): ask the next stage a little later. */
void errand_pause(struct errand *);

struct stage_row {
	enum msg_type	type;	/* the question: for registrar, but for SEND */
	/* Fill in what there is besides the ticket; NULL: nothing. */
	void		(*ask)(struct errand *, const struct flow *, struct msg *);
	/* Take the reply, which is NULL if none came; say what is next. */
	enum stage	(*heard)(struct errand *, struct flow *, enum verdict, const struct msg *);
};

extern const struct stage_row stage_find, stage_match, stage_ways, stage_send, stage_second;
extern const struct stage_row stage_rules, stage_judge, stage_set, stage_state,
    stage_unlock;

#endif
