/*
 * wish.h - what people may ask for, and what comes of each.
 */
#ifndef KEEPER_WISH_H
#define KEEPER_WISH_H

#include <stdbool.h>

#include "wire/msg.h"

struct wish_row {
	bool		 password;	/* they choose one; otherwise the account is unlocked */
	enum outcome	 outcome;	/* once it is done */
	const char	*audit;		/* what the audit calls it */
	enum text_template text;	/* that brings the code */
	enum text_template notice;	/* that tells of it afterwards */
};

/* A wish that is not said yet counts as the longest way there is. */
extern const struct wish_row wish_rows[WISH__COUNT];

#endif
