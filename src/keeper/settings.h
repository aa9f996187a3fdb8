/*
 * settings.h - what the section "keeper" of the settings file says.
 */
#ifndef KEEPER_SETTINGS_H
#define KEEPER_SETTINGS_H

#include "base/conf.h"
#include "base/seal.h"
#include "wire/word.h"

enum { SHARED_MOST = 32 };

/* How much of what there is: see budget.h. */
struct limits {
	int	address_hour, address_most_hour;	/* failed flows: to have a price, to be refused */
	char	shared[SHARED_MOST][48];
	size_t	n_shared;
	int	name_day;				/* flows, to have a price */
	/* Messages. */
	int	account_hour, account_day, account_from_hour;
	int	number_hour, number_day;
	int	country_hour, country_day;
	int	messages_hour, messages_day;
	/* After the right code. */
	int	resets_day, unlocks_day;
	int	wrong_codes_hour;
};

struct keeper_settings {
	char		state[256];
	char		code_key_file[256], audit_key_file[256];
	unsigned int	wishes;		/* bits: 0 reset, 1 unlock, 2 activate */
	int		slot_ms;
	int		code_life, code_tries;
	int		sends, send_wait;
	int		step_life;
	int		request_life;
	bool		must_change;
	struct limits	limits;
	char		audit_file[256];
	bool		audit_file_names;
	int		audit_days, audit_change_days, audit_nobody_days;
	int		price;		/* enum price_when */
	int		price_wait;
	int		price_by;	/* enum price_by */
	int		riddle_wait;
	unsigned int	codes, notices;	/* bits: an enum channel each */
	bool		notice_same;
	/* Filled by keeper_check. */
	struct key	*code_key, *audit_key;
	struct key	*code_key_before, *audit_key_before;	/* still open; NULL: none */
};

extern struct keeper_settings settings;
extern const struct conf_section keeper_sections[];

/* What counts from the start only: where things are, and the keys. */
extern const char *const keeper_fixed[];

/* Of the section "courier", what decides by which channels anything can go. */
struct keeper_gateway {
	int	channel;
};

extern struct keeper_courier {
	struct keeper_gateway	gateways[8];
	size_t			n_gateways;
} keeper_courier;

/** settings_gateways(): a bit for each channel that courier has a gateway of. */
unsigned int settings_gateways(void);

/** settings_may_code(channel): people may choose it. */
bool settings_may_code(enum channel);

/**
 * settings_wish(asked):
 * What a link asked for, if people may; else the only thing that they may; else
 * WISH_NONE: then there is a page for it.
 */
enum wish settings_wish(enum wish);

/** settings_code_key(id): that with this key_id; NULL: neither of the two. */
const struct key *settings_code_key(uint32_t id);

/** keeper_check(): load what the settings point to; report each fault. */
void keeper_check(void);

#endif
