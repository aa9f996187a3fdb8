/*
 * word.h - the closed lists of the house, each with its stable words.
 *
 * The words are what the JSON API, the pages' addresses, the audit and the CLI show: a
 * contract, to which is added, and which is never changed.  The numbers travel on the
 * wire (one more WIRE_VERSION), and lie in the store of whoever upgrades
 * (keeper/flow.c): a new one goes behind the last, whatever group it is of; one that
 * cannot, such as a step or a rule, takes a FLOW_VERSION that reads the old numbers.
 */
#ifndef WIRE_WORD_H
#define WIRE_WORD_H

#include <stddef.h>

enum journey { JOURNEY_RECOVER, JOURNEY__COUNT };

enum wish { WISH_NONE, WISH_RESET, WISH_UNLOCK, WISH_ACTIVATE, WISH__COUNT };

/*
 * In the order in which people come by them, which places on pages and metric.c count
 * on: from STEP_SETTING on nobody answers.
 */
enum step {
	STEP_NAME,		/* who are you? */
	STEP_PRICE,		/* the browser works, or the person waits; or solves a riddle */
	STEP_WISH,		/* forgot, locked, or new? */
	STEP_PROOF,		/* what only you and the directory know */
	STEP_CODE,		/* what arrived on your phone */
	STEP_SECOND,		/* and by another way, where a policy asks it */
	STEP_PASSWORD,		/* the new one, twice */
	STEP_SETTING,		/* the directory is at work: ask again in a moment */
	STEP_END,
	STEP__COUNT
};

enum outcome {
	OUTCOME_NONE,		/* not at the end yet */
	OUTCOME_RESET,
	OUTCOME_UNLOCKED,
	OUTCOME_UNKNOWN,	/* the directory may or may not have done it */
	OUTCOME_STOPPED,	/* too many tries, too late, or not to be helped here */
	OUTCOME_LEFT,		/* the person cancelled */
	OUTCOME_ACTIVATED,	/* a new account has its first password */
	OUTCOME__COUNT
};

/* Those that no step asks for yet are fixed names of the API all the same. */
enum field {
	FIELD_USERNAME, FIELD_MOBILE, FIELD_BIRTHDATE, FIELD_CAPTCHA, FIELD_WISH, FIELD_CHOICE,
	FIELD_CODE, FIELD_PASSWORD, FIELD_PASSWORD_AGAIN, FIELD_OLD_PASSWORD, FIELD_DEVICE_NAME,
	FIELD_DEVICE_NUMBER, FIELD_ADDRESS, FIELD_LANG, FIELD_QUERY, FIELD_PERSON, FIELD_NOTE,
	FIELD_CONFIRM, FIELD__COUNT
};

/* How a field is typed: which keyboard, which reading. */
enum kind {
	KIND_TEXT, KIND_PHONE, KIND_DATE, KIND_CODE, KIND_PASSWORD, KIND_CHOICE,
	KIND_WORK,		/* by no person: the solution of a struct work (msg.h) */
	KIND_RIDDLE,		/* what a picture shows or a voice says: struct riddle */
	KIND__COUNT
};

/* How a price was paid. */
enum pay { PAY_WORK, PAY_WAIT, PAY_RIDDLE, PAY__COUNT };

enum channel { CHANNEL_SMS, CHANNEL_VOICE, CHANNEL_PUSH, CHANNEL_MAIL, CHANNEL__COUNT };

/* What a directory asks of a password.  Each has a reason of the same name below. */
enum rule {
	RULE_LENGTH,		/* at least so many characters */
	RULE_LONGEST,		/* at most so many */
	RULE_CLASSES,		/* so many of the five kinds of characters */
	RULE_NAME,		/* none of the person's names in it */
	RULE_HISTORY,		/* none of the last so many passwords */
	RULE_AGE,		/* the last change is too recent, by so many seconds */
	RULE_QUALITY,		/* a check of the server's own that it does not explain */
	RULE__COUNT
};

