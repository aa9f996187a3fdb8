/* What the servers' refusals mean to a person, and the values that AD takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/ad/dialect_ad.h"
#include "registrar/settings.h"

enum { NONE = DIR_NO_POLICY_ERROR };

static const struct {
	int	code, policy, rule;
} table[] = {
	{ 19, 5, RULE_QUALITY }, { 19, 6, RULE_LENGTH }, { 19, 7, RULE_AGE },
	{ 19, 8, RULE_HISTORY }, { 19, 9, RULE_LONGEST },
	/* A constraint of somebody else's. */
	{ 19, NONE, RULE_QUALITY },
	/* An admin's to mend: the right to change, pwdSafeModify, the right to write. */
	{ 19, 3, -1 }, { 50, 4, -1 }, { 50, NONE, -1 }, { 53, NONE, -1 }, { 17, NONE, -1 },
	{ 19, 99, -1 },
};

static void
test_openldap_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		struct dir_refusal why = { .code = table[i].code, .policy = table[i].policy };

		assert_int_equal(dialect_openldap_rule(&why), table[i].rule);
	}
}

/* ---- Active Directory -------------------------------------------------------------- */

static const struct {
	int		 code;
	const char	*said;
	int		 with, without;		/* a history: which rule? */
} ad_refusals[] = {
	/* Windows and Samba 4.24 on a reset, either on a change, Samba 4.17 on both. */
	{ 53, "0000052D: Unwilling to perform", RULE_HISTORY, RULE_QUALITY },
	{ 19, "0000052D: Constraint violation", RULE_HISTORY, RULE_QUALITY },
	{ 19, "0000052d: SvcErr: DSID-031A12D2", RULE_HISTORY, RULE_QUALITY },
	/* No other number, no other code, and no less than eight digits. */
	{ 50, "0000052D: Insufficient access", -1, -1 }, { 53, "0000001F: SvcErr", -1, -1 },
	{ 53, "00002035: setup_io", -1, -1 }, { 19, "00000056: AtrErr", -1, -1 },
	{ 53, "52D: too few", -1, -1 }, { 53, "00000052D: too many", -1, -1 },
	{ 53, "", -1, -1 }, { 19, "error in module acl: 0000052D", -1, -1 },
	{ 12, "", -1, -1 }, { 53, "-000052D", -1, -1 }, { 53, "0x00052D: x", -1, -1 },
};

static void
test_ad_refusals(void **state)
{
	struct rules with = { .holds = { [RULE_HISTORY] = true } }, without = { .n_terms = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof ad_refusals / sizeof ad_refusals[0]; i++) {
		struct dir_refusal why = { .code = ad_refusals[i].code, .said = 6 };

		snprintf(why.text, sizeof why.text, "Said: %s", ad_refusals[i].said);
		assert_int_equal(ad_refused_rule(&why, &with), ad_refusals[i].with);
		assert_int_equal(ad_refused_rule(&why, &without), ad_refusals[i].without);
	}
}

#define VALUE(s) (s), sizeof(s) - 1

static const struct {
	const char	*password, *value;
	size_t		 len;
} values[] = {
	{ "new", VALUE("\"\0n\0e\0w\0\"\0") },
	{ "", VALUE("\"\0\"\0") },
	{ "\"", VALUE("\"\0\"\0\"\0") },
	{ "\xc3\xa9", VALUE("\"\0\xe9\0\"\0") },
	{ "\xe2\x82\xac", VALUE("\"\0\xac\x20\"\0") },
	{ "\xf0\x9f\x98\x80", VALUE("\"\0\x3d\xd8\x00\xde\"\0") },
	{ "\xf4\x8f\xbf\xbf", VALUE("\"\0\xff\xdb\xff\xdf\"\0") },
};

static void
test_values_of_passwords(void **state)
{
	struct secret password, value;

	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		secret_set(&password, values[i].password, strlen(values[i].password));
		assert_int_equal(ad_password_value(&password, &value), 0);
		assert_int_equal(value.len, values[i].len);
		assert_memory_equal(value.text, values[i].value, values[i].len);
	}
	secret_set(&password, "caf\xe9", 4);
	assert_int_equal(ad_password_value(&password, &value), -1);
}

/* 256 units fit, whichever they are; what does not is not cut. */
static void
test_longest_value(void **state)
{
	struct secret password = { .len = 0 }, value;

	(void)state;
	for (int i = 0; i < 128; i++) {
		memcpy(password.text + password.len, "\xf0\x9f\x98\x80", 5);
		password.len += 4;
	}
	assert_int_equal(ad_password_value(&password, &value), 0);
	assert_int_equal(value.len, 4 + 2 * 256);
	memset(password.text, 'a', SECRET_LONGEST);
	password.text[SECRET_LONGEST] = '\0';
	password.len = SECRET_LONGEST;
	assert_int_equal(ad_password_value(&password, &value), -1);
	assert_int_equal(value.len, 0);
}

static const struct {
	uint32_t	flags;
	bool		barred, refused;	/* and where never_expires = "refuse" */
} accounts[] = {
	{ 0x200, false, false }, { 0x10200, false, true }, { 0x400200, false, false },
	{ 0x202, false, false },	/* disabled, which is another matter */
	{ 0x220, true, true }, { 0x240200, true, true }, { 0x80200, true, true },
	{ 0x1000200, true, true }, { 0x100200, true, true }, { 0x4000200, true, true },
	{ 0x1000, true, true }, { 0x1200, true, true }, { 0x2200, true, true }, { 0xa00, true, true },
	{ 0, true, true }, { 0x2, true, true },
};

static void
test_barred_accounts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof accounts / sizeof accounts[0]; i++) {
		registrar.directory.never_expires = NEVER_EXPIRES_HELP;
		assert_int_equal(ad_barred(accounts[i].flags) != NULL, accounts[i].barred);
		registrar.directory.never_expires = NEVER_EXPIRES_REFUSE;
		assert_int_equal(ad_barred(accounts[i].flags) != NULL, accounts[i].refused);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_openldap_refusals),
		cmocka_unit_test(test_ad_refusals),
		cmocka_unit_test(test_values_of_passwords),
		cmocka_unit_test(test_longest_value),
		cmocka_unit_test(test_barred_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
