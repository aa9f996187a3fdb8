#include "keeper/wish.h"

const struct wish_row wish_rows[WISH__COUNT] = {
	[WISH_NONE]	= { .password = true },
	[WISH_RESET]	= { true, OUTCOME_RESET, "reset" },
	[WISH_UNLOCK]	= { false, OUTCOME_UNLOCKED, "unlocked" },
	[WISH_ACTIVATE]	= { true, OUTCOME_ACTIVATED, "activated" },
};
