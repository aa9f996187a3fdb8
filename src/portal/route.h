/*
 * route.h - which request goes where.
 */
#ifndef PORTAL_ROUTE_H
#define PORTAL_ROUTE_H

#include "portal/http/http.h"
#include "wire/word.h"

/* Of people's pages and the API, and of the socket for figures: route_metrics.c. */
extern const struct http_handlers route_handlers, route_metrics_handlers;

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
