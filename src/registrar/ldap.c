#include "registrar/ldap_own.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lber.h>

#include "base/log.h"
#include "base/seal.h"

/* ---- Memory: libldap's copies of secrets end with it ------------------------ */

static void *
block_alloc(ber_len_t size, void *ctx)
{
	(void)ctx;
	return secret_alloc(size);
}

static void *
block_calloc(ber_len_t n, ber_len_t size, void *ctx)
{
	void *p = size != 0 && n > SIZE_MAX / size ? NULL : secret_alloc(n * size);

	(void)ctx;
	return p == NULL ? NULL : memset(p, 0, n * size);
}

static void *
block_realloc(void *p, ber_len_t size, void *ctx)
{
	(void)ctx;
	return secret_realloc(p, size);
}

static void
block_free(void *p, void *ctx)
{
	(void)ctx;
	secret_free(p);
}

struct dir *
dir_new(const struct directory *settings, const struct secret *password)
{
	static LDAP_CONST BerMemoryFunctions wiping = {
		block_alloc, block_calloc, block_realloc, block_free
	};
	static bool begun;
	struct dir *d = calloc(1, sizeof *d);

	if (d == NULL)
		fatal("no memory for the directory");
	/* Nobody's .ldaprc steers a service. */
	if (!begun && (setenv("LDAPNOINIT", "1", 1) == -1 ||
	    ber_set_option(NULL, LBER_OPT_MEMORY_FNS, &wiping) != LBER_OPT_SUCCESS))
		fatalx("libldap is in use already");
	if (!begun)
		dir_sign_in_prepare(settings);
	begun = true;
	d->settings = settings;
	secret_copy(&d->password, password);
	return d;
}

void
dir_free(struct dir *d)
{
	if (d == NULL)
		return;
	dir_hang_up(d);
	secret_wipe(&d->password);
	free(d);
}

/* ---- Which server --------------------------------------------------------------- */

int
dir_connected(struct dir *d)
{
	char why[512];

	for (size_t i = 0; d->ld == NULL && i < d->settings->n_uris; i++) {
		if (d->staying && i != d->server)
			continue;
		if (dir_connect(d, d->settings->uris[i], why, sizeof why) == DIR_OK)
			d->server = i;
		else
			log_warnx("%s", why);
	}
	return d->ld != NULL ? 0 : -1;
}

static void
name_server(const char *uri, char name[DIR_SERVER_CHARS + 1])
{
	unsigned char hash[HASH_SIZE];

	seal_hash(uri, strlen(uri), hash);
	for (int i = 0; i < DIR_SERVER_CHARS / 2; i++)
		snprintf(name + 2 * i, 3, "%02x", hash[i]);
}

const char *
dir_server(const struct dir *d)
{
	static char name[DIR_SERVER_CHARS + 1];

	if (d->ld == NULL)
		return "";
	name_server(d->settings->uris[d->server], name);
	return name;
}

enum dir_end
dir_go(struct dir *d, const char *server)
{
	char name[DIR_SERVER_CHARS + 1];

	for (size_t i = 0; i < d->settings->n_uris; i++) {
		name_server(d->settings->uris[i], name);
		if (strcmp(name, server) != 0)
			continue;
		if (d->ld != NULL && d->server != i)
			dir_hang_up(d);
		d->server = i;
		d->staying = true;
		return dir_connected(d) == 0 ? DIR_OK : DIR_UNAVAILABLE;
	}
	return DIR_UNAVAILABLE;
}

void
dir_begin(struct dir *d)
{
	d->staying = false;
}

enum verdict
dir_verdict(enum dir_end end)
{
	static const enum verdict verdict[] = {
		[DIR_OK] = VERDICT_OK, [DIR_NONE] = VERDICT_NOBODY, [DIR_MANY] = VERDICT_NOBODY,
		[DIR_REFUSED] = VERDICT_FORBIDDEN, [DIR_UNAVAILABLE] = VERDICT_UNAVAILABLE,
		[DIR_UNKNOWN] = VERDICT_UNKNOWN,
	};

	return verdict[end];
}
