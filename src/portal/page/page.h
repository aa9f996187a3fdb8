/*
 * page.h - a step as a page for people.
 */
#ifndef PORTAL_PAGE_H
#define PORTAL_PAGE_H

#include <event2/buffer.h>

#include "portal/page/lang.h"
#include "wire/msg.h"

struct page {
	const struct msg_step	*step;
	const struct lang	*lang;
	const char		*path;		/* where it stands, for the choice of language */
	bool			 opening;	/* the first page: no flow is kept yet */
	bool			 missing;	/* there is no such page */
	const struct msg_answer	*typed;		/* shown again, but for codes and passwords */
};

/** page_start(): read the pages.  Return 0, or -1 with faults told and the pages of before. */
int page_start(void);

/** page_settle(): the settings are others now; pages tell them. */
void page_settle(void);

/** page_draw(page, out): append the HTML. */
void page_draw(const struct page *, struct evbuffer *out);

/** page_each_text(each, ctx): tell every text that the pages use. */
void page_each_text(void (*each)(const char *english, void *ctx), void *ctx);

#endif
