/*
 * rules.c - judging a password.
 *
 * Nothing here allocates: a password that passes through the heap leaves copies
 * there that nobody wipes.
 */
#include "registrar/rules.h"

#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include "base/seal.h"

/* ---- Text as lower-case code points --------------------------------------- */

/*
 * Case by case, not the full folding of names: it keeps the number of characters,
 * and is how Windows compares.  Return how many there are, or -1 if ${text} is not
 * UTF-8.  ${out} has room for them all and a 0.
 */
static long
lower(const char *text, uint32_t *out)
{
	const uint8_t *p = (const uint8_t *)text;
	long n = 0;
	ucs4_t c;

	if (u8_check(p, strlen(text)) != NULL)
		return -1;
	while ((p = u8_next(&c, p)) != NULL)
		out[n++] = uc_tolower(c);
	out[n] = 0;
	return n;
}

static bool
contains(const uint32_t *text, const uint32_t *term)
{
	return u32_strstr(text, term) != NULL;
}

/* ---- The names ----------------------------------------------------------------- */

static void
add_term(struct rules *r, const uint32_t *chars, size_t n)
{
	uint32_t *term;

	if (n <= 2 || n > TERM_CHARS || r->n_terms == RULES_TERMS_MOST)
		return;
	term = r->terms[r->n_terms];
	memcpy(term, chars, n * sizeof *chars);
	term[n] = 0;
	for (size_t i = 0; i < r->n_terms; i++)
		if (u32_strcmp(r->terms[i], term) == 0)
			return;
	r->n_terms++;
}

/* The separators of [MS-SAMR] 3.1.1.7.2, and no others. */
static bool
separates(uint32_t c)
{
	return c == ' ' || c == ',' || c == '.' || c == '\t' || c == '-' || c == '_' || c == '#';
}

static void
add_words(struct rules *r, const uint32_t *chars)
{
	for (size_t n; *chars != 0; chars += n) {
		for (n = 0; chars[n] != 0 && !separates(chars[n]); n++)
			continue;
		add_term(r, chars, n);
		n += chars[n] != 0;
	}
}

void
rules_name(struct rules *r, const struct account *a, bool extra)
{
	uint32_t chars[PERSON_NAME_LONGEST * 3 + 1];
	uint8_t composed[PERSON_NAME_LONGEST * 3 + 1];

	for (size_t i = 0; i < a->n_names; i++) {
		size_t len = sizeof composed - 1;
		long n;

		if ((a->names[i].kind == NAME_EXTRA && !extra) || u8_normalize(UNINORM_NFC,
		    (const uint8_t *)a->names[i].text, strlen(a->names[i].text), composed,
		    &len) != composed)
			continue;
		composed[len] = '\0';
		if ((n = lower((const char *)composed, chars)) < 0)
			continue;
		if (a->names[i].kind == NAME_LOGIN)
			add_term(r, chars, (size_t)n);
		else
			add_words(r, chars);
	}
	r->holds[RULE_NAME] = r->n_terms > 0;
}

/* ---- The password ---------------------------------------------------------------- */

static const char specials[] = "()`~!@#$%^&*_-+=|\\{}[]:;\"'<>,.?/";

enum { DIGIT = 1, SPECIAL = 2, LOWER = 4, UPPER = 8, LETTER = 16 };

static unsigned int
ascii_kind(ucs4_t c)
{
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	return strchr(specials, (int)c) != NULL ? SPECIAL : 0;
}

/* Other letters by their case, as Windows' manual and Samba have it. */
static unsigned int
cased_kind(ucs4_t c)
{
	if (uc_tolower(c) != c || uc_is_general_category(c, UC_UPPERCASE_LETTER))
		return UPPER;
	if (uc_toupper(c) != c || uc_is_general_category(c, UC_LOWERCASE_LETTER))
		return LOWER;
	return LETTER;
}

/*
 * How many of the five kinds of [MS-SAMR] 3.1.1.7.2.  It puts every letter beyond
 * ASCII into one kind of their own; Windows' manual and Samba look at their case.
 * The smaller count is good for both.  Windows sees no letter in a character that
 * takes two units of UTF-16.  Samba gives also signs beyond ASCII, as the euro and
 * pictures, the kind of other letters; here they are of none.
 */
