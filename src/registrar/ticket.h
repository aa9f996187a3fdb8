/*
 * ticket.h - what lets keeper speak of a person without naming one.
 *
 * A ticket is sealed: keeper can neither make one nor raise its level.  Keys are
 * files of one line or two; the first line of the first file seals, all others still open.
 * Hashes are of a key of their own, which cannot be changed: people are known by them.
 */
#ifndef REGISTRAR_TICKET_H
#define REGISTRAR_TICKET_H

#include "registrar/account.h"
#include "wire/msg.h"

enum proof_level {
	LEVEL_NONE,
	LEVEL_FOUND,	/* somebody is called that */
	LEVEL_MATCHED	/* and the asker knows what only that person knows */
};

enum { WAY_SIZE = 16, TICKET_LIFE = 60 * 60 };

struct bearer {
	enum proof_level level;
	char		id[ID_LONGEST + 1];
	unsigned char	way[WAY_SIZE];	/* of the number that was matched; see ticket_hash */
	bool		only_fresh;	/* good for a first password alone; see account.h */
};

/** ticket_load(why, size): read the keys of the settings; -1 with a sentence in ${why}. */
int ticket_load(char *why, size_t size);

/** ticket_seal(ticket, bearer): valid for TICKET_LIFE seconds. */
void ticket_seal(struct ticket *, const struct bearer *);

/** ticket_open(ticket, least, bearer): -1 if not ours, too old, or of a lower level. */
int ticket_open(const struct ticket *, enum proof_level least, struct bearer *);

/** ticket_hash(what, text, out): a hash of ${text} that nobody without the account key can make. */
void ticket_hash(const char *what, const char *text, unsigned char out[ACCOUNT_SIZE]);

/* For latchkey rekey: the new key goes in front in the first file.  They return the exit status. */
extern const char *ticket_rekey_name;
int ticket_rekey_run(void);
int ticket_rekey_end_run(void);

#endif
