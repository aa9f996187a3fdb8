#include "portal/page/asset.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/finding.h"
#include "base/seal.h"
#include "base/text.h"
#include "portal/settings.h"

enum { ASSETS_MOST = 32, ASSET_LONGEST = 1 << 20 };

struct assets {
	size_t		n;
	struct asset	asset[ASSETS_MOST];
};

static struct assets now;

/* Anything else in the folders is none of the outside's business. */
static const struct { const char *ending, *type; } types[] = {
	{ ".css", "text/css; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".webp", "image/webp" },
	{ ".ico", "image/x-icon" },
};

static const char *
type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && dot != name && i < sizeof types / sizeof types[0]; i++)
		if (strcmp(dot, types[i].ending) == 0)
			return types[i].type;
	return NULL;
}

/* Letters that mean nothing in an URL. */
static bool
is_plain(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
	    strlen(name) && strlen(name) < sizeof now.asset[0].name;
}

static void
sign(struct asset *a, const char *name)
{
	unsigned char hash[HASH_SIZE];
	char hex[17];

	seal_hash(a->data, a->len, hash);
	text_hex(hex, hash, sizeof hex / 2);
	snprintf(a->tag, sizeof a->tag, "\"%s\"", hex);
	snprintf(a->url, sizeof a->url, "/static/%s?v=%s", name, hex);
}

/* Done once, so with all the time that it takes. */
static void
pack(struct asset *a)
{
	enum { BEST = 9, GZIP = 16 + MAX_WBITS, MEMORY = 9 };
	z_stream z = { .next_in = (unsigned char *)a->data, .avail_in = (unsigned int)a->len };

	if (deflateInit2(&z, BEST, Z_DEFLATED, GZIP, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	/* With no more room than is worth it, it ends or is not worth it. */
	z.avail_out = (unsigned int)(a->len - a->len / 8);
	if ((a->packed = z.next_out = malloc(z.avail_out + 1)) != NULL &&
	    deflate(&z, Z_FINISH) == Z_STREAM_END) {
		a->packed_len = z.total_out;
	} else {
		free(a->packed);
		a->packed = NULL;
	}
	deflateEnd(&z);
}

static int
read_asset(struct assets *all, const char *path, const char *name, const char *type)
{
	struct asset *a = &all->asset[all->n];
	FILE *f;

	if (all->n == ASSETS_MOST) {
		finding_fault("portal.pages", "%s: more than %d files", path, ASSETS_MOST);
		return -1;
	}
	*a = (struct asset){ .type = type, .data = malloc(ASSET_LONGEST) };
	snprintf(a->name, sizeof a->name, "%s", name);
	if (a->data == NULL || (f = fopen(path, "rbe")) == NULL) {
		finding_fault("portal.pages", "%s cannot be read: %s", path, strerror(errno));
		free(a->data);
		return -1;
	}
	a->len = fread(a->data, 1, ASSET_LONGEST, f);
	fclose(f);
	if (a->len == ASSET_LONGEST) {
		finding_fault("portal.pages", "%s is too large", path);
		free(a->data);
		return -1;
	}
	if (a->len > 0)
		a->data = realloc(a->data, a->len);
	sign(a, name);
	pack(a);
	all->n++;
	return 0;
}

static const struct asset *
find(const struct assets *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->asset[i].name, name) == 0)
			return &all->asset[i];
	return NULL;
}

/* A file of that name from an earlier folder stays. */
static int
read_folder(struct assets *all, const char *folder)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	char path[512];
	int r = 0;

	if (d == NULL) {
		finding_fault("portal.share", "%s cannot be read: %s", folder, strerror(errno));
		return -1;
	}
	while ((e = readdir(d)) != NULL) {
		const char *type = type_of(e->d_name);

		if (type == NULL || !is_plain(e->d_name) || find(all, e->d_name) != NULL)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (read_asset(all, path, e->d_name, type) == -1)
			r = -1;
	}
	closedir(d);
	return r;
}

static void
forget(struct assets *all)
{
	while (all->n > 0) {
		free(all->asset[--all->n].data);
		free(all->asset[all->n].packed);
	}
}

int
asset_start(void)
{
	static const char *const ours[] = { "style", "api" };
	struct assets new = { .n = 0 };
	char folder[300];
	int r = 0;

	if (settings.pages[0] != '\0' && read_folder(&new, settings.pages) == -1)
		r = -1;
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++) {
		snprintf(folder, sizeof folder, "%s/%s", settings.share, ours[i]);
		if (read_folder(&new, folder) == -1)
			r = -1;
	}
	if (r == -1) {
		forget(&new);
		return -1;
	}
	forget(&now);
	now = new;
	return 0;
}

const struct asset *
asset_find(const char *name)
{
	return find(&now, name);
}

const struct asset *
asset_at(size_t i)
{
	return i < now.n ? &now.asset[i] : NULL;
}

const char *
asset_url(const char *name)
{
	const struct asset *a = asset_find(name);

	return a != NULL ? a->url : "";
}
