/*
 * OpenLDAP, whatever it says of somebody: whom an admin has locked is not helped, and a
 * password that was refused is not called set.
 */
#include <stdbool.h>
#include <string.h>

#include "directory.h"
#include "fuzz.h"

static const char *const attributes[] = {
	"entryUUID", "uid", "displayName", "cn", "givenName", "sn", "pwdAccountLockedTime",
	"pwdStartTime", "pwdEndTime", "pwdReset", "pwdChangedTime", "pwdPolicySubentry",
	"createTimestamp", "modifyTimestamp", "pwdLastSuccess", "authTimestamp", "pwdMinLength",
	"pwdMaxLength", "pwdInHistory", "pwdMinAge", "pwdSafeModify", "pwdCheckQuality",
	"pwdCheckModule", "pwdUseCheckModule", "namingContexts", "memberOf", "mobile", "birthDate",
	NULL
};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct directory_walk w;
	static bool started;
	const uint8_t *locked;
	size_t len = 0;

	if (!started)
		directory_start("dialect = \"openldap\"; person_filter = \"(objectClass=person)\";"
		    "login_attributes = ( \"uid\", \"mail\" );"
		    "policy = \"cn=policy,dc=linde,dc=nl\";"
		    "protected_groups = ( \"cn=admins,dc=linde,dc=nl\" );", attributes);
	started = true;
	directory_walk(data, size, &w);
	if (w.found.verdict == VERDICT_OK) {
		locked = directory_value("pwdAccountLockedTime", 0, &len);
		MUST(locked == NULL || len != 13 || memcmp(locked, "000001010000Z", len) != 0);
	}
	if (w.asked_to_set && w.set.verdict == VERDICT_OK)
		MUST(directory_done() > 0);
	return 0;
}
