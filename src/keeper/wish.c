#include "keeper/wish.h"

const struct wish_row wish_rows[WISH__COUNT] = {
	[WISH_NONE]	= { .password = true },
	[WISH_RESET]	= { true, OUTCOME_RESET, "reset", TEXT_CODE, TEXT_RESET },
	[WISH_UNLOCK]	= { false, OUTCOME_UNLOCKED, "unlocked", TEXT_CODE, TEXT_UNLOCKED },
	[WISH_ACTIVATE]	= { true, OUTCOME_ACTIVATED, "activated", TEXT_ACTIVATION,
			    TEXT_ACTIVATED },
};
