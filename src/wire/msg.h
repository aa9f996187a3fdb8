/*
 * msg.h - every word that the four programs say to each other.
 *
 * One message a packet: type (1 byte), id (4 bytes), reference (5 bytes), body.  A
 * reply carries the id of what it answers.  The reference says on whose way this is
 * said, for the logs of all programs; zeroes: on nobody's, or nobody knows yet.
 * msg.c holds the law: who may send what, to whom, and how long it may be; pack and
 * unpack stand beside each other in pairs_*.c.
 */
#ifndef WIRE_MSG_H
#define WIRE_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/reference.h"
#include "base/seal.h"
#include "base/secret.h"
#include "wire/word.h"

enum {
	WIRE_VERSION	= 6,		/* one more for each message, field or word that is new */
	MSG_HEAD	= 1 + 4 + REFERENCE_SIZE,
	MSG_LONGEST	= 8192,		/* no message is longer, whatever its type */

	FLOW_LONGEST	= 63,		/* the name of a flow, text */
	LANG_LONGEST	= 11,
	ADDR_LONGEST	= 45,		/* an IPv6 address, written out */
	NAME_LONGEST	= 256,		/* what a person types as user name */
	TICKET_LONGEST	= 512,
	ACCOUNT_SIZE	= 16,
	MARK_LONGEST	= 63,
	PHONE_LONGEST	= 31,		/* +31612345678 */
	LABEL_LONGEST	= 63,
	HINT_LONGEST	= 31,
	TERM_LONGEST	= 63,
	GATEWAY_LONGEST	= 31,
	AUDIT_WORD	= 31,
	FAULT_LONGEST	= 511,		/* why the store cannot be written, a sentence */
	CHALLENGE_LONGEST = 32,
	RIDDLE_LONGEST	= 8,
	POLICY_LONGEST	= 31,		/* the name of a policy */

	FIELDS_MOST	= 4,
	CHOICES_MOST	= 8,
	TERMS_MOST	= 16,
	WAYS_MOST	= 4,
	VALUES_MOST	= 4,
	PUZZLES_MOST	= 200,		/* a solution of so many still is a field's value */
	BITS_MOST	= 16,
	POLICIES_MOST	= 16,
	METRIC_CELLS_MOST = 640		/* keeper's table (metric.c) fills most of them */
};

/* Bits, so that the law can name several. */
enum role {
	ROLE_PORTAL = 1, ROLE_KEEPER = 2, ROLE_REGISTRAR = 4, ROLE_COURIER = 8, ROLE_CTL = 16
};

enum msg_type {
	MSG_NONE,
	MSG_HELLO,
	/* portal to keeper, each answered by STEP */
	MSG_OPEN, MSG_ANSWER, MSG_AGAIN, MSG_SHOW, MSG_LEAVE,
	MSG_STEP,
	/* keeper to registrar, and the reply to each */
	MSG_FIND, MSG_FOUND,
	MSG_MATCH, MSG_MATCHED,
	MSG_WAYS, MSG_WAYS_ARE,
	MSG_RULES, MSG_RULES_ARE,
	MSG_JUDGE, MSG_JUDGED,
	MSG_SET, MSG_UNLOCK, MSG_DONE,
	MSG_STATE, MSG_STATE_IS,
	MSG_PROBE, MSG_PROBED,
	/* keeper to courier, and the reply */
	MSG_SEND, MSG_SENT,
	/* control: the CLI asks, and portal for its /readyz and /metrics */
	MSG_STATUS, MSG_STATUS_IS,
	MSG_METRICS, MSG_METRICS_ARE,
	MSG_AUDIT, MSG_AUDIT_ROW, MSG_AUDIT_END,
	MSG_RELOAD, MSG_RELOADED,
	/* keeper to each of the others, and the reply */
	MSG_READ_AGAIN, MSG_HAS_READ,
	/* the CLI asks; see keeper/halt.h and keeper/budget.h */
	MSG_HALT, MSG_HALTED,
	MSG_PARDON, MSG_PARDONED,
	MSG_LOOKUP, MSG_LOOKED_UP,
	/* control: is the audit whole?  Forget a person. */
	MSG_VERIFY, MSG_VERIFYING, MSG_VERIFIED,
	MSG_ERASE, MSG_ERASED,
	/* the CLI asks keeper, and keeper asks registrar the same */
	MSG_POLICY, MSG_POLICY_IS,
	MSG_EXPLAIN, MSG_EXPLAINED,
	MSG__COUNT
};

struct msg_hello {
	uint16_t	version;
	enum role	role;
};

