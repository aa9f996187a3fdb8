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
#include "explore/terms.h"
#include "keeper/store/store.h"

enum { WALKS_MOST = WORKERS_MOST, CODES_MOST = 2, NAMES_MOST = CODES_MOST + 1, ASKS_MOST = 32, PARCELS_MOST = 16 };

/* The order that a flow gave: SET or UNLOCK. */
enum order { ORDER_NONE, ORDER_OUT, ORDER_LOST };

/* What keeper has been told; of use to it once it is committed. */
struct facts {
	bool	paid;		/* by the riddle's words */
	bool	matched;
	uint64_t rights[CODES_MOST];	/* the seqs at which each right code was typed */
	bool	cleared;	/* the last SET was surely not carried out */
};

/* What was told before the batch: what is told in one may overtake each other. */
struct before {
	unsigned int	n_names;
	enum outcome	outcome;
	uint32_t	seq;
};

/* A code of a flow: that of its first name, and, where a policy asks it, that of its next. */
struct told_code {
	unsigned int	sends, carried;	/* how often, and a bit for each channel */
	uint32_t	seq;		/* at which it was asked for */
	uint64_t	judged;		/* the seqs at which a wrong one was */
	unsigned int	at_old;		/* wrong ones when the flow had another name */
};

/* One person's flow.  Each right code gives it another name. */
struct walk {
	/* What the person, or who sees the same, knows. */
	char		names[NAMES_MOST][FLOW_LONGEST + 1];
	unsigned int	n_names;
	bool		heard;		/* a first STEP */
	struct msg_step	told;		/* the last */
	struct msg	said;		/* the last ANSWER, to be said once more */
	int64_t		opened;

	/* What is so. */
	struct facts	now, sure;
	enum order	order;
	enum msg_type	ordered;
	int64_t		order_until;	/* lost as it is, it may be carried out until then */
	bool		carried;	/* the last order was carried out */
	bool		done;		/* one was */

	/* What was said of it. */
	bool		told_not;	/* that nothing was done, after an order */
	enum outcome	outcome;
	uint32_t	seq;		/* the highest */
	struct told_code codes[CODES_MOST];
	struct before	before;
	char		riddle[RIDDLE_LONGEST + 1], riddle_before[RIDDLE_LONGEST + 1];	/* the last two */
	unsigned int	riddles;
	int64_t		patience;	/* from then on waiting has paid as well */
	bool		in_at_halt;	/* was let in when an admin said it */
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
	int		 at;		/* under which name of that walk's; -1: none of them */
	bool		 paid;		/* the words of a riddle were */
	bool		 code, right;	/* a code was typed; and it was the right one */
	unsigned int	 at_old;	/* as that code's, when it was asked */
	bool		 twice;		/* the right code was typed there before */
	bool		 old;		/* the person was told of another name since */
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
	unsigned int	messages, changes[2];	/* to one account; of passwords, and unlocked */
	unsigned int	halts, halting;	/* what an admin has been told is halted, and what was asked */
	bool		holding;	/* in a batch that is not committed yet */
	const char	*broken;	/* a promise, in words */
	uint32_t	last_id;
	struct terms	terms;
	bool		abreast;	/* all of them do the same, see abreast.h */
	bool		loud;		/* say what happens */
};

extern struct world world;

/** world_begin(like): a keeper that just started; of ${like} how many people, and what they are. */
void world_begin(const struct world *like);
void world_end(void);

/** world_settle(hold): keeper handles what was said; unless ${hold}, it commits, and all is heard. */
void world_settle(bool hold);

/** world_crash(): keeper is killed, and starts again. */
void world_crash(void);

/** world_ask(walk, msg, ask): portal says ${msg} on that walk. */
void world_ask(struct walk *, struct msg *, struct ask);

/** world_job(walk): what a worker is doing for it, the longest of several, or NULL. */
struct job *world_job(const struct walk *);

/** world_reply(job, msg): the worker replies. */
void world_reply(struct job *, struct msg *);

/** world_lose(job): the worker is gone, and what became of an order nobody knows. */
void world_lose(struct job *);

/** world_does(walk): the directory carries out its order. */
void world_does(struct walk *);

/** world_wait(ms): time passes, and with it what was lost and might still be done. */
void world_wait(int64_t ms);

/** world_name(walk, i, name): the i-th, which the person may not have been told yet. */
void world_name(const struct walk *, int i, char name[FLOW_LONGEST + 1]);

/** world_code(walk, i, code): the i-th right one, as nobody but keeper and courier can know. */
void world_code(const struct walk *, int i, struct secret *);

/** world_codes(): how many have to be typed. */
int world_codes(void);

/** world_broke(what): a promise does not hold. */
void world_broke(const char *what);

#endif
