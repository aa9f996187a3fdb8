/*
 * The names of an account, the first line, and a password, the rest: one that holds a
 * forbidden name is not called good, nor does its case save it.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fuzz.h"
#include "registrar/rules.h"

static void
check_told(const struct rules *r)
{
	static struct msg m;
	unsigned char packet[MSG_LONGEST];

	m = (struct msg){ .type = MSG_RULES_ARE };
	rules_tell(r, &m.u.rules);
	MUST(m.u.rules.n_terms <= TERMS_MOST && m.u.rules.n_rules <= RULE__COUNT);
	MUST(msg_pack(&m, ROLE_REGISTRAR, packet, sizeof packet) > 0);
}

/* Just the letters of which everybody knows the other case. */
static void
check_case(const struct rules *r, const struct secret *password, uint32_t broken)
{
	static struct secret upper;

	secret_copy(&upper, password);
	for (size_t i = 0; i < upper.len; i++)
		if (isascii(upper.text[i]))
			upper.text[i] = (char)toupper((unsigned char)upper.text[i]);
	MUST(((rules_judge(r, &upper) ^ broken) & 1U << RULE_NAME) == 0);
}

static void
check_login(const struct rules *r, const char *login, const struct secret *password)
{
	static struct secret with;

	if (!isalnum((unsigned char)login[0]) || strlen(login) < 3 || !text_plain(login) ||
	    strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789") != strlen(login) ||
	    password->len + strlen(login) > SECRET_LONGEST ||
	    !text_utf8(password->text, password->len))
		return;
	secret_copy(&with, password);
	memcpy(with.text + with.len, login, strlen(login) + 1);
	with.len += strlen(login);
	MUST((rules_judge(r, &with) & (1U << RULE_NAME | 1U << RULE_QUALITY)) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum name_kind kinds[] = { NAME_LOGIN, NAME_DISPLAY, NAME_EXTRA };
	static struct account a;
	static struct rules r;
	struct secret password;
	char *names = fuzz_text(data, size), *rest = fuzz_halves(names);
	uint32_t broken;

	r = (struct rules){ .unit = strlen(rest) % 2 ? UNIT_BYTES : UNIT_UTF16 };
	r.holds[RULE_LENGTH] = r.holds[RULE_CLASSES] = true;
	r.number[RULE_LENGTH] = 8;
	r.number[RULE_CLASSES] = 3;
	a.n_names = 3;
	for (size_t i = 0; i < a.n_names; i++) {
		a.names[i].kind = kinds[i];
		snprintf(a.names[i].text, sizeof a.names[i].text, "%s", names);
	}
	rules_name(&r, &a, true);
	MUST(r.n_terms <= RULES_TERMS_MOST && r.holds[RULE_NAME] == (r.n_terms > 0));
	check_told(&r);
	if (secret_set(&password, rest, strlen(rest)) == 0) {
		broken = rules_judge(&r, &password);
		MUST(broken >> RULE__COUNT == 0);
		MUST(broken != 0 || (password.len >= 8 && text_utf8(rest, strlen(rest))));
		check_case(&r, &password, broken);
		check_login(&r, a.names[0].text, &password);
	}
	free(names);
	return 0;
}
