#include "portal/exposition.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const types[] = {
	[METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram",
};

/* One set of labels, without its braces: a bucket has one label more. */
struct labels {
	char	text[160];
	size_t	len;
};

/* The words are our own, of closed lists: letters and digits, which need no escape. */
static void
add_label(struct labels *l, const char *name, const char *value)
{
	l->len += (size_t)snprintf(l->text + l->len, sizeof l->text - l->len, "%s%s=\"%s\"",
	    l->len > 0 ? "," : "", name, value);
}

static void
add_sample(struct evbuffer *out, const struct metric *m, const char *suffix,
    const struct labels *l, int64_t value, bool micro)
{
	evbuffer_add_printf(out, l->len > 0 ? "%s%s{%s} " : "%s%s%s ", m->name, suffix, l->text);
	if (micro)
		evbuffer_add_printf(out, "%" PRId64 ".%06" PRId64 "\n", value / 1000000,
		    value % 1000000);
	else
		evbuffer_add_printf(out, "%" PRId64 "\n", value);
}

/* Kept by bucket, shown from nought to each bound. */
static void
add_histogram(struct evbuffer *out, const struct metric *m, const struct labels *l,
    const int64_t *cell)
{
	int64_t count = 0;

	for (size_t i = 0; i < METRIC_BUCKETS; i++) {
		struct labels with = *l;
		char bound[32] = "+Inf";

		if (i < METRIC_BOUNDS)
			snprintf(bound, sizeof bound, "%g", (double)metric_bounds[i] / 1e6);
		add_label(&with, "le", bound);
		count += cell[i];
		add_sample(out, m, "_bucket", &with, count, false);
	}
	add_sample(out, m, "_sum", l, cell[METRIC_BUCKETS], m->micro);
	add_sample(out, m, "_count", l, count, false);
}

static void
add_metric(struct evbuffer *out, const struct metric *m, const int64_t *cell)
{
	unsigned int n_a = m->label[0].name != NULL ? m->label[0].count : 1;
	unsigned int n_b = m->label[1].name != NULL ? m->label[1].count : 1;

	for (unsigned int a = 0; a < n_a; a++) {
		for (unsigned int b = 0; b < n_b; b++) {
			struct labels l = { .len = 0 };

			if (m->label[0].name != NULL)
				add_label(&l, m->label[0].name, m->label[0].words[a]);
			if (m->label[1].name != NULL)
				add_label(&l, m->label[1].name, m->label[1].words[b]);
			if (m->type == METRIC_HISTOGRAM) {
				add_histogram(out, m, &l, cell);
				cell += METRIC_TIMES;
			} else
				add_sample(out, m, "", &l, *cell++, m->micro);
		}
	}
}

void
exposition_write(const struct metrics *all, struct evbuffer *out)
{
	for (unsigned int i = 0; i < all->n; i++) {
		const struct metric *m = &all->table[i];

		evbuffer_add_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name,
		    types[m->type]);
		add_metric(out, m, metrics_read(all, i));
	}
}