static unsigned int
count_kinds(const char *password)
{
	const uint8_t *p = (const uint8_t *)password;
	unsigned int samr = 0, cased = 0;
	int a, b;
	ucs4_t c;

	while ((p = u8_next(&c, p)) != NULL)
		if (c < 0x80) {
			samr |= ascii_kind(c);
			cased |= ascii_kind(c);
		} else if (c <= 0xffff && uc_is_general_category(c, UC_LETTER)) {
			samr |= LETTER;
			cased |= cased_kind(c);
		}
	a = __builtin_popcount(samr);
	b = __builtin_popcount(cased);
	return (unsigned int)(a < b ? a : b);
}

static size_t
length_in(enum unit unit, const struct secret *password, const uint32_t *chars, size_t n)
{
	size_t pairs = 0;

	if (unit == UNIT_BYTES)
		return password->len;
	for (size_t i = 0; i < n; i++)
		pairs += chars[i] > 0xffff;
	return n + pairs;
}

static bool
has_name(const struct rules *r, const uint32_t *chars)
{
	for (size_t i = 0; i < r->n_terms; i++)
		if (contains(chars, r->terms[i]))
			return true;
	return false;
}

static bool
has_control(const uint32_t *chars)
{
	for (; *chars != 0; chars++)
		if (uc_is_property_iso_control(*chars))
			return true;
	return false;
}

uint32_t
rules_judge(const struct rules *r, const struct secret *password)
{
	uint32_t chars[SECRET_LONGEST + 1], broken = 0;
	long n = lower(password->text, chars);
	size_t length = length_in(n < 0 ? UNIT_BYTES : r->unit, password, chars, (size_t)n);

	if (password->len == 0 || (r->holds[RULE_LENGTH] && length < r->number[RULE_LENGTH]))
		broken |= 1U << RULE_LENGTH;
	if (r->holds[RULE_LONGEST] && length > r->number[RULE_LONGEST])
		broken |= 1U << RULE_LONGEST;
	if (r->holds[RULE_CLASSES] && n >= 0 &&
	    count_kinds(password->text) < r->number[RULE_CLASSES])
		broken |= 1U << RULE_CLASSES;
	/* What cannot be typed at every sign-in is no password. */
	if (n < 0 || has_control(chars))
		broken |= 1U << RULE_QUALITY;
	else if (has_name(r, chars))
		broken |= 1U << RULE_NAME;
	if (r->holds[RULE_AGE])
		broken |= 1U << RULE_AGE;
	explicit_bzero(chars, sizeof chars);
	return broken;
}

/* ---- A password that nobody knows ---------------------------------------------------- */

enum { RANDOM_LEAST = 40, RANDOM_TRIES = 100 };

uint32_t
rules_random(const struct rules *r, struct secret *password)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
	uint32_t least = r->number[RULE_LENGTH], most = r->number[RULE_LONGEST];
	size_t len = least > RANDOM_LEAST ? least : RANDOM_LEAST;
	uint32_t broken = 1U << RULE_LENGTH;

	if (r->holds[RULE_LONGEST] && len > most)
		len = most;
	if (len > SECRET_LONGEST)
		return broken;
	for (int i = 0; i < RANDOM_TRIES && broken != 0; i++) {
		seal_random(password->text, len);
		for (size_t k = 0; k < len; k++)
			password->text[k] = alphabet[password->text[k] & 63];
		password->text[password->len = len] = '\0';
		broken = rules_judge(r, password) & ~(1U << RULE_AGE);
	}
	return broken;
}

/* ---- What is shown ------------------------------------------------------------------ */

void
rules_tell(const struct rules *r, struct msg_rules *out)
{
	for (int rule = 0; rule < RULE__COUNT; rule++)
		if (r->holds[rule]) {
			out->rules[out->n_rules].rule = (enum rule)rule;
			out->rules[out->n_rules++].number = r->number[rule];
		}
	/* A term that does not fit is still judged, only not ticked off while typing. */
	for (size_t i = 0; i < r->n_terms && out->n_terms < TERMS_MOST; i++) {
		uint8_t text[TERM_LONGEST], *end = text;

		for (const uint32_t *c = r->terms[i]; *c != 0 && end != NULL; c++) {
			int n = u8_uctomb(end, *c, text + sizeof text - end);

			end = n > 0 ? end + n : NULL;
		}
		if (end != NULL) {
			memcpy(out->terms[out->n_terms], text, (size_t)(end - text));
			out->terms[out->n_terms++][end - text] = '\0';
		}
	}
}