/* OPEN writes nothing: the flow that it names exists from its first answer on. */
struct msg_open {
	enum journey	journey;
	enum wish	wish;
	char		lang[LANG_LONGEST + 1];
};

struct msg_answer {
	char		flow[FLOW_LONGEST + 1];
	uint32_t	seq;
	enum step	step;
	char		addr[ADDR_LONGEST + 1];	/* who asks, as portal sees it */
	unsigned int	n_fields;
	struct {
		enum field	name;
		struct secret	value;
	} fields[FIELDS_MOST];
};

/* AGAIN, SHOW and LEAVE. */
struct msg_flow {
	char	flow[FLOW_LONGEST + 1];
	char	addr[ADDR_LONGEST + 1];
	bool	chosen;		/* AGAIN: by another channel than before, perhaps: */
	enum channel choice;
};

enum met { MET_OPEN, MET_YES, MET_NO, MET__COUNT };	/* not judged yet, holds, is broken */

/*
 * So many puzzles.  The answer to the i-th is a NONCE of five hexadecimal digits in small
 * letters such that SHA-256 of the challenge, i in three decimal digits (000 is the
 * first) and NONCE begins with so many bits that are nought.  The solution is all of
 * them, in order, with nothing in between.
 */
struct work {
	char		challenge[CHALLENGE_LONGEST + 1];
	unsigned int	puzzles, bits;		/* 0: there is nothing to solve */
};
enum { NONCE_DIGITS = 5 };

/* No two of them look alike. */
#define RIDDLE_LETTERS "ACEFHJKLMNPRTVWXY"
#define RIDDLE_DIGITS "0123456789"

/* Either of them is the solution, in capitals or not. */
struct riddle {
	char		letters[RIDDLE_LONGEST + 1];	/* that a picture shows, */
	char		digits[RIDDLE_LONGEST + 1];	/* and that a voice says */
};

struct msg_step {
	char		flow[FLOW_LONGEST + 1];	/* empty when refused */
	struct reference reference;	/* that people see; as in the packet's head */
	uint32_t	seq;
	enum journey	journey;
	enum wish	wish;
	enum step	step;
	char		lang[LANG_LONGEST + 1];
	bool		refused;	/* the question was wrong; nothing has changed */
	enum reason	reason;
	enum field	at;		/* the field that the reason is about, */
	bool		at_field;	/* if it is about one */
	unsigned int	place, places;	/* this is page 2 of 5 */
	unsigned int	left;		/* tries left; 0 where they are not counted */
	uint32_t	wait;		/* seconds until it is of use: AGAIN; SHOW, before and after the code; a password, with RULE_AGE */
	uint32_t	life;		/* seconds that this step stays open */
	bool		gone;		/* the old password is no more, and no new one is set */
	enum outcome	outcome;	/* other than NONE: the end */
	unsigned int	n_fields;
	struct {
		enum field	name;
		enum kind	kind;
		unsigned int	longest;	/* in bytes */
		char		label[LABEL_LONGEST + 1];	/* the admin's, or empty */
	} fields[FIELDS_MOST];
	unsigned int	n_choices;
	struct {
		enum field	field;		/* that this choice would fill: WISH or CHOICE */
		unsigned int	id;		/* an enum wish, or a number */
		enum channel	channel;
		char		hint[HINT_LONGEST + 1];
	} choices[CHOICES_MOST];
	unsigned int	n_rules;
	struct {
		enum rule	rule;
		uint32_t	number;
		enum met	met;
	} rules[RULE__COUNT];
	unsigned int	n_terms;	/* what RULE_NAME forbids, folded to lower case */
	char		terms[TERMS_MOST][TERM_LONGEST + 1];
	struct work	work;		/* STEP_PRICE, */
	struct riddle	riddle;		/* or this: it has no letters where there is none */
};

struct ticket {
	size_t		len;
	unsigned char	data[TICKET_LONGEST];
};

struct msg_find {
	struct secret	name;
};

/* ${account} is filled for nobodies too: a keyed hash of what was typed. */
struct msg_found {
	enum verdict	verdict;
	unsigned char	account[ACCOUNT_SIZE];
	struct ticket	ticket;
	char		policy[POLICY_LONGEST + 1];	/* that fits the person, or empty */
	unsigned int	second;		/* what it asks: a bit for each channel a second code may take */
};

struct msg_match {
	struct ticket	ticket;
	enum wish	wish;		/* ACTIVATE: only an account that is new */
	unsigned int	n_values;
	struct {
		enum field	field;
		struct secret	value;
	} values[VALUES_MOST];
};

