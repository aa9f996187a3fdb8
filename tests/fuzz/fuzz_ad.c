/*
 * Active Directory, whatever it says of somebody: who is helped is nobody that may not
 * be, and a password that was refused is not called set.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "directory.h"
#include "fuzz.h"
#include "registrar/ad/sid.h"

static const char *const attributes[] = {
	"objectGUID", "sAMAccountName", "displayName", "givenName", "sn", "userAccountControl",
	"msDS-User-Account-Control-Computed", "accountExpires", "pwdLastSet",
	"msDS-KeyVersionNumber", "whenCreated", "lastLogonTimestamp", "logonCount", "adminCount",
	"isCriticalSystemObject", "objectSid", "tokenGroups", "primaryGroupID",
	"defaultNamingContext", "schemaNamingContext", "minPwdLength", "pwdHistoryLength",
	"minPwdAge", "pwdProperties", "msDS-ResultantPSO", "msDS-MinimumPasswordLength",
	"msDS-PasswordHistoryLength", "msDS-MinimumPasswordAge",
	"msDS-PasswordComplexityEnabled", "supportedControl", "msDS-ReplAttributeMetaData",
	"replPropertyMetaData", "attributeID", "msDS-IntId", "mobile", "birthDate", NULL
};

/* As libldap gives it: text that holds no NUL. */
static const char *
text(const char *attribute, char out[256])
{
	size_t len = 0;
	const uint8_t *v;

	for (size_t i = 0; (v = directory_value(attribute, i, &len)) != NULL; i++)
		if (memchr(v, '\0', len) == NULL) {
			memcpy(out, v, len);
			out[len] = '\0';
			return out;
		}
	return NULL;
}

static void
check_groups(void)
{
	const uint8_t *v;
	size_t len = 0;
	struct sid sid;

	MUST(directory_value("tokenGroups", 0, &len) != NULL);
	for (size_t i = 0; (v = directory_value("tokenGroups", i, &len)) != NULL; i++) {
		MUST(sid_read(v, len, &sid) == 0);
		MUST(!sid_powerful(&sid));
	}
}

static void
check_found(void)
{
	char control[256], admin[256];
	const uint8_t *v;
	size_t len = 0;
	struct sid sid;

	MUST(text("userAccountControl", control) != NULL);
	MUST((strtoll(control, NULL, 10) & 0x202) == 0x200);
	MUST(text("adminCount", admin) == NULL || strcmp(admin, "0") == 0);
	MUST((v = directory_value("objectSid", 0, &len)) != NULL && sid_read(v, len, &sid) == 0);
	MUST(sid_rid(&sid) < 500 || sid_rid(&sid) > 502);
	check_groups();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct directory_walk w;
	static bool started;
	char least[256];

	if (!started)
		directory_start("dialect = \"ad\"; person_filter = \"(objectClass=user)\";"
		    "login_attributes = ( \"sAMAccountName\", \"mail\" );"
		    "history = \"best-effort\";", attributes);
	started = true;
	directory_walk(data, size, &w);
	if (w.found.verdict == VERDICT_OK)
		check_found();
	if (w.asked_to_set && w.set.verdict == VERDICT_OK) {
		MUST(directory_done() > 0);
		MUST(text("minPwdLength", least) != NULL && text("pwdProperties", least) != NULL);
	}
	return 0;
}
