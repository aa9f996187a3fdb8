/* Commands that are copied into a shell: whatever a name holds stays a name there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "registrar/remedy.h"

enum { SAMBA_TOOL, DSACLS, POWERSHELL };

static const struct remedy_account who = { "S-1-5-21-1-2-3-1104", "latchkey@linde.example" };
static const struct remedy_attribute mobile = {
	"mobile", "f0f8ffa3-1191-11d0-a060-00aa006c33ed"
};

static const struct {
	const char	*dn, *shell, *power;
} names[] = {
	{ "OU=Zorg,DC=x", "'OU=Zorg,DC=x'", "'AD:\\OU=Zorg,DC=x'" },
	{ "OU='s Heeren,DC=x", "'OU='\\''s Heeren,DC=x'", "'AD:\\OU=''s Heeren,DC=x'" },
	{ "OU=$(id) `id` $x,DC=x", "'OU=$(id) `id` $x,DC=x'", "'AD:\\OU=$(id) `id` $x,DC=x'" },
	/* PowerShell ends a text at these too. */
	{ "OU=Foto\u2019s,DC=x", "'OU=Foto\u2019s,DC=x'", "'AD:\\OU=Foto\u2019\u2019s,DC=x'" },
	{ "OU=\u2018a\u201ab\u201b;id,DC=x", "'OU=\u2018a\u201ab\u201b;id,DC=x'",
	    "'AD:\\OU=\u2018\u2018a\u201a\u201ab\u201b\u201b;id,DC=x'" },
	{ "OU=\u2014\u201c,DC=x", "'OU=\u2014\u201c,DC=x'", "'AD:\\OU=\u2014\u201c,DC=x'" },
};

static void
test_names(void **state)
{
	struct finding_remedy r[REMEDIES];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		for (int right = 0; right < REMEDY__COUNT; right++) {
			remedy_grant((enum remedy_right)right, names[i].dn, &who, &mobile, r);
			assert_non_null(strstr(r[SAMBA_TOOL].command, names[i].shell));
			assert_non_null(strstr(r[POWERSHELL].command, names[i].power));
		}
}

static void
test_own(void **state)
{
	struct finding_remedy r[REMEDIES];

	(void)state;
	remedy_own("OU=Foto\u2019s,DC=x", &mobile, r);
	assert_non_null(strstr(r[SAMBA_TOOL].command, "--base-dn='OU=Foto\u2019s,DC=x'"));
	assert_non_null(strstr(r[POWERSHELL].command, "'OU=Foto\u2019\u2019s,DC=x'"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names), cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