struct msg_matched {
	enum verdict	verdict;
	struct ticket	ticket;		/* that says "matched" */
	unsigned char	number[ACCOUNT_SIZE];	/* a keyed hash of that account's number */
	bool		believed;	/* it is surely not young; otherwise who knows */
};

/* WAYS, RULES and UNLOCK ask with nothing but the ticket. */
struct msg_ticket {
	struct ticket	ticket;
};

struct msg_ways {
	enum verdict	verdict;
	unsigned int	n_ways;
	struct {
		enum channel	channel;
		char		address[ADDRESS_LONGEST + 1];	/* a number, or of mail */
		bool		matched;	/* the person proved to know it */
	} ways[WAYS_MOST];
};

struct msg_rules {
	enum verdict	verdict;
	unsigned int	n_rules;
	struct {
		enum rule	rule;
		uint32_t	number;
	} rules[RULE__COUNT];
	unsigned int	n_terms;
	char		terms[TERMS_MOST][TERM_LONGEST + 1];
};

/* JUDGE and SET. */
struct msg_password {
	struct ticket	ticket;
	struct secret	password;
	bool		must_change;	/* SET: the person must choose another at sign-in */
	int64_t		by;		/* SET: of no use when begun later, by clock_ms */
	char		mark[MARK_LONGEST + 1];	/* SET: that JUDGE told */
};

struct msg_judged {
	enum verdict	verdict;	/* OK: every rule that can be judged beforehand holds */
	uint32_t	broken;		/* RULE: a bit (1 << rule) for each that does not */
	char		mark[MARK_LONGEST + 1];	/* of the account now, see msg_state_of */
};

struct msg_done {
	enum verdict	verdict;
	enum rule	rule;		/* with VERDICT_RULE */
	bool		gone;		/* not set, nor is the old one left */
};

/*
 * A mark says how an account stood, and at which of the directory's servers that was
 * seen: keeper keeps it and gives it back, and never looks into it.
 */
struct msg_state_of {
	struct ticket	ticket;
	char		mark[MARK_LONGEST + 1];
};

struct msg_state {
	enum verdict	verdict;	/* UNAVAILABLE also where the mark's own server is away */
	bool		set;		/* a password has been set since */
};

/* The last ones bring no code: they tell what was done. */
enum text_template {
	TEXT_CODE, TEXT_ACTIVATION, TEXT_RESET, TEXT_UNLOCKED, TEXT_ACTIVATED, TEXT__COUNT
};

struct msg_send {
	enum channel	channel;
	char		address[ADDRESS_LONGEST + 1];
	enum text_template template;
	char		lang[LANG_LONGEST + 1];
	struct secret	code;
	uint32_t	minutes;	/* that the code stays valid */
	int64_t		at;		/* when it was done, in seconds since 1970 */
};

struct msg_sent {
	enum verdict	verdict;
	char		gateway[GATEWAY_LONGEST + 1];
};

struct msg_status {
	bool		registrar;	/* a worker is connected and its directory answered */
	bool		courier;
	uint32_t	flows, errands;	/* kept; and something is asked for so many of them */
	uint32_t	workers, busy, queued;
	int64_t		since;		/* keeper's start */
	unsigned int	halts;		/* a bit (1 << enum halt) for each that holds */
	char		store[FAULT_LONGEST + 1];	/* why nothing can be kept: "cause; remedy", or empty */
};

/* Bare numbers, in the order of the table in metric.c. */
struct msg_metrics {
	unsigned int	n;
	int64_t		cell[METRIC_CELLS_MOST];
};

struct msg_audit {
	int64_t		after;		/* rows with a greater number */
	int64_t		from, until;	/* seconds since 1970; 0 = open */
	uint32_t	most;
	struct reference flow;		/* only rows of this one; zeroes = all */
	char		name[NAME_LONGEST + 1];	/* only rows of this typed name; empty = all */
	char		what[AUDIT_WORD + 1];	/* only rows that say this; empty = all */
};

struct msg_audit_row {
	int64_t		number, at;
	char		what[32], outcome[32], detail[48];
	unsigned char	account[ACCOUNT_SIZE];
	struct reference flow;		/* the same for all rows of one flow */
	char		who[NAME_LONGEST + 1];	/* empty once the person has been erased */
	char		addr[ADDR_LONGEST + 1];
	uint32_t	generation;	/* see keeper/chain.h */
	unsigned char	mac[HASH_SIZE];
};

/* VERIFYING tells how far, VERIFIED the first fault, or that there is none. */
struct msg_verified {
	enum fault	fault;
	int64_t		number, to;	/* which row; MISSING: up to which; MOVED: where it stands */
	int64_t		at;		/* that row's, as far as it is there */
	char		what[AUDIT_WORD + 1], outcome[AUDIT_WORD + 1];
	int64_t		first, last;	/* the numbers of the chain */
	int64_t		rows, gone;	/* that are as they were written; that are no longer kept */
};

