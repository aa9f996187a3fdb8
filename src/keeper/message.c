#include "keeper/message.h"

#include <string.h>

#include "keeper/keeper.h"

void
message_send(struct keeper *k, const struct flow *f, struct msg *m, courier_reply_fn *reply, void *ctx)
{
	m->reference = f->reference;
	memcpy(m->u.send.lang, f->lang, sizeof m->u.send.lang);
	courier_send(k->courier, m, reply, ctx);
}

/* A number that the person did not name is no place for a code. */
int
message_way(const struct msg_ways *w, enum channel channel)
{
	for (unsigned int i = 0; i < w->n_ways; i++)
		if (w->ways[i].channel == channel && (channel != CHANNEL_SMS || w->ways[i].matched))
			return (int)i;
	return -1;
}
