/*
 * route.h - which request goes where.
 */
#ifndef PORTAL_ROUTE_H
#define PORTAL_ROUTE_H

#include "portal/http.h"
#include "portal/lang.h"

extern const struct http_handlers route_handlers;

/*
 * What must be remembered of a request while keeper thinks.  A handler makes one,
 * asks keeper, and frees it when it has replied.
 */
struct visit {
	struct http		*http;
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

/* Pages: route_page.c. */
void route_first_page(struct http *, const struct request *);
void route_first_answer(struct http *, const struct request *);
void route_step_page(struct http *, const struct request *);
void route_step_answer(struct http *, const struct request *);
void route_again(struct http *, const struct request *);
void route_leave(struct http *, const struct request *);
void route_left(struct http *, const struct request *);
void route_stuck(struct http *, const struct request *, int status, enum reason);
void route_missing(struct http *, const struct request *);

/* The API: route_api.c. */
void route_api_open(struct http *, const struct request *);
void route_api_answer(struct http *, const struct request *);
void route_api_again(struct http *, const struct request *);
void route_api_show(struct http *, const struct request *);
void route_api_leave(struct http *, const struct request *);
void route_api_refuse(struct http *, const struct request *, int status, enum reason);

#endif
