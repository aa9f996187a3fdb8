/*
 * visit.h - what must be remembered of a request while keeper thinks.
 *
 * A handler makes one, asks keeper, and frees it when it has replied.
 */
#ifndef PORTAL_VISIT_H
#define PORTAL_VISIT_H

#include "portal/http/http.h"
#include "portal/page/lang.h"

struct visit {
	struct http		*http;
	struct langs		*langs;		/* where ${lang} is from */
	const struct lang	*lang;		/* to draw in, if the flow does not say */
	bool			 chosen;	/* the person chose it: it goes before the flow's */
	char			 path[64];
	char			 flow[FLOW_LONGEST + 1];	/* of the cookie, or "" */
	char			 lines[256];	/* header lines for the reply */
	struct msg_answer	*typed;		/* to show again beside what was wrong with it */
};

/** visit_new(http, request): what is known of it so far. */
struct visit *visit_new(struct http *, const struct request *);

/** visit_free(visit): wipes what was typed. */
void visit_free(struct visit *);

#endif