/* OK; NOBODY: no key of that account. */
struct msg_erase {
	unsigned char	account[ACCOUNT_SIZE];
};

/* OK: with new settings; REJECTED: they have a mistake, and those of before stay. */
struct msg_reloaded {
	enum role	who;		/* keeper is told last */
	enum verdict	verdict;
};

struct msg_halt {
	enum halt	what;
	bool		on;		/* false: it goes on */
};

/* PARDON, LOOKUP, POLICY and EXPLAIN: whom it is about. */
struct msg_name {
	char		name[NAME_LONGEST + 1];
};

/* How a person stands to one half of a policy. */
enum fit { FIT_ANY, FIT_YES, FIT_NO, FIT__COUNT };	/* it does not ask, fits, does not */

/* The policies in their order, up to the first that fits. */
struct msg_explained {
	enum verdict	verdict;	/* how the directory has them */
	unsigned int	n_rows;
	struct {
		char		name[POLICY_LONGEST + 1];
		enum fit	group, below;
	} rows[POLICIES_MOST];
	bool		fits;		/* the last row does */
	unsigned int	second;		/* what it asks, as of FOUND */
	unsigned int	ways;		/* a bit for each channel that could reach them */
};

struct msg_looked_up {
	enum verdict	verdict;	/* how the directory has them */
	struct {
		uint32_t	spent, limit;
	} tallies[TALLY__COUNT];
};

struct msg {
	enum msg_type	type;
	uint32_t	id;
	struct reference reference;
	union {
		/* AUDIT_END HAS_READ PROBED HALTED PARDONED ERASED; and registrar's replies all begin so. */
		enum verdict		verdict;
		struct msg_hello	hello;
		struct msg_open		open;
		struct msg_answer	answer;
		struct msg_flow		flow;		/* AGAIN SHOW LEAVE */
		struct msg_step		step;
		struct msg_find		find;
		struct msg_found	found;
		struct msg_match	match;
		struct msg_matched	matched;
		struct msg_ticket	ticket;		/* WAYS RULES UNLOCK */
		struct msg_ways		ways;
		struct msg_rules	rules;
		struct msg_password	password;	/* JUDGE SET */
		struct msg_judged	judged;
		struct msg_done		done;
		struct msg_state_of	state_of;	/* STATE */
		struct msg_state	state;
		struct msg_send		send;
		struct msg_sent		sent;
		struct msg_status	status;
		struct msg_metrics	metrics;
		struct msg_audit	audit;
		struct msg_audit_row	audit_row;
		struct msg_reloaded	reloaded;
		struct msg_halt		halt;
		struct msg_name		name;		/* PARDON LOOKUP POLICY EXPLAIN */
		struct msg_looked_up	looked_up;
		struct msg_explained	explained;	/* POLICY_IS EXPLAINED */
		struct msg_verified	verified;	/* VERIFYING VERIFIED */
		struct msg_erase	erase;
	} u;
};

/* What was wrong with a packet, in the order in which it is looked at. */
enum msg_fault {
	MSG_GOOD, MSG_BAD_SIZE, MSG_BAD_TYPE, MSG_BAD_SENDER, MSG_BAD_FIELD, MSG_BAD_REST
};

/**
 * msg_pack(msg, from, packet, size):
 * Write ${msg} as ${from} may send it.  Return its length, or 0 if the law or a
 * range forbids it: that is our own mistake.
 */
size_t msg_pack(const struct msg *, enum role from, void *packet, size_t size);

/**
 * msg_unpack(msg, packet, len, from, to):
 * Fill ${msg} from what ${from} sent to ${to}: size, type, sender, each field in
 * range, nothing left over, in that order.  On a fault ${msg} must not be read.
 */
enum msg_fault msg_unpack(struct msg *, const void *packet, size_t len, enum role from,
    enum role to);

/** msg_wipe(msg): overwrite all of it; it may have held a secret. */
void msg_wipe(struct msg *);

/** msg_reply(question): what ${question} is answered by; MSG_NONE: not by one message. */
enum msg_type msg_reply(enum msg_type question);

/** msg_value(answer, field): what was typed there, or something empty. */
const struct secret *msg_value(const struct msg_answer *, enum field);

/** msg_name(type): "FIND"; "?" for a type that is none. */
const char *msg_name(enum msg_type);

/** msg_fault_text(fault): for the log. */
const char *msg_fault_text(enum msg_fault);

#endif