enum reason {
	REASON_NONE,
	/* The answer was understood, and is not it. */
	REASON_EMPTY, REASON_TOO_LONG, REASON_BAD_VALUE, REASON_NOT_SAME, REASON_WRONG_CODE,
	REASON_RULE_LENGTH, REASON_RULE_LONGEST, REASON_RULE_CLASSES, REASON_RULE_NAME,
	REASON_RULE_HISTORY, REASON_RULE_AGE, REASON_RULE_QUALITY,
	/* Not now, or no more. */
	REASON_TOO_SOON, REASON_TOO_MANY, REASON_EXPIRED, REASON_TRY_LATER, REASON_TRY_AGAIN,
	REASON_REFUSED,
	/* The question itself was wrong: a 4xx. */
	REASON_BAD_REQUEST, REASON_TOO_LARGE, REASON_UNKNOWN_FLOW, REASON_WRONG_STEP,
	REASON_WRONG_SEQ,
	/* Not now either. */
	REASON_BUSY_NETWORK,	/* too many from there have failed of late */
	REASON_TOO_OFTEN,	/* done as often as it may be, today */
	REASON_NO_OTHER_WAY,	/* a second code is asked, and there is no way for it to go */
	REASON__COUNT
};

/* How a request to registrar or courier ended. */
enum verdict {
	VERDICT_OK,
	VERDICT_NOBODY,		/* no such person, or more than one */
	VERDICT_DISABLED,
	VERDICT_PROTECTED,	/* in a group that is never helped here */
	VERDICT_NO_PROOF,	/* the directory holds no value to compare with, or no number */
	VERDICT_NO_MATCH,
	VERDICT_RULE,		/* a rule of the directory; which one is said beside */
	VERDICT_TICKET,		/* not our ticket, too old, or of too low a stage */
	VERDICT_LIMIT,		/* more writes this hour than registrar allows */
	VERDICT_FORBIDDEN,	/* the service account may not; an admin must mend it */
	VERDICT_REJECTED,	/* the gateway understood and refused */
	VERDICT_UNAVAILABLE,	/* not reached: surely nothing was done */
	VERDICT_UNKNOWN,	/* sent, and no answer: may or may not be done */
	VERDICT_YOUNG,		/* a number that is right, and that the directory has not had for long */
	VERDICT_IN_USE,		/* to be activated, and had a password of its owner's choice */
	VERDICT__COUNT
};

/* What keeper asks registrar. */
enum task {
	TASK_FIND, TASK_MATCH, TASK_WAYS, TASK_RULES, TASK_JUDGE, TASK_SET,
	TASK_UNLOCK, TASK_STATE, TASK_PROBE, TASK_EXPLAIN, TASK__COUNT
};

/* What can be stopped until further notice, each with what stands before it. */
enum halt {
	HALT_SMS,		/* no message leaves */
	HALT_RECOVER,		/* nobody gets to a password or to unlocking */
	HALT_ALL,		/* nothing is written */
	HALT__COUNT
};

/* What of a person's budgets an admin is told, in the words of latchkey lookup --json. */
enum tally {
	TALLY_MESSAGES_HOUR, TALLY_MESSAGES_DAY,	/* that strangers asked for, or they */
	TALLY_KNOWN_HOUR, TALLY_KNOWN_DAY,		/* from networks where they got in before */
	TALLY_RESETS_DAY, TALLY_UNLOCKS_DAY,
	TALLY__COUNT
};

/* What was found where the audit is not what was written. */
enum fault {
	FAULT_NONE,
	FAULT_CHANGED,		/* a row is not as it was written there */
	FAULT_MISSING,		/* rows are gone */
	FAULT_MOVED,		/* a row stands at another number */
	FAULT_ADDED,		/* a row that was never written */
	FAULT_HEAD,		/* what says which row is the last is not as it was sealed */
	FAULT_STONE,		/* what stands for rows that are no longer kept likewise */
	FAULT_KEY,		/* the key of a row is gone, or was sealed under another audit key */
	FAULT__COUNT
};

extern const char *const word_journey[JOURNEY__COUNT];
extern const char *const word_wish[WISH__COUNT];
extern const char *const word_step[STEP__COUNT];
extern const char *const word_outcome[OUTCOME__COUNT];
extern const char *const word_field[FIELD__COUNT];
extern const char *const word_kind[KIND__COUNT];
extern const char *const word_pay[PAY__COUNT];
extern const char *const word_channel[CHANNEL__COUNT + 1];	/* ends with NULL, for settings */
extern const char *const word_rule[RULE__COUNT];
extern const char *const word_reason[REASON__COUNT];
extern const char *const word_verdict[VERDICT__COUNT];
extern const char *const word_task[TASK__COUNT];
extern const char *const word_halt[HALT__COUNT];
extern const char *const word_tally[TALLY__COUNT];
extern const char *const word_fault[FAULT__COUNT];

/** word_find(words, count, text): the place of ${text} in ${words}, or -1. */
int word_find(const char *const *words, size_t count, const char *text);

/** word_rule_reason(rule): the reason that says that ${rule} was broken. */
enum reason word_rule_reason(enum rule);

#endif
