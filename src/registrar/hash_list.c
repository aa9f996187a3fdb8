/*
 * hash_list.c - from top to bottom: one line becomes two cells, these an account and
 * a hash, and these a record of LDIF.
 */
#include "registrar/hash_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/evp.h>

#include "base/log.h"
#include "base/seal.h"
#include "registrar/account.h"
#include "registrar/hash.h"
#include "registrar/proof.h"
#include "registrar/settings.h"
#include "wire/house.h"

const char *hash_list_field = "";

struct list {
	struct dir		*dir;
	const struct proof	*proof;
	size_t			 line, done, wrong;
};

/* ---- A line ---------------------------------------------------------------------- */

static void
trim(const char *from, char **to)
{
	while (*to > from && ((*to)[-1] == ' ' || (*to)[-1] == '\t'))
		(*to)--;
	**to = '\0';
}

/* The next cell, taken out of its quotation marks; NULL behind the last one. */
static char *
take_cell(char **rest)
{
	char *cell = *rest, *from, *to;

	if (cell == NULL)
		return NULL;
	from = to = cell += strspn(cell, " \t");
	if (*from == '"') {
		for (from++; *from != '\0' && (*from != '"' || from[1] == '"'); *to++ = *from++)
			from += *from == '"';
		from += *from == '"';
		from += strspn(from, " \t");
		*rest = *from == '\0' ? NULL : from + 1;
		*to = '\0';
		return *from == '\0' || *from == ',' || *from == ';' ? cell : NULL;
	}
	to = cell + strcspn(cell, ",;");
	*rest = *to == '\0' ? NULL : to + 1;
	trim(cell, &to);
	return cell;
}

/* The two cells of a line, which must be all. */
static int
split(char *line, char **name, char **value)
{
	line[strcspn(line, "\r\n")] = '\0';
	*name = take_cell(&line);
	*value = take_cell(&line);
	return *name != NULL && *value != NULL && line == NULL && **name != '\0' && **value != '\0' ?
	    0 : -1;
}

/* "username;birthdate": a date has digits. */
static bool
is_header(const struct list *l, const char *name, const char *value)
{
	return l->line == 1 && (strcasecmp(name, "username") == 0 ||
	    (house_kind(l->proof) == KIND_DATE && strpbrk(value, "0123456789") == NULL));
}

/* ---- A record -------------------------------------------------------------------- */

/* RFC 2849: what is no plain ASCII is written in base64. */
static void
write_dn(const char *dn)
{
	unsigned char coded[4 * (DN_LONGEST / 3 + 1) + 1];
	size_t len = strlen(dn);
	bool plain = strchr(" :<", dn[0]) == NULL && dn[len - 1] != ' ';

	for (size_t i = 0; i < len; i++)
		plain = plain && dn[i] >= ' ' && dn[i] < 0x7f;
	if (plain) {
		printf("dn: %s\n", dn);
		return;
	}
	EVP_EncodeBlock(coded, (const unsigned char *)dn, (int)len);
	printf("dn:: %s\n", (const char *)coded);
}

static void
write_record(const struct list *l, const struct account *a, const struct secret *hash)
{
	const char *attribute = l->proof->attribute;

	write_dn(a->dn);
	printf("changetype: modify\nreplace: %s\n%s: %s\n-\n\n", attribute, attribute, hash->text);
}

/* ---- From one to the other --------------------------------------------------------- */

static void
wrong(struct list *l, const char *why)
{
	l->wrong++;
	log_warnx("line %zu: %s", l->line, why);
}

static const char *
why_not(enum verdict v)
{
	return v == VERDICT_NOBODY ? "nobody is called that, or more than one" :
	    v == VERDICT_UNAVAILABLE ? "the directory did not answer" :
	    "this account cannot be read; is there a line about it above?";
}

static void
take_line(struct list *l, char *line)
{
	struct secret plain = { .len = 0 }, hash;
	struct account a;
	char *name, *value;
	enum verdict v;

	if (line[strspn(line, " \t\r\n")] == '\0')
		return;
	if (split(line, &name, &value) == -1) {
		wrong(l, "is not a user name and a value, with a comma or semicolon between them");
		return;
	}
	if (is_header(l, name, value))
		return;
	if (proof_plain(house_kind(l->proof), value, &plain) == -1)
		wrong(l, house_kind(l->proof) == KIND_DATE ? "its date cannot be read" :
		    "its value cannot be read");
	else if ((v = account_find(l->dir, name, &a)) != VERDICT_OK)
		wrong(l, why_not(v));
	else if (hash_make(a.id, house_kind(l->proof), &plain, &hash) == 0) {
		write_record(l, &a, &hash);
		l->done++;
	}
	secret_wipe(&plain);
}

static void
take_all(struct list *l)
{
	static const char mark[] = "\xef\xbb\xbf";	/* in front of what some programs write */
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) != -1) {
		bool marked = l->line++ == 0 && strncmp(line, mark, sizeof mark - 1) == 0;

		dir_begin(l->dir);
		take_line(l, line + (marked ? sizeof mark - 1 : 0));
		explicit_bzero(line, size);
	}
	free(line);
}

/* ---- The way in ---------------------------------------------------------------------- */

/* The proof that the settings have for the field, or NULL. */
static const struct proof *
find_proof(void)
{
	for (size_t i = 0; i < house.n_proofs; i++) {
		const struct proof *p = &house.proofs[i];

		if (hash_list_field[0] == '\0' ? house_kind(p) == KIND_DATE :
		    strcmp(word_field[house_field(p)], hash_list_field) == 0)
			return p;
	}
	return NULL;
}

static int
begin(struct list *l)
{
	struct secret password = { .len = 0 };
	char why[512];

	if ((l->proof = find_proof()) == NULL)
		log_warnx("proofs: %s%s; name one of the settings with --field",
		    hash_list_field[0] == '\0' ? "none is of kind \"date\"" : "none has the field ",
		    hash_list_field);
	else if (house_kind(l->proof) == KIND_PHONE)
		log_warnx("proofs: %s is a number, to which codes are sent: it cannot be hashed",
		    word_field[house_field(l->proof)]);
	else if (registrar.proof_key[0] == '\0')
		log_warnx("registrar.proof_key is not set; make a key with: ( umask 077; "
		    "openssl rand -hex 32 > /etc/latchkey/secrets/proof.key ), and name it there");
	else if (hash_load(why, sizeof why) == -1 ||
	    settings_password(&registrar.directory, &password, why, sizeof why) == -1)
		log_warnx("%s", why);
	else
		l->dir = dir_new(&registrar.directory, &password);
	secret_wipe(&password);
	return l->dir == NULL ? -1 : 0;
}

int
hash_list_run(void)
{
	struct list l = { .dir = NULL };

	if (begin(&l) == -1)
		return 1;
	take_all(&l);
	dir_free(l.dir);
	log_info("%zu hashed, %zu not", l.done, l.wrong);
	if (ferror(stdin) || fflush(stdout) == EOF || ferror(stdout)) {
		log_warn("not all could be read, or written");
		return 1;
	}
	return l.wrong > 0;
}
