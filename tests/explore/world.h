/*
 * world.h - everybody but keeper: people, the directory and its workers, courier.
 *
 * The world knows what is true (what was typed and sent, what the directory did), so it
 * can hold what keeper says and asks for against it.  It decides nothing: what happens
 * next is a choice (choice.h).
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include "explore/peers.h"
#include "keeper/store/store.h"

enum { WALKS_MOST = WORKERS_MOST, NAMES_MOST = 2, ASKS_MOST = 32, PARCELS_MOST = 16 };

/* The order that a flow gave: SET or UNLOCK. */
enum order { ORDER_NONE, ORDER_OUT, ORDER_LOST };

/* What keeper has been told; of use to it once it is committed. */
struct facts {
	bool	matched;
	uint64_t rights;	/* the seqs at which the right code was typed */
	bool	cleared;	/* the last SET was surely not carried out */
};

/* What was told before the batch: what is told in one may overtake each other. */
struct before {
	bool		in;
	enum outcome	outcome;
	uint32_t	seq;
};

/* One person's flow. */
struct walk {
	/* What the person, or who sees the same, knows. */
	char		names[NAMES_MOST][FLOW_LONGEST + 1];
	unsigned int	n_names;
	bool		heard;		/* a first STEP */
	struct msg_step	told;		/* the last */
	struct msg	said;		/* the last ANSWER, to be said once more */
	struct secret	code;		/* that was sent */
	int64_t		opened;

	/* What is so. */
	struct facts	now, sure;
	enum order	order;
	enum msg_type	ordered;
	int64_t		order_until;	/* lost as it is, it may be carried out until then */
	bool		carried;	/* the last order was carried out */
	bool		done;		/* one was */

	/* What was said of it. */
	bool		in;		/* told that the code was right */
	bool		told_not;	/* that nothing was done, after an order */
	enum outcome	outcome;
	uint32_t	seq;		/* the highest */
	uint32_t	code_seq;	/* at which the code was asked for */
	uint64_t	judged;		/* the seqs at which a wrong code was */
	unsigned int	at_old;		/* wrong codes at the old name */
	unsigned int	sends;
	struct before	before;
};

/* What a worker has been asked, and not answered. */
struct job {
	bool		busy;
	struct msg	asked;
	struct walk	*walk;
	int64_t		since;
};

/* A question of portal's that has no answer yet. */
struct ask {
	uint32_t	 id, seq;
	struct walk	*walk;
	unsigned int	 at_old;	/* as the walk's, when it was asked */
	bool		 code, right;	/* a code was typed; and it was the right one */
	bool		 own;		/* under a name of that walk's */
	bool		 first;		/* under the flow's first name */
	bool		 twice;		/* the right code was typed there before */
	bool		 old;		/* and the person was told of another since */
};

struct parcel {
	uint32_t	 id;
	struct walk	*walk;
};

struct world {
	struct walk	walks[WALKS_MOST];
	unsigned int	n_walks;
	struct job	jobs[WORKERS_MOST];
	struct ask	asks[ASKS_MOST];
	unsigned int	n_asks;
	struct parcel	parcels[PARCELS_MOST];
	unsigned int	n_parcels;
	unsigned int	passwords;	/* that the directory has set */
	bool		holding;	/* in a batch that is not committed yet */
	const char	*broken;	/* a promise, in words */
	uint32_t	last_id;
	bool		abreast;	/* all of them do the same, see abreast.h */
	bool		loud;		/* say what happens */
};

extern struct world world;

/** world_begin(walks, abreast, loud): a keeper that just started, and so many people. */
void world_begin(unsigned int walks, bool abreast, bool loud);
void world_end(void);

/** world_settle(hold): keeper handles what was said; unless ${hold}, it commits, and all is heard. */
void world_settle(bool hold);

/** world_crash(): keeper is killed, and starts again. */
void world_crash(void);

/** world_ask(walk, msg, ask): portal says ${msg} on that walk. */
void world_ask(struct walk *, struct msg *, struct ask);

/** world_job(walk): what a worker is doing for it, or NULL. */
struct job *world_job(const struct walk *);

/** world_reply(job, msg): the worker replies. */
void world_reply(struct job *, struct msg *);

/** world_lose(job): the worker is gone, and what became of an order nobody knows. */
void world_lose(struct job *);

/** world_does(walk): the directory carries out its order. */
void world_does(struct walk *);

/** world_wait(ms): time passes, and with it what was lost and might still be done. */
void world_wait(int64_t ms);

/** world_code(walk, code): the right one, as nobody but keeper and courier can know. */
void world_code(const struct walk *, struct secret *);

/** world_broke(what): a promise does not hold. */
void world_broke(const char *what);

#endif
