/*
 * rules.h - what a directory asks of a new password, and judging one beforehand.
 *
 * Each dialect fills struct rules from the directory's own policy.  What only the
 * server can know (history, a check of its own) is shown, and left to the server.
 */
#ifndef REGISTRAR_RULES_H
#define REGISTRAR_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"
#include "registrar/account.h"
#include "wire/msg.h"

enum { TERM_CHARS = 255, RULES_TERMS_MOST = 64 };

/* What LENGTH and LONGEST count. */
enum unit { UNIT_BYTES, UNIT_UTF16 };

struct rules {
	bool		holds[RULE__COUNT];
	uint32_t	number[RULE__COUNT];
	enum unit	unit;
	/* Of OpenLDAP alone: whether it has a policy for this account, and how many seconds have to
	   be between two changes. */
	bool		policy;
	uint32_t	least_age;
	/* What RULE_NAME forbids, in lower case. */
	size_t		n_terms;
	uint32_t	terms[RULES_TERMS_MOST][TERM_CHARS + 1];	/* code points, then 0 */
};

/** rules_name(rules, account, extra): add RULE_NAME with the terms of ${account}. */
void rules_name(struct rules *, const struct account *, bool extra);

/** rules_judge(rules, password): a bit (1 << rule) for each rule that is broken. */
uint32_t rules_judge(const struct rules *, const struct secret *password);

/**
 * rules_random(rules, password):
 * One that nobody is to remember, of all kinds of characters and as long as the rules
 * want.  Return 0, or what rules_judge says of the last one tried; that the present
 * password is too young is not said.
 */
uint32_t rules_random(const struct rules *, struct secret *password);

/** rules_tell(rules, out): what the person is shown. */
void rules_tell(const struct rules *, struct msg_rules *);

#endif
