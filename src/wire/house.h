/*
 * house.h - what all four programs read from the top of the settings file, and
 * where they meet.
 */
#ifndef WIRE_HOUSE_H
#define WIRE_HOUSE_H

#include "base/conf.h"
#include "wire/msg.h"

enum { PROOFS_MOST = 4 };

/* What a person is asked before a code is sent, in this order. */
struct proof {
	int	field;			/* as the settings count them; see house_field */
	char	attribute[64];		/* where the directory keeps it */
	int	kind;			/* likewise; see house_kind */
	char	label[LABEL_LONGEST + 1];
};

/* What some people are asked besides: the first that fits counts. */
struct policy {
	char		name[POLICY_LONGEST + 1];
	char		group[512];	/* members of it; empty: anybody */
	char		below[512];	/* and who stands below it; empty: anywhere */
	unsigned int	second;		/* a bit for each channel that a second code may take; 0: none */
};

struct house {
	char		organisation[64];
	char		public_url[256];	/* as people type it, without a slash at the end */
	int		log;		/* an enum log_form */
	char		runtime[93];	/* the folder of the four sockets: their paths fit 107 bytes */
	char		country[8];	/* "31": numbers written without a country are there */
	struct proof	proofs[PROOFS_MOST];
	size_t		n_proofs;
	struct policy	policies[POLICIES_MOST];
	size_t		n_policies;
	char		time_zone[64];	/* of times that people are told; empty: the machine's */
	int		young_number_days;	/* a number changed since gets no code; 0: any does */
	struct house_users {
		char	portal[33], keeper[33], registrar[33], courier[33], admin[33];
	} users;
};

extern struct house house;
extern const struct setting house_settings[];

/** house_zone(): tell times by that clock from here on, or report that there is none. */
void house_zone(void);

/** house_field(proof), house_kind(proof): the proof's enums on the wire. */
enum field house_field(const struct proof *);
enum kind house_kind(const struct proof *);

/** house_socket(role, path, size): where keeper listens for ${role}. */
void house_socket(enum role, char *path, size_t size);

/**
 * house_peer_is(fd, role):
 * The kernel says that a user who may be ${role} is at the other end: our own
 * user, the one that the settings name, or root where an admin (as CTL) or the
 * supervisor (as keeper's listener) stands there.
 */
bool house_peer_is(int fd, enum role);

#endif
