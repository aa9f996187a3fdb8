#include "registrar/password.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uninorm.h>

#include "base/text.h"
#include "registrar/dialect.h"
#include "registrar/guard.h"
#include "registrar/settings.h"

void
password_compose(const struct secret *typed, struct secret *out)
{
	size_t len = SECRET_LONGEST;
	uint8_t *to = (uint8_t *)out->text, *made = NULL;

	/* Asked first, because u8_normalize repairs what is not UTF-8. */
	if (text_utf8(typed->text, typed->len))
		made = u8_normalize(UNINORM_NFC, (const uint8_t *)typed->text, typed->len, to,
		    &len);
	if (made == to) {
		out->len = len;
		out->text[len] = '\0';
		return;
	}
	/* Not UTF-8, or grown beyond all bounds: the rules deal with it as it is. */
	if (made != NULL)
		explicit_bzero(made, len);
	free(made);
	secret_copy(out, typed);
}

enum verdict
password_rules(struct dir *d, const struct account *a, struct rules *r)
{
	enum verdict v = dialect()->read_rules(d, a, r);

	if (v == VERDICT_OK)
		rules_name(r, a, registrar.names_extra);
	return v;
}

/* The rules, what would be written, and what is wrong with it. */
static enum verdict
judge(struct dir *d, const struct account *a, const struct secret *typed, struct rules *r,
    struct secret *composed, uint32_t *broken)
{
	enum verdict v = password_rules(d, a, r);

	if (v != VERDICT_OK)
		return v;
	password_compose(typed, composed);
	*broken = rules_judge(r, composed);
	return *broken == 0 ? VERDICT_OK : VERDICT_RULE;
}

enum verdict
password_judge(struct dir *d, const struct account *a, const struct secret *typed,
    uint32_t *broken)
{
	struct secret composed = { .len = 0 };
	struct rules r;
	enum verdict v = judge(d, a, typed, &r, &composed, broken);

	secret_wipe(&composed);
	return v;
}

enum verdict
password_set(struct dir *d, const struct account *a, const struct secret *typed,
    bool must_change, struct denial *no)
{
	struct secret composed = { .len = 0 };
	uint32_t broken = 0;
	struct rules r;
	enum verdict v = judge(d, a, typed, &r, &composed, &broken);

	*no = (struct denial){ .gone = false };
	if (v == VERDICT_RULE)
		no->rule = (enum rule)__builtin_ctz(broken);
	if (v == VERDICT_OK && (v = guard_write()) == VERDICT_OK)
		v = dialect()->set(d, a, &r, &composed, must_change, no);
	secret_wipe(&composed);
	return v;
}
